#include "analyses/cost.hpp"

#include "theory/lapack.hpp"

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

double eigenpair_seconds(double rows, double count) {
    if (count == 0) return 0;
    const double squared = rows * rows;
    const double operations = lapack::is_partial(static_cast<Index>(rows), static_cast<Index>(count))
                                  ? 1.5 * squared * rows + 11000 * rows * lapack::leading_pairs
                                  : 3.5 * squared * rows + 800 * squared;
    return operations / flops_per_second;
}

double gaussian_process_seconds(const ProblemSize& size, double paths) {
    const auto rows = static_cast<double>(size.rows);
    const double width = static_cast<double>(size.input_width) * paths;
    const double kernel = rows * rows * width;
    const double points = 2 * size.data_examples * rows * (width + rows);
    return eigenpair_seconds(rows, rows) + (kernel + points) / flops_per_second;
}

double gaussian_process_bytes(const ProblemSize& size, double paths) {
    return GaussianProcess::bytes(static_cast<double>(size.rows),
                                  static_cast<double>(size.input_width) * paths, size.data_examples);
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
