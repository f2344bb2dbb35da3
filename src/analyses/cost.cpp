#include "analyses/cost.hpp"

#include <cmath>

namespace attnpaths {

double evaluation_seconds(const ProblemSize& size) {
    const double system = size.system();
    const auto rows = static_cast<double>(size.rows);
    const auto paths = static_cast<double>(size.architecture.paths());
    const double factor_and_inverse = std::pow(system, 3) / flops_per_second;
    if (size.storage == KernelStorage::kernels) {
        const double kernel_bytes = 8 * (rows * rows / 2) * (paths * paths / 2);
        return factor_and_inverse + 2 * kernel_bytes / bytes_per_second;  // read twice
    }
    return factor_and_inverse +
           3 * system * system * static_cast<double>(size.input_width) * paths / flops_per_second;
}

std::vector<NominalCost> costs_of(const Plan& plan, const ProblemSize& size, const Settings& settings) {
    std::vector<NominalCost> costs;
    for (const PlannedAnalysis& planned : plan) costs.push_back(planned.analysis->cost(size, settings));
    return costs;
}

NominalCost sum_of(const std::vector<NominalCost>& costs) {
    constexpr double seconds_per_point = 1e-3;  // whatever the sizes
    NominalCost sum{seconds_per_point, 0};
    for (const NominalCost& cost : costs) sum += cost;
    return sum;
}

}  // namespace attnpaths
