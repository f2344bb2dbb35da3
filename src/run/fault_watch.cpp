#include "run/fault_watch.hpp"

#include "base/error.hpp"
#include "run/overdue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

constexpr std::chrono::milliseconds look_interval{2};
/// Losses within this time of the first belong together. Open MPI ends the launch about 1 s after a death.
constexpr std::chrono::milliseconds one_instant{200};
constexpr double longest_answer = 10;  // seconds

/// "worker 3 (pid 123 on node2)"
std::string worker_text(int rank, const WorkerState& worker) {
    if (!worker.introduction) return fmt::format("worker {}", rank);
    return fmt::format("worker {} (pid {} on {})", rank, worker.introduction->pid, worker.introduction->host);
}

}  // namespace

FaultWatch::FaultWatch(LivenessMonitor& liveness_monitor, Store& store, PointPool& pool,
                       std::vector<WorkerState>& workers, mpi::Outbox& outbox, double point_limit)
    : liveness_(liveness_monitor),
      store_(store),
      pool_(pool),
      workers_(workers),
      outbox_(outbox),
      point_limit_(point_limit) {}

void FaultWatch::look() {
    const auto now = Clock::now();
    if (now - last_look_ < look_interval) return;
    last_look_ = now;
    look_for_losses();
    look_for_overdue_tasks();
}

std::int64_t FaultWatch::present_serial(int rank) const {
    const std::int64_t finished = workers_[static_cast<std::size_t>(rank)].finished;
    return std::max(finished, liveness_.serial_of(rank).value_or(finished));
}

std::string FaultWatch::blame(int rank, std::optional<std::int64_t> serial, const std::string& message) {
    const WorkerState& worker = workers_[static_cast<std::size_t>(rank)];
    // A task whose result is here is not to blame; a later one than was given does not exist.
    if (!serial || *serial < worker.finished) return "";
    const auto place = static_cast<std::size_t>(*serial - worker.finished);
    if (place >= worker.outstanding.size()) return "";
    const GridPoint& point = worker.outstanding[place].point;
    pool_.begin(point.key);
    pool_.lose_attempt(point.key, message);
    return " while computing " + point_text(point);
}

void FaultWatch::end_run(const std::string& message) {
    pool_.release_all();
    store_.sync();
    throw Error(ExitCode::stopped_with_work, message + "; the results so far are safe, run again to go on");
}

void FaultWatch::take(const Loss& loss) {
    const auto rank = static_cast<std::size_t>(loss.rank);
    if (loss.rank < 1 || rank >= workers_.size() || workers_[rank].left) return;
    if (losses_.empty()) first_loss_ = Clock::now();
    losses_.push_back(loss);
    // Nothing more is sent to it: Open MPI takes a send to a dead rank of another node for a fatal error.
    workers_[rank].stop = StopRequest::now;
    workers_[rank].asked_to_share = true;
    if (!loss.signal) return;
    // At once: where several workers die, Open MPI may end this process within milliseconds.
    const std::string message = worker_text(loss.rank, workers_[rank]) + " " + loss.what;
    faults_.push_back(message + blame(loss.rank, loss.serial, message));
    store_.sync();
}

void FaultWatch::look_for_losses() {
    for (const Loss& loss : liveness_.look()) take(loss);
    if (!losses_.empty() && Clock::now() - first_loss_ > one_instant) end_run(story());
}

std::string FaultWatch::story() {
    constexpr std::size_t most_told = 3;
    if (!faults_.empty()) {
        const std::size_t told = std::min(faults_.size(), most_told);
        std::string text = faults_.front();
        for (std::size_t i = 1; i < told; ++i) text += "; " + faults_[i];
        if (losses_.size() > told) text += fmt::format("; {} more died with it", losses_.size() - told);
        return text;
    }
    const Loss& first = losses_.front();
    const std::string message =
        worker_text(first.rank, workers_[static_cast<std::size_t>(first.rank)]) + " " + first.what;
    if (losses_.size() == 1) return message + blame(first.rank, first.serial, message);
    return fmt::format("{} workers vanished at once, which no point is to blame for; the first: {}",
                       losses_.size(), message);
}

void FaultWatch::look_for_overdue_tasks() {
    const auto now = Clock::now();
    const std::chrono::duration<double> limit(point_limit_);
    const std::chrono::duration<double> time_to_answer(std::min(longest_answer, point_limit_));
    for (int rank = 1; rank < static_cast<int>(workers_.size()); ++rank) {
        WorkerState& worker = workers_[static_cast<std::size_t>(rank)];
        if (!worker.is_at_work() || worker.left) continue;
        if (!worker.asked_to_give_up) {
            if (now - worker.last_news < limit) continue;
            outbox_.send(std::to_string(present_serial(rank)), rank, Tag::give_up);
            worker.asked_to_give_up = now;
        } else if (now - *worker.asked_to_give_up > time_to_answer) {
            const std::string message = fmt::format("{} {} and does not answer", worker_text(rank, worker),
                                                    overdue_text(point_limit_));
            end_run(message + blame(rank, present_serial(rank), message));
        }
    }
}

}  // namespace attnpaths
