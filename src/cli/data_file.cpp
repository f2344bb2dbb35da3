#include "cli/data_file.hpp"

#include <filesystem>

namespace attnpaths::cli {

std::optional<std::string> data_file_of(const std::string& store, const std::string& task) {
    namespace fs = std::filesystem;
    const fs::path beside = fs::path(store).parent_path() / fs::path(task).filename();
    for (const fs::path& path : {fs::path(task), beside})
        if (fs::is_regular_file(path)) return path.string();
    return std::nullopt;
}

}  // namespace attnpaths::cli
