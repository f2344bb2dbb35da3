#include "analyses/alignment/alignment.hpp"

#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/spectrum.hpp"

namespace attnpaths {

Analysis alignment_analysis() {
    Analysis analysis;
    analysis.name = "alignment";
    analysis.summary = "spectrum of the kernel at the saddle point and its alignment with the targets";
    analysis.source = "Canatar, Bordelon, Pehlevan 2021 (cumulative power); theory/README.md section 7";
    analysis.needs = {"saddle-point"};
    analysis.outputs = {{spectrum_setting(), keeps_at_least}};
    analysis.columns = spectrum_columns("theory", "at the saddle point");
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(stored_eigenvalues(settings));
    };
    analysis.cost = [](const ProblemSize& size, const Settings& settings) -> NominalCost {
        return {spectrum_seconds(size, settings), 0};
    };
    analysis.run = [](const Problem& problem, const Record& needed, Record& own, Context& context) {
        add_spectrum(own, "theory", problem, saddle_point_of(problem, needed).order_parameters.U.front(),
                     context.inputs.settings);
    };
    return analysis;
}

}  // namespace attnpaths
