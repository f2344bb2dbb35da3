#include "point/point_solver.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "datasets/names_text.hpp"
#include "point/columns.hpp"
#include "point/keys.hpp"
#include "point/point_memory.hpp"
#include "point/point_passes.hpp"
#include "point/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace attnpaths {

namespace {

struct Ending {
    AnswerStatus status = AnswerStatus::done;
    std::string message;
};

/// Runs an analysis; what it throws that is its own affair becomes its ending.
template <class Run>
Ending ending_of(bool is_required, const Run& run) {
    try {
        run();
        return {};
    } catch (const NotApplicable& reason) {
        return {is_required ? AnswerStatus::failed : AnswerStatus::left_out, reason.what()};
    } catch (const std::bad_alloc&) {
        return {AnswerStatus::failed, "out of memory"};
    } catch (const std::exception& error) {
        return {AnswerStatus::failed, error.what()};
    }
}

using Clock = std::chrono::steady_clock;

/// What an analysis was asked for, outputs included.
std::string result_name(const PlannedAnalysis& planned) {
    return planned.key + ' ' + planned.kept;
}

/// Whether a plan has chains, which tasks of their own can bring further.
bool has_chains(const Plan& plan) {
    return std::any_of(plan.begin(), plan.end(),
                       [](const PlannedAnalysis& planned) { return !planned.analysis->chains.empty(); });
}

bool is_chain_of(const PlannedAnalysis& planned, const std::string& method) {
    const std::vector<std::string>& chains = planned.analysis->chains;
    return std::find(chains.begin(), chains.end(), method) != chains.end();
}

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

void PointSolver::run_analysis(const PlannedAnalysis& planned, const GridPoint& point, const Problem& problem,
                               Context& context, Record& record) {
    const Analysis& analysis = *planned.analysis;
    for (const std::string& need : analysis.needs)
        if (const AnswerStatus status = answer_status(text_of(record, need + "/status"));
            status != AnswerStatus::done) {
            const std::string reason = fmt::format("needs {}, which has no result", need);
            if (status == AnswerStatus::left_out) throw NotApplicable(reason);
            throw Error(ExitCode::internal, reason);
        }
    context.analysis_key = planned.key;
    problem.training().data().forget_streamed();
    if (!analysis.expands_at_saddle_point) problem.forget_hessian();
    Record own;
    if (const std::string refusal = memory_refusal(configuration_, point, analysis); !refusal.empty())
        throw NotApplicable(refusal);
    if (analysis.scope == Scope::kernels) {
        const Index N0 = problem.dataset().input_width;
        own =
            shared_results(analysis, kernels_key(configuration_, point, N0) + planned.key, problem, context);
    } else {
        run_once(planned, problem, record, context, own);
    }
    record.merge(own);
}

void PointSolver::run_once(const PlannedAnalysis& planned, const Problem& problem, const Record& needed,
                           Context& context, Record& own) {
    const std::string name = result_name(planned);
    if (const auto known = spread_.results.find(name); known != spread_.results.end()) {
        own = known->second.columns;
        return;
    }
    const Clock::time_point start = Clock::now();
    planned.analysis->run(problem, needed, own, context);
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    if (spread_.is_possible) spread_.results[name] = {own, elapsed.count()};
}

double PointSolver::seconds_before(const PlannedAnalysis& planned) const {
    const auto known = spread_.results.find(result_name(planned));
    return known == spread_.results.end() ? 0 : known->second.seconds;
}

void PointSolver::run_plan(const GridPoint& point, const Problem& problem, Context& context, Record& record) {
    for (const PlannedAnalysis& planned : *point.plan) {
        context.hooks.poll();
        const double before = seconds_before(planned);
        const Clock::time_point start = Clock::now();
        const Ending ending =
            ending_of(planned.is_required, [&] { run_analysis(planned, point, problem, context, record); });
        const std::chrono::duration<double> elapsed = Clock::now() - start;
        enter_answer(record, planned, ending.status, ending.message, before + elapsed.count());
    }
    if (const std::string failure = failure_text(record); !failure.empty()) record["point/message"] = failure;
}

void PointSolver::do_part(const PointTask& task, const Problem& problem, Context& context) {
    const PointPart& part = *task.part;
    if (part.method == folding_method) {
        problem.training().fold_strands([](const std::string&) {});
        return;
    }
    const Plan& plan = *task.point.plan;
    const auto owner = std::find_if(plan.begin(), plan.end(), [&](const PlannedAnalysis& planned) {
        return planned.key == analysis_of_pass(part.method) || is_chain_of(planned, part.method);
    });
    if (owner == plan.end())
        throw Error(ExitCode::internal,
                    fmt::format("no analysis of the point has a part \"{}\"", part.method));
    const std::vector<std::string>& needs = owner->analysis->needs;
    Record needed = task.known;
    for (auto planned = plan.begin(); planned != owner; ++planned) {
        if (std::find(needs.begin(), needs.end(), planned->analysis->name) == needs.end()) continue;
        context.hooks.poll();
        context.analysis_key = planned->key;
        Record own;
        run_once(*planned, problem, needed, context, own);
        needed.merge(own);
    }
    context.analysis_key = owner->key;
    if (is_chain_of(*owner, part.method)) {
        owner->analysis->advance_chains(problem, needed, part.method, part.pieces, context);
        return;
    }
    Record unfinished;
    owner->analysis->run(problem, needed, unfinished, context);
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
    if (const std::string refusal = memory_refusal(configuration_, point); !refusal.empty())
        throw Error(ExitCode::internal, refusal);
    hooks.poll();
    const Problem problem = problems_.problem_of(point);
    problem.training().data().poll_with(hooks.poll);
    const AnalysisInputs inputs = analysis_inputs(configuration_, point.architecture.heads);
    const std::string& key = point.key;
    if (spread_.point != key)
        spread_ = {key, has_chains(*point.plan) || problem.training().is_streamed(), {}, {}};
    Context context{inputs,         hooks,        point.key, {}, checksum(key.data(), key.size()),
                    task.is_spread, spread_.memo, checkpoint};
    const PointPasses passes(problem.shared_training(), context, task.part);
    if (task.part) {
        try {
            do_part(task, problem, context);
        } catch (const HandedBack&) {
            // The strands that were asked for are at their ends.
        }
        return std::nullopt;
    }
    Record record = task.known;
    record.merge(describe_point(point));
    try {
        run_plan(point, problem, context, record);
    } catch (const HandedBack&) {
        return std::nullopt;
    }
    spread_ = {};  // of a point that is done
    for (const auto& [column, value] : task.known) record.erase(column);
    record["point/task"] = task_name;
    std::vector<std::string> head_names;
    for (const std::vector<std::string>& layer : configuration_.task->head_names(point.architecture.heads))
        head_names.insert(head_names.end(), layer.begin(), layer.end());
    record["point/head_names"] = names_text(head_names);
    record["point/class_names"] = names_text(problem.dataset().class_names);
    record["point/evaluation"] = to_text(problem.kernels().storage());
    for (const ReferenceAccuracy& reference : problems_.references_of(point))
        record[reference_column(reference)] = reference.accuracy;
    return record;
}

}  // namespace attnpaths
