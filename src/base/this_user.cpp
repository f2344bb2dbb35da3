#include "base/this_user.hpp"

#include "base/host_name.hpp"

#include <fmt/format.h>

#include <array>
#include <pwd.h>
#include <unistd.h>

namespace attnpaths {

std::string this_user() {
    // Not $USER, which anybody can set to any name.
    const uid_t account = ::geteuid();
    std::array<char, 16384> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(account, &entry, buffer.data(), buffer.size(), &found);
    return fmt::format("{}@{}", found != nullptr ? std::string(found->pw_name) : std::to_string(account),
                       host_name());
}

}  // namespace attnpaths
