#include "store/log/store_lock.hpp"

#include "base/error.hpp"
#include "files/file_paths.hpp"
#include "files/new_file.hpp"
#include "files/posix_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace attnpaths {

namespace {

/// Content of a lock file: nothing if there is none, and "" if it cannot be one.
std::optional<std::string> read_text(const std::string& path) {
    if (!file_state(path)) return std::nullopt;
    constexpr std::size_t longest = 4096;  // locks have a tenth of that
    try {
        const PosixFile file = PosixFile::open(path);
        std::string text(longest + 1, '\0');
        text.resize(file.read_at(0, text.data(), text.size()));
        return text.size() > longest ? std::string() : text;
    } catch (const InputError&) {
        // Released in between; or a pipe, a folder, a link to nowhere, somebody else's private file.
        return file_state(path) ? std::optional<std::string>("") : std::nullopt;
    }
}

/// A file with our text under a name that nobody else uses or can guess; linking or renaming it makes it the
/// lock at one stroke.
class Claim {
  public:
    Claim(const std::string& lock_path, const std::string& text)
        : file_(lock_path, NewFile::Links::replaced) {
        file_.file().write_at(0, text);
    }
    [[nodiscard]] const std::string& path() const { return file_.temporary(); }
    /// Whether the lock is this very file.
    [[nodiscard]] bool is(const std::string& lock_path) {
        const std::optional<FileState> lock = file_state(lock_path);
        return lock && *lock == file_.file().state();
    }
    void replace_lock() { file_.commit(); }

  private:
    NewFile file_;
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
bool create_lock(const std::string& path, Claim& claim, const std::string& text) {
    if (::link(claim.path().c_str(), path.c_str()) == 0) return true;
    // Network file systems may say so although they did it.
    if (errno == EEXIST) return claim.is(path);
    // File systems without links: exclusive creation. A reader may then see the lock before its text.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) return false;
    if (descriptor < 0)
        throw CreateError(
            fmt::format("{}: cannot be created: {}; choose a folder that exists and can be written", path,
                        std::strerror(errno)));
    const bool whole = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const std::string reason = std::strerror(errno);
    ::close(descriptor);
    if (!whole) {
        remove_file(path);
        throw OutputError(fmt::format("{}: writing failed: {}", path, reason));
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

/// How many locks that guard the taking over of another may be stale themselves.
constexpr int deepest = 4;

std::string takeover_of(const std::string& lock) {
    return lock + ".takeover";
}

/// Takes the lock `path` for `owner`, replacing one whose owner is gone. Two processes may find the same
/// stale lock; only the one that holds `path`.takeover may replace it, and looks again first. That second
/// lock may itself be stale.
/// @returns what was taken over, "" if nothing
std::string take(const std::string& store, const std::string& path, std::string_view holder,
                 const std::string& text, int depth) {
    Claim claim(path, text);
    for (int attempt = 0; attempt < 100; ++attempt) {
        if (create_lock(path, claim, text)) return "";
        const std::optional<std::string> found = read_text(path);
        if (!found) continue;  // released in between
        const std::optional<LockOwner> owner = parse_lock(*found);
        if (!owner || liveness(*owner) != Liveness::gone || depth == deepest)
            refuse(store, path, holder, owner);
        const std::string takeover = takeover_of(path);
        take(store, takeover, holder, text, depth + 1);
        const Removal release(takeover);
        if (read_text(path) != found) continue;
        claim.replace_lock();
        return fmt::format("{}: took over the lock of a {} that is gone (pid {} on host {} since {})", store,
                           holder, owner->pid, owner->host, owner->since);
    }
    throw UsageError(
        fmt::format("{}: changes all the time; other {}s are starting on the same file", path, holder));
}

}  // namespace

StoreLock::StoreLock(const std::string& store_path, std::string_view holder)
    : path_(store_path + ".lock"), text_(lock_text(this_process())) {
    require_writable_folder_of(store_path);
    note_ = take(store_path, path_, holder, text_, 0);
    std::string lock = path_;
    for (int depth = 0; depth <= deepest; ++depth, lock = takeover_of(lock)) remove_abandoned_files(lock);
}

void StoreLock::check_held() const {
    const std::optional<std::string> found = read_text(path_);
    if (found == text_) return;
    const std::optional<LockOwner> owner = parse_lock(found.value_or(""));
    throw OutputError(fmt::format(
        "{}: {}; stopped before anything more is written, and the same command goes on", path_,
        !found   ? std::string("was removed while this sweep held it, so that another one may use the store")
        : !owner ? std::string("was replaced while this sweep held it")
                 : fmt::format("belongs to another sweep now (pid {} on host {} since {})", owner->pid,
                               owner->host, owner->since)));
}

StoreLock::~StoreLock() {
    // Only our own: the user may have removed it and started another sweep.
    try {
        if (!path_.empty() && read_text(path_) == text_) remove_file(path_);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the next sweep sees that this one is gone
    }
}

std::optional<LockOwner> lock_owner(const std::string& store_path) {
    const std::optional<std::string> text = read_text(store_path + ".lock");
    if (!text) return std::nullopt;
    LockOwner unnamed;
    unnamed.host = "unknown";
    return parse_lock(*text).value_or(unnamed);
}

}  // namespace attnpaths
