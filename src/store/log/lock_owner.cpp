#include "store/log/lock_owner.hpp"

#include "base/host_name.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr const char* first_line = "attnpaths-lock 1";

std::string first_line_of(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

struct ProcessStatus {
    bool exists = false;
    std::string ticks;
};

/// Start ticks of a process; one that has ended and only waits for its parent counts as gone.
ProcessStatus process_status(long pid) {
    const std::string line = first_line_of(fmt::format("/proc/{}/stat", pid));
    // The name, second field, may hold blanks and brackets: count from the last bracket.
    const std::size_t bracket = line.rfind(')');
    if (bracket == std::string::npos) return {::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM, ""};
    const std::vector<std::string> fields = split(std::string_view(line).substr(bracket + 1), " ");
    constexpr std::size_t state_field = 0;
    constexpr std::size_t start_field = 19;
    if (fields.size() <= start_field) return {true, ""};
    return {fields[state_field] != "Z" && fields[state_field] != "X", fields[start_field]};
}

std::string pid_namespace() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

}  // namespace

LockOwner this_process() {
    LockOwner owner;
    owner.host = host_name();
    owner.pid = ::getpid();
    owner.since = utc_text(now_seconds());
    owner.ticks = process_status(owner.pid).ticks;
    owner.boot = first_line_of("/proc/sys/kernel/random/boot_id");
    owner.pid_namespace = pid_namespace();
    owner.job = environment("SLURM_JOB_ID");
    owner.job_restart = environment("SLURM_RESTART_COUNT");
    return owner;
}

std::string lock_text(const LockOwner& owner) {
    return fmt::format("{}\nhost {}\npid {}\nsince {}\nticks {}\nboot {}\nnamespace {}\njob {}\nrestart {}\n",
                       first_line, owner.host, owner.pid, owner.since, owner.ticks, owner.boot,
                       owner.pid_namespace, owner.job, owner.job_restart);
}

std::optional<LockOwner> parse_lock(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    if (!std::getline(lines, line) || line != first_line) return std::nullopt;
    std::map<std::string, std::string> fields;
    while (std::getline(lines, line)) {
        const std::size_t blank = line.find(' ');
        if (blank != std::string::npos) fields[line.substr(0, blank)] = line.substr(blank + 1);
    }
    std::int64_t pid = 0;
    if (!parse_integer(fields["pid"], pid) || pid <= 0 || fields["host"].empty()) return std::nullopt;
    return LockOwner{fields["host"], static_cast<long>(pid), fields["since"], fields["ticks"],
                     fields["boot"], fields["namespace"],    fields["job"],   fields["restart"]};
}

Liveness liveness(const LockOwner& owner) {
    const LockOwner here = this_process();
    if (!owner.job.empty() && owner.job == here.job && owner.job_restart != here.job_restart)
        return Liveness::gone;
    if (owner.host != here.host) return Liveness::unknown;
    if (owner.boot != here.boot) return Liveness::gone;
    if (owner.pid_namespace != here.pid_namespace) return Liveness::unknown;
    const ProcessStatus status = process_status(owner.pid);
    return status.exists && status.ticks == owner.ticks ? Liveness::running : Liveness::gone;
}

}  // namespace attnpaths
