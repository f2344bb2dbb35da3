#include "run/run_sweep.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"
#include "base/this_user.hpp"
#include "farm/attended_work.hpp"
#include "farm/batch_job.hpp"
#include "farm/duration.hpp"
#include "farm/launch.hpp"
#include "farm/liveness_link.hpp"
#include "farm/liveness_monitor.hpp"
#include "farm/mpi.hpp"
#include "farm/stop_request.hpp"
#include "files/present_failure.hpp"
#include "run/cost_model.hpp"
#include "run/master.hpp"
#include "run/plan_text.hpp"
#include "run/run_alone.hpp"
#include "run/start_message.hpp"
#include "run/worker.hpp"
#include "store/store.hpp"
#include "store/store_view.hpp"
#include "submit/submission_feed.hpp"
#include "submit/submissions.hpp"
#include "sweep/data_notes.hpp"
#include "sweep/missing_points.hpp"
#include "sweep/sweep_parts.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>

namespace attnpaths {

namespace {

/// When the run must be over: by its own time limit or by the end of its batch job, whichever comes first.
Deadline deadline_of(const RunConfiguration& run) {
    constexpr double largest_part = 0.1;  // that the margin may be of a short job
    const BatchJob job = batch_job();
    if (!job.doubt.empty()) print_error("attnpaths sweep: note: {}\n", job.doubt);
    const double of_job = job.seconds_left - std::min(run.time_margin, largest_part * job.seconds_left);
    return run.time_limit <= of_job
               ? Deadline(run.time_limit)
               : Deadline(of_job, fmt::format("the end of Slurm job {} (SLURM_JOB_END_TIME)", job.id));
}

/// A worker's run: everything it needs comes from the master, except data sets, which it reads itself.
void serve(const mpi::Communicator& world) {
    std::string text;
    world.broadcast(text);
    if (text.empty()) return;
    const StartMessage start = decode_start(text);
    LivenessLink liveness(start.invitation, world.rank());
    run_worker(world, start, liveness);
}

/// What a sweep is to compute.
struct Work {
    std::vector<Configuration> parts;
    std::vector<GridPoint> points;
};

/// Reads the data and lists the points of this run's shard. @throws Error if it was stopped meanwhile
Work load_work(AttendedWork& computation, std::vector<PartSettings> settings) {
    StopGrace grace;
    std::optional<Work> work = computation.result_of(
        [settings = std::move(settings)] {
            Work loaded{load_parts(settings), {}};
            loaded.points = points_of_shard(grid_points(loaded.parts), loaded.parts.front().run.shard);
            return loaded;
        },
        [&] { return grace.has_passed(stop_request() == StopRequest::now); });
    if (!work)
        throw Error(
            ExitCode::stopped_with_work,
            fmt::format("stopped by {} before the first point; the same command goes on", stop_signal()));
    return std::move(*work);
}

/// Whether settings have no key of a grid, its points or their task.
bool have_no_grid(const std::vector<PartSettings>& parts) {
    const auto& values = parts.front().settings.values();
    return parts.size() == 1 && std::all_of(values.begin(), values.end(),
                                            [](const auto& entry) { return concerns_the_run(entry.first); });
}

class MasterRun {
  public:
    MasterRun(const mpi::Communicator& world, const SweepOptions& options)
        : world_(world), options_(options) {}

    int run(const std::function<std::vector<PartSettings>()>& read_settings) {
        std::vector<PartSettings> parts = read_settings();
        std::vector<GridPoint> points;
        if (options_.wait && have_no_grid(parts)) {
            if (!parts.front().settings.has("store.file"))
                throw UsageError(
                    "--wait without a grid needs the store that points will be submitted to: --store FILE");
            common_ = read_run_configuration(std::move(parts.front().settings));
        } else {
            Work work = load_work(computation_, std::move(parts));
            parts_ = std::move(work.parts);
            points = std::move(work.points);
            common_ = parts_.front();
        }
        deadline_ = deadline_of(common_.run);
        for (GridPoint& point : points) point.requested_by = this_user();
        for (const std::string& note : data_notes(parts_)) print_error("attnpaths sweep: note: {}\n", note);
        if (options_.dry_run) {
            print_plan(common_.store, parts_, points);
            release_workers();
            return 0;
        }
        return run(points);
    }

  private:
    int run(const std::vector<GridPoint>& points) {
        SweepPlan plan;
        for (const GridPoint& point : points) plan.keys.push_back(point.key);
        plan.configuration = configuration_text(parts_, common_);
        plan.program_version = program_version;
        plan.git_hash = git_hash;
        plan.ranks = world_.size();
        Store store = Store::open(common_.store, plan);
        for (const std::string& warning : store.warnings())
            print_error("attnpaths sweep: note: {}\n", printable(warning));
        const std::vector<GridPoint> missing = missing_points(store, points, options_.retry_failed);
        const std::size_t failed = count(store, plan.keys, PointState::Status::failed);
        announce(points.size(), points.size() - missing.size(), lacks_text(store, missing));
        if (const std::string losses = losses_text(store, missing); !losses.empty())
            print_error("attnpaths sweep: note: {}: {}\n", common_.store, losses);
        NominalCost work;
        for (const GridPoint& point : missing) work += point.cost;
        Progress progress(options_.progress, points.size(), points.size() - missing.size(), failed,
                          work.seconds());
        Submissions submissions(store.path(), common_.settings.values().at("run.memory_per_rank"),
                                [&](const std::string& line) { progress.message(line); });
        SubmissionFeed feed(store, submissions, progress, points, options_.wait);
        CostModel costs;
        if (!missing.empty()) {
            const StoreView finished = read_whole_store(store.path());
            costs.learn(finished);
            note_costs(store, finished, work);
            print_sampling_time(missing, costs, std::max(1, world_.size() - 1));
        }
        feed.look();
        RunSummary summary;
        const bool has_work = !missing.empty() || feed.has_new_points() || feed.waits();
        // With nothing to do the finished points are not even looked at.
        if (has_work && missing.empty()) costs.learn(read_whole_store(store.path()));
        if (!has_work) {
            release_workers();
        } else if (world_.size() == 1) {
            summary = run_alone(computation_, std::make_shared<PartsSolver>(parts_), store, missing, costs,
                                feed, common_.run, deadline_, progress);
        } else {
            LivenessMonitor liveness_monitor(all_ranks_are_here(world_.size())
                                                 ? LivenessMonitor::Reach::this_machine
                                                 : LivenessMonitor::Reach::any_machine);
            note_descriptors(progress);
            std::string start = encode_start({encodable(parts_), common_.run.checkpoint_period,
                                              deadline_.left(), liveness_monitor.invitation()});
            world_.broadcast(start);
            released_ = true;
            summary = run_master(world_, store, missing, costs, feed, deadline_, progress, liveness_monitor,
                                 common_.run.point_limit);
        }
        if (has_work) store.note_end(summary.times);
        store.sync();
        progress.show(has_work);
        feed.close();
        store.compact();
        left_workers_behind_ = summary.left_workers_behind;
        return report(store, feed.wanted(), summary, progress);
    }

    /// Every rank needs a connection or two of the master's.
    void note_descriptors(Progress& progress) const {
        constexpr std::uint64_t own = 64;  // files, libraries, and connections that prove to be nobody's
        constexpr std::uint64_t per_rank = 2;
        const std::uint64_t limit = raise_descriptor_limit();
        const std::uint64_t serves = limit > own ? (limit - own) / per_rank : 0;
        if (static_cast<std::uint64_t>(world_.size()) > serves)
            progress.message(fmt::format(
                "note: this machine's limit of {} open files serves {} ranks, and there are {}; raise it "
                "(ulimit -n) if workers cannot connect",
                limit, serves, world_.size()));
    }

    void announce(std::size_t total, std::size_t present, const std::string& lacks) const {
        const int workers = std::max(1, world_.size() - 1);
        print_output("attnpaths {}: {}", program_version, count_text(total));
        if (present > 0) print_output(", {} of them in {} already", present, common_.store);
        if (!lacks.empty()) print_output(", {}", lacks);
        if (options_.wait) print_output("; waits for submissions to {}", common_.store);
        if (present < total || options_.wait) print_output("; {} worker{}", workers, workers == 1 ? "" : "s");
        print_output("\n");
        static_cast<void>(std::fflush(stdout));
    }

    static std::size_t count(const Store& store, const std::vector<std::string>& keys,
                             PointState::Status status) {
        std::size_t number = 0;
        for (const std::string& key : keys) {
            const PointState* state = store.find(key);
            number += state != nullptr && state->status == status ? 1 : 0;
        }
        return number;
    }

    int report(const Store& store, const std::vector<std::string>& keys, const RunSummary& summary,
               const Progress& progress) const {
        const std::size_t done = count(store, keys, PointState::Status::done);
        const std::size_t failed = count(store, keys, PointState::Status::failed);
        print_output("{}: {} of {} done", common_.store, done, count_text(keys.size()));
        if (failed > 0)
            print_output(", {} failed (attnpaths show {} tells why; --retry-failed tries again)", failed,
                         common_.store);
        print_output(" in {}\n", duration_text(progress.seconds()));
        if (summary.stopped) {
            print_output("stopped by {} with {} left; the same command goes on\n", summary.stop_reason,
                         count_text(keys.size() - done - failed));
            return static_cast<int>(ExitCode::stopped_with_work);
        }
        // Whoever waits for submissions has done its part; who asked for a point sees that it failed.
        return failed > 0 && !options_.wait ? static_cast<int>(ExitCode::internal) : 0;
    }

  public:
    /// Tells workers that wait for the start that there is nothing to do.
    void release_workers() {
        if (released_ || world_.size() == 1) return;
        std::string nothing;
        world_.broadcast(nothing);
        released_ = true;
    }
    [[nodiscard]] bool workers_wait_for_start() const { return !released_; }
    [[nodiscard]] bool left_workers_behind() const { return left_workers_behind_; }

  private:
    const mpi::Communicator& world_;
    const SweepOptions& options_;
    AttendedWork computation_;
    std::vector<Configuration> parts_;
    Configuration common_;  // what concerns the run, the same in all parts
    Deadline deadline_;
    bool released_ = false;
    bool left_workers_behind_ = false;
};

}  // namespace

int run_sweep(const std::function<std::vector<PartSettings>()>& read_settings, const SweepOptions& options) {
    watch_signals();
    const mpi::Communicator world;
    MasterRun master(world, options);
    int code = 0;
    try {
        if (!world.is_master()) {
            serve(world);
            return 0;
        }
        code = master.run(read_settings);
        if (!master.left_workers_behind()) return code;
        // The store is closed. MPI_Finalize would wait for the workers, so that the launch is ended instead.
        static_cast<void>(std::fflush(nullptr));
    } catch (const std::exception&) {
        const Failure failure = present_failure();
        print_error("attnpaths sweep: {}\n", printable(failure.message));
        static_cast<void>(std::fflush(nullptr));
        code = static_cast<int>(failure.code);
    }
    // Before the start the others only wait for a word of the master; later they may be anywhere.
    if (world.size() > 1 && !(world.is_master() && master.workers_wait_for_start())) world.abort(code);
    master.release_workers();
    return code;
}

}  // namespace attnpaths
