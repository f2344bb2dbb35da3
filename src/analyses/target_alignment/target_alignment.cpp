#include "analyses/target_alignment/target_alignment.hpp"

#include "analyses/cost.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/target_alignment.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

/// Before the theory's weighting of paths, which is that of infinite width, and after it.
/// @param prefix  "" or "train_"
void add_alignments(Record& own, const std::string& prefix, const Problem& problem, const Matrix& features,
                    const Matrix& y, const Matrix& U) {
    const Matrix equal = Matrix::Identity(U.rows(), U.cols());
    for (const auto& [name, weighting] : {std::pair{"before", &equal}, std::pair{"after", &U}}) {
        const TargetAlignment found =
            target_alignment(kernel_over_outputs(features, *weighting, problem.training().paths(),
                                                 problem.training().prefactor()),
                             y);
        own["target_alignment/" + prefix + name] = found.plain;
        own["target_alignment/" + prefix + name + "_centred"] = found.centred;
    }
}

/// Of the training set or of the test set: no more than all.
double most_points(const ProblemSize& size) {
    return std::max(size.data_examples, static_cast<double>(size.examples));
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Matrix U = saddle_point_of(problem, needed).order_parameters.U.front();
    const Dataset& data = problem.dataset();
    TrainingKernels& training = problem.training();
    add_alignments(own, "", problem, problem.test_features().front(), data.tests.front().y, U);
    context.hooks.poll();
    add_alignments(own, "train_", problem, training.features(), training.targets(), U);
}

}  // namespace

Analysis target_alignment_analysis() {
    Analysis analysis;
    analysis.name = "target-alignment";
    analysis.summary =
        "kernel-target alignment before the theory weighs paths (all alike) and after, on the first test set "
        "and on the training set, plain and centred";
    analysis.source =
        "Cristianini et al. 2001; Cortes, Mohri, Rostamizadeh 2012 (centred); theory/README.md section 7";
    analysis.needs = {"saddle-point"};
    analysis.by_default = false;
    for (const auto& [prefix, points] :
         {std::pair{"", "the first test set"}, std::pair{"train_", "the training set"}})
        for (const auto& [name, weighting] :
             {std::pair{"before", "all paths weighted alike"}, std::pair{"after", "paths weighted by U_1"}})
            for (const auto& [suffix, form] :
                 {std::pair{"", ""}, std::pair{"_centred", " of centred K and y"}})
                analysis.columns.push_back(
                    {std::string("target_alignment/") + prefix + name + suffix, ColumnType::real, "", "",
                     std::string("<K, yy'>/(|K||yy'|)") + form + " on " + points + ", " + weighting});
    analysis.table = {{"alignment before", "target_alignment/before_centred"},
                      {"after", "target_alignment/after_centred"}};
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        const double points = most_points(size);
        return {4 * points * points * size.feature_columns() / flops_per_second, 0};
    };
    analysis.bytes = [](const ProblemSize& size) {
        const double points = most_points(size);
        return sizeof(double) * points * (4 * points + 2 * size.feature_columns());
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
