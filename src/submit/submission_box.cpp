#include "submit/submission_box.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/printable.hpp"
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
constexpr const char* submission_end = ".json";
constexpr const char* rejected_end = ".rejected";

/// Texts that are no UTF-8 are given back with replacement characters rather than refused.
std::string dumped(const nlohmann::json& json, int indent = -1) {
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

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

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_reason = 1000;
constexpr std::size_t longest_file_name = 120;

/// How deep brackets are nested: a parser's own limit would come too late for whoever walks over its result.
int nesting_of(std::string_view json) {
    int depth = 0;
    int deepest = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_text) {
            if (c == '\\') ++i;
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

nlohmann::json read_json(const PosixFile& file) {
    const std::string& path = file.path();
    const std::uint64_t size = file.size();
    if (size > SubmissionBox::most_bytes)
        throw DataError(fmt::format("{}: has {} bytes, a submission has {} at most", path, size,
                                    SubmissionBox::most_bytes));
    std::string text(size, '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    if (nesting_of(text) > SubmissionBox::deepest_nesting)
        throw DataError(fmt::format("{}: is nested more than {} deep, which no submission is", path,
                                    SubmissionBox::deepest_nesting));
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", nlohmann::json()) != format_name)
        throw DataError(fmt::format("{}: is not a whole submission of attnpaths submit", path));
    if (json.value("version", nlohmann::json()) != format_version)
        throw DataError(fmt::format(
            "{}: is a submission of version {}, but this program reads version {}", path,
            printable(dumped(json.value("version", nlohmann::json())), longest_name), format_version));
    return json;
}

std::string text_at(const nlohmann::json& json, const char* name, const std::string& path) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string())
        throw DataError(
            fmt::format("{}: is not a whole submission of attnpaths submit: no \"{}\"", path, name));
    return found->get<std::string>();
}

std::string user_name(uid_t user) {
    const passwd* entry = ::getpwuid(user);
    return entry != nullptr ? std::string(entry->pw_name) : std::to_string(user);
}

std::string owner_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? user_name(status.st_uid) : "unknown";
}

/// Who asked: the system's word for the user, the file's own for the host.
std::string requested_by(const PosixFile& file, const nlohmann::json& json) {
    const std::string declared = text_at(json, "asked_by", file.path());
    const std::size_t at = declared.rfind('@');
    const std::string host = at == std::string::npos ? "unknown" : declared.substr(at + 1);
    return printable(fmt::format("{}@{}", user_name(file.owner()), host), longest_name);
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
            opened().set_mode(mode | S_IRWXU);
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

Folder SubmissionBox::opened() const {
    std::optional<Folder> folder = Folder::open_if_present(folder_);
    if (!folder) throw InputError(folder_ + ": there is no such folder");
    return std::move(*folder);
}

std::string SubmissionBox::put(const std::string& requested_by, const std::string& parts,
                               const std::vector<std::string>& keys, const std::vector<std::string>& plans,
                               const std::vector<std::size_t>& plan_of) const {
    std::string id = new_id();
    nlohmann::json json = {{"format", format_name},
                           {"version", format_version},
                           {"id", id},
                           {"asked_by", requested_by},
                           {"at", utc_text(now_seconds())},
                           {"parts", nlohmann::json::parse(parts)},
                           {"keys", keys}};
    if (!plans.empty()) json["plans"] = plans;
    if (plans.size() > 1) json["plan_of"] = plan_of;
    const std::string text = json.dump(1) + "\n";
    for (int attempt = 0;; ++attempt) {
        make_folder();
        try {
            opened().write(id + submission_end, text, true);
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
    const std::optional<Folder> folder = Folder::open_if_present(folder_);
    if (!folder) return listing;
    for (const std::string& name : folder->names()) {
        if (name.starts_with(".")) continue;  // being written
        const auto is_of = [&](std::string_view end) {
            return name.ends_with(end) && name.size() <= longest_file_name;
        };
        const std::string stem = std::filesystem::path(name).stem().string();
        if (is_of(submission_end))
            listing.submissions.push_back(stem);
        else if (is_of(rejected_end))
            listing.rejected.push_back(stem);
        else
            listing.foreign.push_back(name);
    }
    for (std::vector<std::string>* names : {&listing.submissions, &listing.rejected, &listing.foreign})
        std::sort(names->begin(), names->end());
    return listing;
}

Submission SubmissionBox::read(const std::string& id) const {
    const PosixFile file = opened().open(id + submission_end);
    const nlohmann::json json = read_json(file);
    Submission submission;
    submission.id = id;
    submission.requested_by = requested_by(file, json);
    submission.at = printable(text_at(json, "at", file.path()), longest_name);
    submission.parts = dumped(json.value("parts", nlohmann::json()));
    const nlohmann::json keys = json.value("keys", nlohmann::json::array());
    if (!keys.is_array() || keys.size() > most_points)
        throw DataError(fmt::format("{}: asks for more than {} points", file.path(), most_points));
    for (const nlohmann::json& key : keys)
        if (key.is_string()) submission.keys.push_back(key.get<std::string>());
    for (const nlohmann::json& plan : json.value("plans", nlohmann::json::array()))
        if (plan.is_string()) submission.plans.push_back(plan.get<std::string>());
    for (const nlohmann::json& number : json.value("plan_of", nlohmann::json::array()))
        if (number.is_number_unsigned()) submission.plan_of.push_back(number.get<std::size_t>());
    return submission;
}

RejectedSubmission SubmissionBox::read_rejected(const std::string& id) const {
    const PosixFile file = opened().open(id + rejected_end);
    const nlohmann::json json = read_json(file);
    return {id, printable(text_at(json, "asked_by", file.path()), longest_name),
            printable(text_at(json, "rejected", file.path()), longest_reason)};
}

double SubmissionBox::age(const std::string& id) const {
    return now_seconds() - opened().open(id + submission_end).changed();
}

void SubmissionBox::remove(const std::string& id) const {
    opened().remove(id + submission_end);
}

void SubmissionBox::reject(const std::string& id, const std::string& reason) const {
    const Folder folder = opened();
    nlohmann::json json = {{"format", format_name}, {"version", format_version}, {"id", id}};
    try {
        const PosixFile file = folder.open(id + submission_end);
        json["asked_by"] = fmt::format("{}@unknown", user_name(file.owner()));
        // What can be read is kept, for whoever wants to mend and submit it again.
        json = read_json(file);
        json["asked_by"] = requested_by(file, json);
    } catch (const Error&) {
        json.emplace("asked_by", "unknown@unknown");
    }
    json["rejected"] = printable(reason, longest_reason);
    json["rejected_at"] = utc_text(now_seconds());
    folder.write(id + rejected_end, dumped(json, 1) + "\n", true);
    folder.remove(id + submission_end);
}

void SubmissionBox::remove_if_empty() const noexcept {
    ::rmdir(folder_.c_str());
}

}  // namespace attnpaths
