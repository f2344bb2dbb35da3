#include "analyses/sub_networks/sub_networks.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "theory/lapack.hpp"
#include "theory/order_parameters.hpp"
#include "theory/sub_network.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths {

namespace {

constexpr const char* key = "theory.sub_networks";

/// Sub-networks to compute, as "NAME=1.1,2.1": those asked for, or those that the task is known for.
std::vector<std::string> texts_of(const AnalysisInputs& inputs) {
    std::vector<std::string> asked = inputs.settings.list(key);
    if (asked == std::vector<std::string>{"auto"}) return inputs.known_sub_networks;
    if (asked == std::vector<std::string>{"none"}) return {};
    return asked;
}

void run(const Problem& problem, const Record& /*needed*/, Record& own, Context& context) {
    const double variance = gaussian_process_variance(problem.architecture());
    for (const std::string& text : texts_of(context.inputs)) {
        context.hooks.poll();
        const SubNetwork network = parse_sub_network(text, problem.architecture().heads, key);
        add_qualities(
            own, "gp-" + network.name,
            problem.training().predict_gaussian_process(problem.temperature(), variance, network.paths),
            problem);
    }
}

}  // namespace

Analysis sub_networks_analysis() {
    Analysis analysis;
    analysis.name = "sub-networks";
    analysis.summary =
        "Gaussian processes of smaller networks made of some paths, as baselines (columns "
        "gp-NAME/...)";
    analysis.source = "Tiberi et al. 2024, figure 2: the network of the good path alone";
    analysis.scope = Scope::kernels;
    analysis.revision = 2;
    analysis.settings = {{key, "auto",
                          "baselines NAME=1.1,2.1 ... of some paths; auto: those that the task is known for, "
                          "such as good and good+denoising of hidden-markov"}};
    analysis.columns = quality_columns("gp-NAME", "the Gaussian process of the sub-network NAME");
    analysis.identity = [](const AnalysisInputs& inputs) {
        return fmt::format("{}", fmt::join(texts_of(inputs), " "));
    };
    analysis.check_settings = [](const Settings& settings) { static_cast<void>(settings.list(key)); };
    analysis.check_heads = [](const AnalysisInputs& inputs, const std::vector<Index>& heads) {
        for (const std::string& text : texts_of(inputs))
            parse_sub_network(text, heads, inputs.settings.place(key));
    };
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {gaussian_process_seconds(size, static_cast<double>(size.architecture.paths())), 0};
    };
    analysis.bytes = [](const ProblemSize& size) {
        return lapack::eigenpair_bytes(static_cast<double>(size.rows));
    };
    analysis.kept_bytes = [](const ProblemSize& size, const AnalysisInputs& inputs) {
        double sum = 0;
        for (const std::string& text : texts_of(inputs)) {
            const SubNetwork network = parse_sub_network(text, size.architecture.heads, key);
            sum += gaussian_process_bytes(size, static_cast<double>(network.paths.size()));
        }
        return sum;
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
