#include "sweep/sweep.hpp"

#include "base/error.hpp"
#include "runtime/batch_job.hpp"
#include "runtime/duration.hpp"
#include "runtime/mpi.hpp"
#include "runtime/stop_request.hpp"
#include "store/clock.hpp"
#include "store/store.hpp"
#include "store/store_view.hpp"
#include "sweep/cost_model.hpp"
#include "sweep/master.hpp"
#include "sweep/run_alone.hpp"
#include "sweep/sweep_parts.hpp"
#include "sweep/worker.hpp"
#include "version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <new>

namespace attnpaths {

namespace {

/// What the master tells every worker before the first point; an empty text means: there is nothing to do.
struct Start {
    std::vector<PartSettings> parts;
    std::vector<std::string> contents;  // hash of each part's data
    double seconds_left = 0;
};

std::string encode_start(const std::vector<SweepPart>& parts, const Deadline& deadline) {
    nlohmann::json start;
    for (const SweepPart& part : parts) {
        nlohmann::json entry;
        entry["name"] = part.configuration.part;
        for (const auto& [key, setting] : part.configuration.settings.values())
            entry["settings"][key] = {setting.text, setting.where};
        entry["content"] = part.configuration.task.content;
        start["parts"].push_back(std::move(entry));
    }
    if (std::isfinite(deadline.left())) start["seconds_left"] = deadline.left();
    return start.dump();
}

Start decode_start(const std::string& text) {
    const nlohmann::json start = nlohmann::json::parse(text);
    Start result;
    for (const nlohmann::json& entry : start["parts"]) {
        PartSettings part{entry["name"].get<std::string>(), Settings()};
        for (const auto& [key, value] : entry["settings"].items())
            part.settings.set(key, {value[0].get<std::string>(), value[1].get<std::string>()});
        result.parts.push_back(std::move(part));
        result.contents.push_back(entry["content"].get<std::string>());
    }
    result.seconds_left = start.value("seconds_left", std::numeric_limits<double>::infinity());
    return result;
}

Deadline deadline_of(double seconds_left) {
    return std::isfinite(seconds_left) ? Deadline(seconds_left) : Deadline();
}

/// What the run may take: its own time limit and what is left of the batch job, whichever is less.
double seconds_allowed(const Configuration& configuration) {
    constexpr double largest_part = 0.1;  // that the margin may be of a short job
    double seconds = std::numeric_limits<double>::infinity();
    if (configuration.settings.has("run.time_limit"))
        seconds = parse_duration(configuration.settings.text("run.time_limit"));
    const double job = batch_job_seconds_left();
    return std::min(seconds, job - std::min(configuration.run.time_margin, largest_part * job));
}

/// A worker's run: everything it needs comes from the master, except data sets, which it reads itself.
void serve(const mpi::Communicator& world) {
    std::string text;
    world.broadcast(text);
    if (text.empty()) return;
    const Start start = decode_start(text);
    std::vector<SweepPart> parts = load_parts(start.parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].configuration.task.content != start.contents[i])
            throw DataError(fmt::format(
                "{}: rank {} on {} reads other data than the master; put one and the same file where all "
                "nodes see it",
                parts[i].configuration.task.file, world.rank(), host_name()));
    const double checkpoint_period = parts.front().configuration.run.checkpoint_period;
    PartsSolver solver(std::move(parts));
    run_worker(world, solver, deadline_of(start.seconds_left), checkpoint_period);
}

/// Points that still have to be computed, by what the store knows. A point that was in flight in three runs
/// that died is entered as failed and left alone.
std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed) {
    constexpr int most_strikes = 3;
    std::vector<GridPoint> missing;
    for (const GridPoint& point : points) {
        const PointState* state = store.find(point.key);
        if (state != nullptr && state->status == PointState::Status::done) continue;
        if (state != nullptr && state->status == PointState::Status::failed && !retry_failed) continue;
        if (state != nullptr && state->strikes >= most_strikes && !retry_failed) {
            Record record = describe_point(point);
            record["point/status"] = std::string("failed");
            record["point/message"] =
                fmt::format("in flight in {} runs that died: {}", state->strikes, state->last_strike);
            store.finish(record);
            continue;
        }
        missing.push_back(point);
    }
    return missing;
}

/// Notes what all points planned cost: those that are finished and those that are missing.
void note_costs(Store& store, const StoreView& finished, const std::vector<GridPoint>& missing) {
    NominalCost sum;
    const auto add = [](double& total, const std::vector<double>& costs) {
        for (const double cost : costs)
            if (std::isfinite(cost)) total += cost;
    };
    add(sum.theory, finished.reals("point/nominal_theory"));
    add(sum.sampling, finished.reals("point/nominal_sampling"));
    for (const GridPoint& point : missing) {
        sum.theory += point.cost.theory;
        sum.sampling += point.cost.sampling;
    }
    store.note_costs(sum.theory, sum.sampling);
}

std::string count_text(std::size_t points) {
    return fmt::format("{} point{}", points, points == 1 ? "" : "s");
}

void print_plan(const std::vector<SweepPart>& parts, const std::vector<GridPoint>& points) {
    fmt::print("{} for {}\n", count_text(points.size()), parts.front().configuration.store);
    for (const SweepPart& part : parts) {
        const Configuration& configuration = part.configuration;
        const Index N0 = input_width(configuration, part.dataset.get());
        std::map<std::string, std::pair<std::size_t, double>> by_storage;
        const GridPoint* first = nullptr;
        const GridPoint* last = nullptr;
        for (const GridPoint& point : points) {
            if (point.part != configuration.part) continue;
            const KernelStorage storage = kernel_storage(configuration.point, point, N0);
            auto& [count, bytes] = by_storage[to_text(storage)];
            ++count;
            bytes = std::max(bytes, kernel_bytes(point, N0, storage));
            if (first == nullptr) first = &point;
            last = &point;
        }
        if (!configuration.part.empty()) fmt::print("part {}\n", configuration.part);
        for (const auto& [storage, entry] : by_storage)
            fmt::print("  {} evaluated from {}, at most {:.1f} MiB each\n", entry.first, storage,
                       entry.second / 1048576);
        if (!configuration.point.sampling.methods.empty())
            fmt::print("  sampled by {}\n", fmt::join(configuration.point.sampling.methods, " and "));
        if (first == nullptr) continue;
        fmt::print("  first: {}\n", point_text(*first));
        fmt::print("  last:  {}\n", point_text(*last));
    }
}

/// The whole configuration as it is stored with the results.
std::string configuration_text(const std::vector<SweepPart>& parts) {
    std::string text;
    for (const SweepPart& part : parts) {
        if (!part.configuration.part.empty()) text += fmt::format("[part {}]\n", part.configuration.part);
        text += part.configuration.settings.to_text();
    }
    return text;
}

class MasterRun {
  public:
    MasterRun(const mpi::Communicator& world, const SweepOptions& options)
        : world_(world), options_(options) {}

    int run(const std::function<std::vector<PartSettings>()>& read_settings) {
        parts_ = load_parts(read_settings());
        deadline_ = deadline_of(seconds_allowed(common()));
        const std::vector<GridPoint> points = points_of_shard(grid_points(parts_), common().run.shard);
        if (options_.dry_run) {
            print_plan(parts_, points);
            release_workers();
            return 0;
        }
        return run(points);
    }

  private:
    int run(const std::vector<GridPoint>& points) {
        SweepPlan plan;
        for (const GridPoint& point : points) plan.keys.push_back(point.key);
        plan.configuration = configuration_text(parts_);
        plan.program_version = program_version;
        plan.git_hash = git_hash;
        plan.ranks = world_.size();
        Store store = Store::open(common().store, plan);
        for (const std::string& warning : store.warnings())
            fmt::print(stderr, "attnpaths sweep: note: {}\n", warning);
        const std::vector<GridPoint> missing = missing_points(store, points, options_.retry_failed);
        const std::size_t failed = count(store, points, PointState::Status::failed);
        announce(points.size(), points.size() - missing.size());
        Progress progress(options_.progress, points.size(), points.size() - missing.size(), failed);
        CostModel costs;
        const StoreView finished = read_store(store.path());
        costs.learn(finished);
        if (!missing.empty()) note_costs(store, finished, missing);
        RunSummary summary;
        if (missing.empty()) {
            release_workers();
        } else if (world_.size() == 1) {
            PartsSolver solver(parts_);
            summary =
                run_alone(solver, store, missing, costs, common().run.checkpoint_period, deadline_, progress);
        } else {
            std::string start = encode_start(parts_, deadline_);
            world_.broadcast(start);
            released_ = true;
            summary = run_master(world_, store, missing, costs, deadline_, progress);
        }
        if (!missing.empty()) store.note_end(summary.times);
        store.sync();
        progress.show(!missing.empty());
        store.compact();
        return report(store, points, summary, progress);
    }

    /// What concerns the run is the same in all parts.
    [[nodiscard]] const Configuration& common() const { return parts_.front().configuration; }

    void announce(std::size_t total, std::size_t present) const {
        const int workers = std::max(1, world_.size() - 1);
        fmt::print("attnpaths {}: {}", program_version, count_text(total));
        if (present > 0) fmt::print(", {} of them in {} already", present, common().store);
        if (present < total) fmt::print("; {} worker{}", workers, workers == 1 ? "" : "s");
        fmt::print("\n");
        static_cast<void>(std::fflush(stdout));
    }

    static std::size_t count(const Store& store, const std::vector<GridPoint>& points,
                             PointState::Status status) {
        std::size_t number = 0;
        for (const GridPoint& point : points) {
            const PointState* state = store.find(point.key);
            number += state != nullptr && state->status == status ? 1 : 0;
        }
        return number;
    }

    int report(const Store& store, const std::vector<GridPoint>& points, const RunSummary& summary,
               const Progress& progress) const {
        const std::size_t done = count(store, points, PointState::Status::done);
        const std::size_t failed = count(store, points, PointState::Status::failed);
        fmt::print("{}: {} of {} done", common().store, done, count_text(points.size()));
        if (failed > 0)
            fmt::print(", {} failed (attnpaths show {} tells why; --retry-failed tries again)", failed,
                       common().store);
        fmt::print(" in {}\n", duration_text(progress.seconds()));
        if (summary.stopped) {
            fmt::print("stopped by {} with {} left; the same command goes on\n", summary.stop_reason,
                       count_text(points.size() - done - failed));
            return static_cast<int>(ExitCode::stopped_with_work);
        }
        return failed > 0 ? static_cast<int>(ExitCode::internal) : 0;
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

  private:
    const mpi::Communicator& world_;
    const SweepOptions& options_;
    std::vector<SweepPart> parts_;
    Deadline deadline_;
    bool released_ = false;
};

int fail(const std::string& message, ExitCode code) {
    fmt::print(stderr, "attnpaths sweep: {}\n", message);
    static_cast<void>(std::fflush(nullptr));
    return static_cast<int>(code);
}

}  // namespace

int run_sweep(const std::function<std::vector<PartSettings>()>& read_settings, const SweepOptions& options) {
    watch_signals();
    const mpi::Communicator world;
    MasterRun master(world, options);
    int code = 0;
    try {
        if (world.is_master()) return master.run(read_settings);
        serve(world);
        return 0;
    } catch (const Error& error) {
        code = fail(error.what(), error.code());
    } catch (const std::bad_alloc&) {
        code = fail("out of memory", ExitCode::internal);
    } catch (const std::exception& error) {
        code = fail(fmt::format("internal error: {}", error.what()), ExitCode::internal);
    }
    // Before the start the others only wait for a word of the master; later they may be anywhere.
    if (world.size() > 1 && !(world.is_master() && master.workers_wait_for_start())) world.abort(code);
    master.release_workers();
    return code;
}

}  // namespace attnpaths
