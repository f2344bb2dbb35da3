#include "store/store_lock.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "files/file_paths.hpp"
#include "files/posix_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace attnpaths {

namespace {

std::optional<std::string> read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Our claim, whole, under a name that no other process uses; linking or renaming it makes it the lock at one
/// stroke.
class Claim {
  public:
    Claim(const std::string& lock_path, const LockOwner& owner, const std::string& text)
        : path_(fmt::format("{}.{}.{}", lock_path, owner.host, owner.pid)) {
        try {
            PosixFile::create(path_).write_at(0, text);
        } catch (...) {
            remove_file(path_);  // no destructor runs for what was never made
            throw;
        }
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() { remove_file(path_); }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// Removes a file, if it is there, at the end of its scope.
class Removal {
  public:
    explicit Removal(std::string path) : path_(std::move(path)) {}
    Removal(const Removal&) = delete;
    Removal& operator=(const Removal&) = delete;
    ~Removal() { remove_file(path_); }

  private:
    std::string path_;
};

/// Creates the lock unless it exists. @returns whether it did
bool create_lock(const std::string& path, const Claim& claim, const std::string& text) {
    if (::link(claim.path().c_str(), path.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    // File systems without links: exclusive creation. A reader may then see the lock before its text.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) return false;
    if (descriptor < 0)
        throw CreateError(
            fmt::format("{}: cannot be created: {}; choose a folder that exists and can be written", path,
                        std::strerror(errno)));
    const bool whole = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    if (!whole) {
        remove_file(path);
        throw OutputError(fmt::format("{}: writing failed: {}", path, std::strerror(errno)));
    }
    return true;
}

[[noreturn]] void refuse(const std::string& store, const std::string& lock, std::string_view holder,
                         const std::optional<LockOwner>& owner) {
    const std::string name = std::filesystem::path(lock).filename().string();
    if (!owner)
        throw UsageError(fmt::format(
            "{}: {} is there but does not say who made it; remove it if no {} uses it", store, name, holder));
    const std::string who = fmt::format("pid {} on host {} since {}", owner->pid, owner->host, owner->since);
    if (liveness(*owner) == Liveness::running)
        throw UsageError(
            fmt::format("{} is in use by another {} ({}); wait for it, or remove {} if that {} is gone",
                        store, holder, who, name, holder));
    throw UsageError(fmt::format(
        "{} may be in use by another {} ({}), which cannot be seen from this machine; wait for it, or "
        "remove {} if that {} is gone",
        store, holder, who, name, holder));
}

/// Takes the lock `path` for `owner`, replacing one whose owner is gone. Two processes may find the same
/// stale lock; only the one that holds `path`.takeover may replace it, and looks again first. That second
/// lock may itself be stale.
/// @returns what was taken over, "" if nothing
std::string take(const std::string& store, const std::string& path, std::string_view holder,
                 const std::string& text, const Claim& claim, int depth) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        if (create_lock(path, claim, text)) return "";
        const std::optional<std::string> found = read_text(path);
        if (!found) continue;  // released in between
        const std::optional<LockOwner> owner = parse_lock(*found);
        constexpr int deepest = 4;
        if (!owner || liveness(*owner) != Liveness::gone || depth == deepest)
            refuse(store, path, holder, owner);
        const std::string takeover = path + ".takeover";
        take(store, takeover, holder, text, claim, depth + 1);
        const Removal release(takeover);
        if (read_text(path) != found) continue;
        // A second file with our text, because the claim itself serves the other level.
        const std::string copy = claim.path() + ".copy";
        const Removal clean(copy);
        PosixFile::create(copy).write_at(0, text);
        if (std::rename(copy.c_str(), path.c_str()) != 0)
            throw CreateError(fmt::format("{}: cannot be replaced: {}", path, std::strerror(errno)));
        return fmt::format("{}: took over the lock of a {} that is gone (pid {} on host {} since {})", store,
                           holder, owner->pid, owner->host, owner->since);
    }
    throw UsageError(
        fmt::format("{}: changes all the time; other {}s are starting on the same file", path, holder));
}

/// Removes the claims of processes of this machine that died while they made one.
void remove_stale_claims(const std::string& lock_path, const std::string& host) {
    const std::filesystem::path lock(lock_path);
    const std::string prefix = fmt::format("{}.{}.", lock.filename().string(), host);
    std::error_code ignored;
    const std::filesystem::path folder =
        lock.has_parent_path() ? lock.parent_path() : std::filesystem::path(".");
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) continue;
        const std::string rest = name.substr(prefix.size());
        std::int64_t pid = 0;
        if (!parse_integer(rest.substr(0, rest.find('.')), pid) || pid <= 0) continue;
        if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) remove_file(entry.path().string());
    }
}

}  // namespace

StoreLock::StoreLock(const std::string& store_path, std::string_view holder) : path_(store_path + ".lock") {
    require_writable_folder_of(store_path);
    const LockOwner owner = this_process();
    text_ = lock_text(owner);
    const Claim claim(path_, owner, text_);
    note_ = take(store_path, path_, holder, text_, claim, 0);
    remove_stale_claims(path_, owner.host);
}

StoreLock::~StoreLock() {
    // Only our own: the user may have removed it and started another sweep.
    if (!path_.empty() && read_text(path_) == text_) remove_file(path_);
}

std::optional<LockOwner> lock_owner(const std::string& store_path) {
    const std::optional<std::string> text = read_text(store_path + ".lock");
    if (!text) return std::nullopt;
    LockOwner unnamed;
    unnamed.host = "unknown";
    return parse_lock(*text).value_or(unnamed);
}

}  // namespace attnpaths
