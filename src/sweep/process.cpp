#include "sweep/process.hpp"

#include <fmt/format.h>

#include <fstream>
#include <string>

namespace attnpaths {

bool is_alive(std::int64_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string stat;
    if (!std::getline(file, stat)) return false;
    // "pid (command) state ...": the command may hold blanks and brackets, so the state follows the last one.
    const std::size_t bracket = stat.rfind(')');
    return bracket != std::string::npos && bracket + 2 < stat.size() && stat[bracket + 2] != 'Z' &&
           stat[bracket + 2] != 'X';
}

}  // namespace attnpaths
