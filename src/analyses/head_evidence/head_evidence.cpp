#include "analyses/head_evidence/head_evidence.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/evidence.hpp"

#include <algorithm>
#include <numeric>

namespace attnpaths {

namespace {

/// Of the network without one head, solved on its own; of noise where that was the last of its layer.
double log_evidence_without(const Problem& problem, Index head, SaddlePointOptions options) {
    const Architecture& architecture = problem.architecture();
    const Lesion lesion = lesion_of({head}, architecture.heads);
    const std::vector<Index> left = heads_left(lesion, architecture.heads);
    if (std::find(left.begin(), left.end(), 0) != left.end()) {
        const Matrix& targets = problem.training().targets();
        return log_evidence_of_noise(targets.size(), targets.squaredNorm(), problem.temperature());
    }
    const Problem rest = problem.without(lesion);
    DataTerm data_term = rest.data_term();
    const SaddlePoint saddle = solve_saddle_point(rest.architecture(), data_term, options);
    return log_evidence_ratio(rest, data_term, saddle);
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const std::vector<Index>& heads = problem.architecture().heads;
    if (!is_in_regime(problem.architecture()))
        throw NotApplicable("a width is below its number of paths, where the evidence has no expansion");
    const double whole = number_of(needed, "evidence/ratio");
    Vector factors(std::accumulate(heads.begin(), heads.end(), Index{0}));
    SaddlePointOptions options = saddle_point_options(context.inputs.settings);
    options.poll = context.hooks.poll;
    options.second_start = false;
    for (Index head = 0; head < factors.size(); ++head)
        factors(head) = whole - log_evidence_without(problem, head, options);
    own["head_evidence/log_bayes_factors"] = array_of(factors);
}

NominalCost cost(const ProblemSize& size, const Settings& /*settings*/) {
    const std::vector<Index>& heads = size.architecture.heads;
    const auto count = static_cast<double>(std::accumulate(heads.begin(), heads.end(), Index{0}));
    // At most what the whole network takes, each, with the Hessian of the evidence.
    return {count * (saddle_point_seconds(size) + hessian_seconds(size)), 0};
}

double bytes(const ProblemSize& size) {
    const double features =
        sizeof(double) * (size.data_examples + 2 * size.system()) * size.feature_columns();
    return features + hessian_bytes(size) +
           PathKernels::bytes(size.rows, size.input_width, size.architecture.paths(), size.storage);
}

}  // namespace

Analysis head_evidence_analysis() {
    Analysis analysis;
    analysis.name = "head-evidence";
    analysis.summary =
        "what each head is worth to the evidence: the network without it is solved on its own, at the same "
        "temperature";
    analysis.source = "theory/README.md section 12";
    analysis.needs = {"saddle-point", "evidence"};
    analysis.by_default = false;
    analysis.columns = {
        {"head_evidence/log_bayes_factors", ColumnType::array, "[sum H_l]", "nats",
         "log p(y) - log p(y) of the network without the head, layer 1 first: positive where the data speak "
         "for "
         "the head. Compare at the temperature of greatest evidence"},
    };
    analysis.cost = cost;
    analysis.bytes = bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
