#include "analyses/evidence/evidence.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/evidence.hpp"
#include "theory/two_loop.hpp"

namespace attnpaths {

namespace {

const SettingKey& two_loop_setting() {
    static const SettingKey setting = {
        "evidence.two_loop", "false",
        "evidence to two loops, one order of 1/N beyond evidence/ratio: takes four "
        "Hessians for each unknown",
        SettingKind::boolean};
    return setting;
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Architecture& architecture = problem.architecture();
    const Index targets = problem.training().targets().size();
    DataTerm data_term = problem.data_term();
    if (is_in_regime(architecture)) {
        const SaddlePoint saddle = saddle_point_of(problem, needed);
        own["evidence/ratio"] = log_evidence_ratio(problem, data_term, saddle);
        if (context.inputs.settings.boolean(two_loop_setting().name))
            own["evidence/two_loop"] = log_evidence_two_loop(problem, data_term, saddle, context.hooks.poll);
    }
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
    analysis.source =
        "theory/README.md section 12: Laplace's approximation of data over that of the prior, "
        "and both to two loops";
    analysis.needs = {"saddle-point"};
    analysis.expands_at_saddle_point = true;
    analysis.outputs = {{two_loop_setting(), keeps_at_least}};
    analysis.columns = {
        {"evidence/ratio", ColumnType::real, "", "nats",
         "log p(y) at finite width; missing where a width is below its number of paths"},
        {"evidence/two_loop", ColumnType::real, "", "nats",
         "log p(y) at finite width with both integrals to the next order in 1/N; with evidence.two_loop = "
         "true"},
        {"evidence/gaussian_process", ColumnType::real, "", "nats", "log p(y) at infinite width, exact"},
    };
    analysis.table = {{"log evidence", "evidence/ratio"}};
    analysis.cost = [](const ProblemSize& size, const Settings& settings) -> NominalCost {
        const bool is_two_loop = settings.boolean(two_loop_setting().name);
        const double hessians = 1 + (is_two_loop ? two_loop_hessians(size.architecture) : 0);
        return {hessians * hessian_seconds(size) + evaluation_seconds(size), 0};
    };
    // Two loops form others while that of the saddle point is kept.
    analysis.bytes = [](const ProblemSize& size) { return hessian_bytes(size) + kept_hessian_bytes(size); };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
