#include "cli/reference_cost.hpp"

#include "analyses/registry.hpp"

namespace attnpaths::cli {

double reference_cost(const Analysis& analysis) {
    constexpr Index examples = 100;
    constexpr Index input_width = 231;
    constexpr double data_examples = 1100;
    Settings settings;
    settings.fill_defaults(analysis_settings());
    Architecture architecture;
    architecture.heads = {2, 2};
    architecture.widths = {100, 100};
    architecture.readout_width = 100;
    architecture.outputs = 1;
    architecture.variances.layers = {1, 1};
    return analysis
        .cost({architecture, examples, input_width, examples, KernelStorage::kernels, data_examples},
              settings)
        .seconds();
}

}  // namespace attnpaths::cli
