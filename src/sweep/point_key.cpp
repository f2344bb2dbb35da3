#include "sweep/point_key.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "store/schema.hpp"
#include "task/head_counts.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::vector<std::string> sub_networks_of(const Configuration& configuration,
                                         const std::vector<Index>& heads) {
    const std::vector<std::string>& asked = configuration.point.sub_networks;
    if (asked != std::vector<std::string>{"auto"})
        return asked == std::vector<std::string>{"none"} ? std::vector<std::string>{} : asked;
    return configuration.task->known_sub_networks(heads);
}

std::string point_key(const Configuration& configuration, const GridPoint& point, Index input_width) {
    const Architecture& architecture = point.architecture;
    const PointConfiguration& settings = configuration.point;
    std::string text = fmt::format("attnpaths {}\n{}\n{}\n", store_format_version, configuration.task_name,
                                   configuration.task->content());
    const auto add = [&](const char* name, const std::string& value) {
        text += fmt::format("{}={}\n", name, value);
    };
    const auto add_numbers = [&](const char* name, const std::vector<double>& values) {
        for (const double value : values) add(name, exact_text(value));
    };
    add("heads", head_counts_text(architecture.heads));
    add_numbers("width", architecture.widths);
    add("readout_width", exact_text(architecture.readout_width));
    add("variance_input", exact_text(architecture.variances.input));
    add_numbers("variance_layer", architecture.variances.layers);
    add("variance_readout", exact_text(architecture.variances.readout));
    add("examples", std::to_string(point.examples));
    add("temperature", exact_text(point.temperature));
    add("seed", std::to_string(point.seed));
    add("tolerance", exact_text(settings.tolerance));
    add("second_start", settings.second_start ? "true" : "false");
    add("spectrum", std::to_string(settings.spectrum));
    for (const std::string& network : sub_networks_of(configuration, architecture.heads))
        add("sub_network", network);
    const SamplingConfiguration& sampling = settings.sampling;
    for (const std::string& name : sampling.methods) {
        const bool all_weights = name == "weights";
        const MethodConfiguration& method = all_weights ? sampling.weights : sampling.order_parameter;
        const SamplingOptions& options = method.options;
        add("sampling",
            fmt::format("{} {} {} {} {} {} {} {}", name, options.chains, method.warmup, options.draws,
                        options.max_draws, exact_text(options.target_ess), exact_text(options.target_rhat),
                        all_weights ? 0 : sampling.predictor_draws));
    }
    if (!sampling.methods.empty() && sampling.draws != StoredDraws::none)
        add("draws", fmt::format("{} {}", static_cast<int>(sampling.draws), sampling.thin));
    add("predictions", settings.predictions ? "true" : "false");
    add("kernels", to_text(kernel_storage(settings, point, input_width)));
    ContentHash hash;
    hash.add(text);
    return hash.hex();
}

}  // namespace attnpaths
