#include "sweep/point_solver.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "store/columns.hpp"
#include "sweep/point_key.hpp"
#include "sweep/point_memory.hpp"
#include "sweep/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace attnpaths {

namespace {

constexpr const char* done = "done";
constexpr const char* failed = "failed";

}  // namespace

PointSolver::PointSolver(Configuration configuration)
    : configuration_(std::move(configuration)), problems_(configuration_) {}

const Record& PointSolver::shared_results(const Analysis& analysis, const std::string& key,
                                          const Problem& problem, Context& context) {
    if (present_ != problems_.present()) shared_.clear();
    present_ = problems_.present();
    auto known = shared_.find(key);
    if (known == shared_.end()) {
        Record own;
        analysis.run(problem, {}, own, context);
        known = shared_.emplace(key, std::move(own)).first;
    }
    return known->second;
}

std::string PointSolver::run_analysis(const Analysis& analysis, const std::string& key,
                                      const Problem& problem, Context& context, Record& record) {
    for (const std::string& need : analysis.needs)
        if (text_of(record, need + "/status") != done)
            return fmt::format("needs {}, which has no result", need);
    Record own;
    try {
        if (analysis.scope == Scope::kernels)
            own = shared_results(analysis, key, problem, context);
        else
            analysis.run(problem, record, own, context);
    } catch (const std::bad_alloc&) {
        return "out of memory";
    } catch (const std::exception& error) {
        return error.what();
    }
    record.merge(own);
    return "";
}

void PointSolver::run_plan(const GridPoint& point, const Problem& problem, Context& context, Record& record) {
    using Clock = std::chrono::steady_clock;
    for (const Analysis* analysis : configuration_.point.analyses) {
        context.hooks.poll();
        const Clock::time_point start = Clock::now();
        const std::string key = analysis_key(*analysis, configuration_, point, problem.dataset().input_width);
        const std::string message = run_analysis(*analysis, key, problem, context, record);
        const std::chrono::duration<double> elapsed = Clock::now() - start;
        record[analysis->name + "/status"] = std::string(message.empty() ? done : failed);
        record[analysis->name + "/message"] = message;
        record[analysis->name + "/key"] = key;
        record[analysis->name + "/seconds"] = elapsed.count();
        if (!message.empty() && text_of(record, "point/message").empty())
            record["point/message"] = fmt::format("{}: {}", analysis->name, message);
    }
}

void PointSolver::advance_chain(const ChainTask& task, const Problem& problem, Context& context) {
    const auto& plan = configuration_.point.analyses;
    const auto sampler = std::find_if(plan.begin(), plan.end(), [&](const Analysis* analysis) {
        return analysis->advance_chain != nullptr && analysis->sampler_name == task.method;
    });
    if (sampler == plan.end())
        throw Error(ExitCode::internal, fmt::format("there is no sampler \"{}\"", task.method));
    Record needed;
    for (auto analysis = plan.begin(); analysis != sampler; ++analysis) {
        const std::vector<std::string>& needs = (*sampler)->needs;
        if (std::find(needs.begin(), needs.end(), (*analysis)->name) == needs.end()) continue;
        context.hooks.poll();
        (*analysis)->run(problem, needed, needed, context);
    }
    (*sampler)->advance_chain(problem, needed, task.chain, context);
}

std::optional<Record> PointSolver::solve(const PointTask& task, const PointHooks& hooks,
                                         Checkpoint& checkpoint) {
    const GridPoint& point = task.point;
    checkpoint = task.checkpoint;
    const std::string source = configuration_.task->source();
    const std::string task_name = source.empty() ? configuration_.task_name : source;
    if (const Rehearsal* const rehearsal = configuration_.task->rehearsal()) {
        Record record = rehearse(*rehearsal, point, hooks.poll);
        record["point/task"] = task_name;
        return record;
    }
    check_memory(configuration_, point);
    hooks.poll();
    const Problem problem = problems_.problem_of(point);
    const AnalysisInputs inputs = analysis_inputs(configuration_, point.architecture.heads);
    const std::string key = problem_key(configuration_, point, problem.dataset().input_width);
    Context context{inputs, hooks, point.key, checksum(key.data(), key.size()), task.is_spread, checkpoint};
    if (task.chain) {
        advance_chain(*task.chain, problem, context);
        return std::nullopt;
    }
    Record record = describe_point(point);
    try {
        run_plan(point, problem, context, record);
    } catch (const HandedBack&) {
        return std::nullopt;
    }
    record["point/task"] = task_name;
    record["point/evaluation"] = to_text(problem.kernels().storage());
    return record;
}

}  // namespace attnpaths
