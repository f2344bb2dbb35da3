#include "analyses/cost.hpp"

#include "theory/training_set.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

// Of a core of today; the learned factors absorb the rest.
constexpr double flops_per_second = 3e10;
constexpr double bytes_per_second = 1e10;
// Typical counts, per saddle point and per transition of a chain.
constexpr double evaluations_per_solve = 20;
constexpr double gradients_per_transition = 8;
constexpr double gradients_per_weights_transition = 500;
constexpr double seconds_per_point = 1e-3;  // whatever the sizes

/// Action or log density with its gradient, from the kernels of all pairs of paths or from features.
double evaluation_seconds(double rows, double outputs, double paths, double input_width,
                          KernelStorage storage) {
    const double system = rows * outputs;
    const double factor_and_inverse = std::pow(system, 3) / flops_per_second;
    if (storage == KernelStorage::kernels) {
        const double kernel_bytes = 8 * (rows * rows / 2) * (paths * paths / 2);
        return factor_and_inverse + 2 * kernel_bytes / bytes_per_second;  // read twice
    }
    return factor_and_inverse + 3 * system * system * input_width * paths / flops_per_second;
}

double hessian_seconds(double rows, double outputs, double paths, double input_width) {
    const double system = rows * outputs;
    const double features = input_width * paths * outputs;
    return (system * system * features + system * features * features +
            std::pow(input_width, 2) * std::pow(paths * outputs, 4) / 2) /
           flops_per_second;
}

double number_of_weights(const Architecture& architecture, double input_width) {
    const std::vector<double>& widths = architecture.widths;
    double weights = widths.front() * input_width;
    for (std::size_t layer = 0; layer < widths.size(); ++layer) {
        const double above = layer + 1 < widths.size() ? widths[layer + 1] : architecture.readout_width;
        weights += static_cast<double>(architecture.heads[layer]) * above * widths[layer];
    }
    return weights + architecture.readout_width * static_cast<double>(architecture.outputs);
}

double transitions(const MethodConfiguration& method) {
    return static_cast<double>(method.options.chains) * (method.warmup + method.options.draws);
}

}  // namespace

NominalCost nominal_cost(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    const Architecture& architecture = point.architecture;
    const auto N0 = static_cast<double>(input_width);
    const auto paths = static_cast<double>(architecture.paths());
    const auto outputs = static_cast<double>(architecture.outputs);
    const auto rows = static_cast<double>(training_rows(point.examples, input_width * architecture.paths()));
    const double evaluation =
        evaluation_seconds(rows, outputs, paths, N0, kernel_storage(configuration, point, input_width));
    NominalCost cost;
    cost.theory =
        seconds_per_point + evaluations_per_solve * evaluation + hessian_seconds(rows, outputs, paths, N0);
    for (const std::string& method : configuration.sampling.methods) {
        if (method == "weights")
            // Read twice and written once.
            cost.sampling += transitions(configuration.sampling.weights) * gradients_per_weights_transition *
                             (3 * 8 * number_of_weights(architecture, N0) / bytes_per_second);
        else
            cost.sampling +=
                transitions(configuration.sampling.order_parameter) * gradients_per_transition * evaluation;
    }
    return cost;
}

}  // namespace attnpaths
