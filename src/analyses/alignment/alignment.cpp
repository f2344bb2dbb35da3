#include "analyses/alignment/alignment.hpp"

#include "analyses/cost.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/spectrum.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/lapack.hpp"

#include <utility>

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Index count = stored_eigenvalues(context.inputs.settings);
    if (count == 0) return;
    Matrix kernel;
    problem.kernels().assemble(saddle_point_of(problem, needed).order_parameters.U.front(), kernel);
    const TrainingSet& training = problem.training().training_set();
    add_spectrum(own, "theory",
                 kernel_alignment(std::move(kernel), stacked_targets(training.y), count, training.examples,
                                  training.power()));
}

}  // namespace

Analysis alignment_analysis() {
    Analysis analysis;
    analysis.name = "alignment";
    analysis.summary = "spectrum of the kernel at the saddle point and its alignment with the targets";
    analysis.source = "Canatar, Bordelon, Pehlevan 2021 (cumulative power); theory/README.md section 7";
    analysis.needs = {"saddle-point"};
    analysis.revision = 2;
    analysis.outputs = {{spectrum_setting(), keeps_at_least}};
    analysis.columns = spectrum_columns("theory", "at the saddle point");
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(stored_eigenvalues(settings));
    };
    // Which solver finds them, and so their rounding.
    analysis.identity = [](const AnalysisInputs& inputs) -> std::string {
        return stored_eigenvalues(inputs.settings) <= lapack::leading_pairs ? "leading" : "all";
    };
    analysis.cost = [](const ProblemSize& size, const Settings& settings) -> NominalCost {
        return {eigenpair_seconds(size.system(), static_cast<double>(stored_eigenvalues(settings))), 0};
    };
    analysis.bytes = [](const ProblemSize& size) { return lapack::eigenpair_bytes(size.system()); };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
