#include "store/submission_box.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "files/file_paths.hpp"
#include "files/posix_file.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr const char* format_name = "attnpaths-submission";
constexpr int format_version = 1;
constexpr std::uint64_t largest_file = std::uint64_t{256} << 20U;
constexpr const char* submission_end = ".json";
constexpr const char* rejected_end = ".rejected";

/// A name that no other submission has, on whatever machine, and that sorts by time.
std::string new_id() {
    static std::atomic<int> count{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    constexpr std::int64_t million = 1000000;
    const std::time_t seconds = microseconds / million;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    // Short enough for a text column of the store, and nothing in it that means something in a path.
    constexpr std::size_t longest_host = 20;
    std::string host = host_name().substr(0, longest_host);
    std::replace_if(
        host.begin(), host.end(), [](char c) { return c == '/' || c == '.'; }, '_');
    return fmt::format("{:%Y%m%dT%H%M%S}.{:06}Z-{}-{}-{}", parts, microseconds % million, host, ::getpid(),
                       count++);
}

/// A text of somebody else's for messages: of bounded length and without control characters.
std::string tame(std::string text, std::size_t longest) {
    if (text.size() > longest) text.resize(longest);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    return text;
}

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_reason = 1000;

nlohmann::json read_json(const std::string& path) {
    const PosixFile file = PosixFile::open(path);
    const std::uint64_t size = file.size();
    if (size > largest_file) throw DataError(fmt::format("{}: is too large for a submission", path));
    std::string text(size, '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", nlohmann::json()) != format_name)
        throw DataError(fmt::format("{}: is not a whole submission of attnpaths submit", path));
    if (json.value("version", nlohmann::json()) != format_version)
        throw DataError(fmt::format("{}: is a submission of version {}, but this program reads version {}",
                                    path, json.value("version", nlohmann::json()).dump(), format_version));
    return json;
}

std::string text_at(const nlohmann::json& json, const char* name, const std::string& path) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string())
        throw DataError(
            fmt::format("{}: is not a whole submission of attnpaths submit: no \"{}\"", path, name));
    return found->get<std::string>();
}

std::string owner_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return "unknown";
    const passwd* entry = ::getpwuid(status.st_uid);
    return entry != nullptr ? std::string(entry->pw_name) : std::to_string(status.st_uid);
}

}  // namespace

SubmissionBox::SubmissionBox(const std::string& store_path) : folder_(followed_path(store_path) + ".queue") {}

void SubmissionBox::make_folder() const {
    const std::filesystem::path parent = std::filesystem::path(folder_).parent_path();
    struct stat status {};
    if (::mkdir(folder_.c_str(), 0777) == 0) {
        if (::stat(parent.empty() ? "." : parent.c_str(), &status) == 0) {
            // Who may make files beside the store may make them here, whatever our umask says. A folder like
            // /tmp, where nobody may touch files of others, is no permission for all.
            mode_t mode = status.st_mode & 07777U;
            if ((mode & S_ISVTX) != 0) mode &= ~static_cast<mode_t>(S_ISVTX | S_IWOTH);
            static_cast<void>(::chmod(folder_.c_str(), mode | S_IRWXU));
        }
        sync_folder_of(folder_);
    } else if (errno != EEXIST) {
        throw CreateError(
            fmt::format("{}: cannot be made: {}; submitting needs a folder beside the store that "
                        "you can write",
                        folder_, std::strerror(errno)));
    }
    if (::access(folder_.c_str(), W_OK | X_OK) == 0) return;
    const std::string reason = std::strerror(errno);
    throw CreateError(fmt::format("{}: cannot be written: {}; ask its owner ({}) to let you (chmod g+w)",
                                  folder_, reason, owner_of(folder_)));
}

void SubmissionBox::write(const std::string& name, const std::string& text) const {
    const std::string temporary = path_of("." + name + ".tmp");
    try {
        PosixFile file = PosixFile::create(temporary);
        file.write_at(0, text);
        // The sweep may run as another user of the folder.
        struct stat folder {};
        if (::stat(folder_.c_str(), &folder) == 0) {
            if (::chown(temporary.c_str(), static_cast<uid_t>(-1), folder.st_gid) != 0) errno = 0;
            constexpr mode_t readers = S_IRGRP | S_IROTH;
            static_cast<void>(::chmod(temporary.c_str(), S_IRUSR | S_IWUSR | (folder.st_mode & readers)));
        }
        file.sync();
        file.rename(path_of(name));
    } catch (...) {
        remove_file(temporary);
        throw;
    }
}

std::string SubmissionBox::put(const std::string& asked_by, const std::string& parts,
                               const std::vector<std::string>& keys) const {
    std::string id = new_id();
    const nlohmann::json json = {
        {"format", format_name}, {"version", format_version},     {"id", id},
        {"asked_by", asked_by},  {"at", utc_text(now_seconds())}, {"parts", nlohmann::json::parse(parts)},
        {"keys", keys}};
    const std::string text = json.dump(1) + "\n";
    for (int attempt = 0;; ++attempt) {
        make_folder();
        try {
            write(id + submission_end, text);
            return id;
        } catch (const Error&) {
            // A sweep that ends removes the empty folder: perhaps between our two steps.
            constexpr int most_attempts = 5;
            if (attempt == most_attempts || path_exists(folder_)) throw;
        }
    }
}

SubmissionBox::Listing SubmissionBox::list() const {
    Listing listing;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder_, error);
    if (error == std::errc::no_such_file_or_directory) return listing;
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        if (name.starts_with(".")) continue;  // being written
        const std::string stem = entries->path().stem().string();
        if (name.ends_with(submission_end))
            listing.submissions.push_back(stem);
        else if (name.ends_with(rejected_end))
            listing.rejected.push_back(stem);
        else
            listing.foreign.push_back(name);
    }
    if (error) throw InputError(fmt::format("{}: cannot be read: {}", folder_, error.message()));
    for (std::vector<std::string>* names : {&listing.submissions, &listing.rejected, &listing.foreign})
        std::sort(names->begin(), names->end());
    return listing;
}

Submission SubmissionBox::read(const std::string& id) const {
    const std::string path = path_of(id + submission_end);
    const nlohmann::json json = read_json(path);
    Submission submission;
    submission.id = id;
    submission.asked_by = tame(text_at(json, "asked_by", path), longest_name);
    submission.at = tame(text_at(json, "at", path), longest_name);
    submission.parts = json.value("parts", nlohmann::json()).dump();
    const nlohmann::json keys = json.value("keys", nlohmann::json::array());
    for (const nlohmann::json& key : keys)
        if (key.is_string()) submission.keys.push_back(key.get<std::string>());
    return submission;
}

RejectedSubmission SubmissionBox::read_rejected(const std::string& id) const {
    const std::string path = path_of(id + rejected_end);
    const nlohmann::json json = read_json(path);
    return {id, tame(text_at(json, "asked_by", path), longest_name),
            tame(text_at(json, "rejected", path), longest_reason)};
}

void SubmissionBox::remove(const std::string& id) const {
    const std::string path = path_of(id + submission_end);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        throw OutputError(fmt::format("{}: cannot be removed: {}", path, std::strerror(errno)));
    sync_folder_of(path);
}

void SubmissionBox::reject(const std::string& id, const std::string& reason) const {
    nlohmann::json json = read_json(path_of(id + submission_end));
    json["rejected"] = reason;
    json["rejected_at"] = utc_text(now_seconds());
    write(id + rejected_end, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    remove(id);
}

void SubmissionBox::remove_if_empty() const noexcept {
    ::rmdir(folder_.c_str());
}

}  // namespace attnpaths
