#include "files/file_content.hpp"

#include "base/error.hpp"
#include "files/posix_file.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::string read_file_content(const std::string& path, std::uint64_t most) {
    const PosixFile file = PosixFile::open(path);
    const std::uint64_t size = file.size();
    if (size > most)
        throw DataError(fmt::format(
            "{}: {} bytes are more than such a file may have, {}; is it the right one?", path, size, most));
    std::string content(size, '\0');
    content.resize(file.read_at(0, content.data(), content.size()));
    return content;
}

}  // namespace attnpaths
