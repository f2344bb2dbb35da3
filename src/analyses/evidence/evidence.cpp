#include "analyses/evidence/evidence.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/evidence.hpp"

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Architecture& architecture = problem.architecture();
    const Index targets = problem.training().targets().size();
    DataTerm data_term = problem.data_term();
    if (is_in_regime(architecture))
        own["evidence/ratio"] = log_evidence_ratio(problem, data_term, saddle_point_of(problem, needed));
    context.hooks.poll();
    own["evidence/gaussian_process"] = log_evidence_of_gaussian_process(architecture, data_term, targets);
}

}  // namespace

Analysis evidence_analysis() {
    Analysis analysis;
    analysis.name = "evidence";
    analysis.summary =
        "the logarithm of the evidence p(y), the density of the training targets under the network: highest "
        "where temperature, width, variances and heads suit the data best";
    analysis.source = "theory/README.md section 12: Laplace's approximation of data over that of the prior";
    analysis.needs = {"saddle-point"};
    analysis.columns = {
        {"evidence/ratio", ColumnType::real, "", "nats",
         "log p(y) at finite width; missing where a width is below its number of paths"},
        {"evidence/gaussian_process", ColumnType::real, "", "nats", "log p(y) at infinite width, exact"},
    };
    analysis.table = {{"log evidence", "evidence/ratio"}};
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {hessian_seconds(size) + evaluation_seconds(size), 0};
    };
    analysis.bytes = hessian_bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
