#include "analyses/evidence/evidence.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/evidence.hpp"

#include <limits>

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Architecture& architecture = problem.architecture();
    const Index targets = problem.training().targets().size();
    own["evidence/ratio"] = is_in_regime(architecture)
                                ? log_evidence_ratio(architecture, saddle_point_of(problem, needed), targets,
                                                     number_of(needed, "next_order/log_det_hessian"))
                                : std::numeric_limits<double>::quiet_NaN();
    context.hooks.poll();
    Energy energy = problem.energy();
    own["evidence/gaussian_process"] = log_evidence_of_gaussian_process(architecture, energy, targets);
}

}  // namespace

Analysis evidence_analysis() {
    Analysis analysis;
    analysis.name = "evidence";
    analysis.summary =
        "the logarithm of the evidence p(y), the density of the training targets under the network: highest "
        "where temperature, width, variances and heads suit the data best";
    analysis.source = "theory/README.md section 12: Laplace's approximation of data over that of the prior";
    analysis.needs = {"saddle-point", "next-order"};
    analysis.columns = {
        {"evidence/ratio", ColumnType::real, "", "",
         "log p(y) at finite width, correct but for O(1/N^2); NaN where a width is below its number of "
         "paths"},
        {"evidence/gaussian_process", ColumnType::real, "", "", "log p(y) at infinite width, exact"},
    };
    analysis.table = {{"log evidence", "evidence/ratio"}};
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {evaluation_seconds(size), 0};
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
