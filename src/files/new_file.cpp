#include "files/new_file.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/text.hpp"
#include "files/file_paths.hpp"
#include "files/unpredictable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <unistd.h>

namespace attnpaths {

namespace {

/// This machine's name as a part of a file name.
std::string host_in_name() {
    std::string host = host_name();
    std::replace(host.begin(), host.end(), '/', '_');
    std::replace(host.begin(), host.end(), '.', '_');
    return host;
}

PosixFile create_temporary(const std::string& target) {
    std::error_code ignored;
    if (std::filesystem::is_directory(target, ignored))
        throw CreateError(target + ": is a folder; give the name of a file");
    return PosixFile::create_exclusively(
        fmt::format("{}.tmp.{}.{}.{:016x}", target, host_in_name(), ::getpid(), unpredictable_number()),
        target);
}

}  // namespace

NewFile::NewFile(const std::string& target, Links links)
    : target_(links == Links::followed ? followed_path(target) : target), file_(create_temporary(target_)) {}

NewFile::~NewFile() {
    if (!is_committed_) remove_file(file_.path());
}

void NewFile::commit() {
    file_.sync();
    file_.rename(target_);
    is_committed_ = true;
}

PosixFile NewFile::commit_and_release() {
    commit();
    return std::move(file_);
}

void remove_abandoned_files(const std::string& target) noexcept {
    try {
        const std::filesystem::path path = followed_path(target);
        const std::string prefix = fmt::format("{}.tmp.{}.", path.filename().string(), host_in_name());
        std::error_code error;
        const std::filesystem::path folder =
            path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
        std::filesystem::directory_iterator entries(folder, error);
        for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
            const std::string name = entries->path().filename().string();
            if (!name.starts_with(prefix)) continue;
            const std::string rest = name.substr(prefix.size());
            std::int64_t pid = 0;
            if (!parse_integer(rest.substr(0, rest.find('.')), pid) || pid <= 0) continue;
            if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH)
                remove_file(entries->path().string());
        }
    } catch (...) {  // NOLINT(bugprone-empty-catch): a left-over file is no reason to fail
    }
}

}  // namespace attnpaths
