#include "point/point_solver.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "point/columns.hpp"
#include "point/keys.hpp"
#include "point/point_memory.hpp"
#include "point/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace attnpaths {

namespace {

constexpr const char* done = "done";

std::string reference_column(const ReferenceAccuracy& reference) {
    const std::string suffix = reference.set == "test" ? "" : "-" + reference.set;
    return fmt::format("reference-{}/accuracy{}", reference.name, suffix);
}

}  // namespace

PointSolver::PointSolver(PointConfiguration configuration)
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

std::string PointSolver::run_analysis(const PlannedAnalysis& planned, const GridPoint& point,
                                      const Problem& problem, Context& context, Record& record) {
    const Analysis& analysis = *planned.analysis;
    for (const std::string& need : analysis.needs)
        if (text_of(record, need + "/status") != done)
            return fmt::format("needs {}, which has no result", need);
    context.analysis_key = planned.key;
    Record own;
    try {
        check_memory(configuration_, point, analysis);
        if (analysis.scope == Scope::kernels) {
            const Index N0 = problem.dataset().input_width;
            own = shared_results(analysis, kernels_key(configuration_, point, N0) + planned.key, problem,
                                 context);
        } else {
            analysis.run(problem, record, own, context);
        }
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
    for (const PlannedAnalysis& planned : *point.plan) {
        context.hooks.poll();
        const Clock::time_point start = Clock::now();
        const std::string message = run_analysis(planned, point, problem, context, record);
        const std::chrono::duration<double> elapsed = Clock::now() - start;
        enter_answer(record, planned, message, elapsed.count());
        if (!message.empty() && text_of(record, "point/message").empty())
            record["point/message"] = fmt::format("{}: {}", planned.analysis->name, message);
    }
}

void PointSolver::advance_chain(const PointTask& task, const Problem& problem, Context& context) {
    const Plan& plan = *task.point.plan;
    const auto sampler = std::find_if(plan.begin(), plan.end(), [&](const PlannedAnalysis& planned) {
        return planned.analysis->advance_chain != nullptr &&
               planned.analysis->sampler_name == task.chain->method;
    });
    if (sampler == plan.end())
        throw Error(ExitCode::internal, fmt::format("there is no sampler \"{}\"", task.chain->method));
    const std::vector<std::string>& needs = sampler->analysis->needs;
    Record needed = task.known;
    for (auto planned = plan.begin(); planned != sampler; ++planned) {
        if (std::find(needs.begin(), needs.end(), planned->analysis->name) == needs.end()) continue;
        context.hooks.poll();
        planned->analysis->run(problem, needed, needed, context);
    }
    context.analysis_key = sampler->key;
    sampler->analysis->advance_chain(problem, needed, task.chain->chain, context);
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
    const std::string& key = point.key;
    Context context{inputs,         hooks,     point.key, {}, checksum(key.data(), key.size()),
                    task.is_spread, checkpoint};
    if (task.chain) {
        advance_chain(task, problem, context);
        return std::nullopt;
    }
    Record record = task.known;
    record.merge(describe_point(point));
    try {
        run_plan(point, problem, context, record);
    } catch (const HandedBack&) {
        return std::nullopt;
    }
    for (const auto& [column, value] : task.known) record.erase(column);
    record["point/task"] = task_name;
    record["point/evaluation"] = to_text(problem.kernels().storage());
    for (const ReferenceAccuracy& reference :
         configuration_.task->references({point.architecture.heads, point.seed, point.examples}))
        record[reference_column(reference)] = reference.accuracy;
    return record;
}

}  // namespace attnpaths
