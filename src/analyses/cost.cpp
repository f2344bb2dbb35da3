#include "analyses/cost.hpp"

#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
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
    const double features = static_cast<double>(size.input_width) * paths;
    // Of one output (WhitenedDataTerm); of several, whose kernels are assembled and contracted.
    if (size.architecture.outputs == 1)
        return factor_and_inverse + 2 * rows * features * (rows + paths) / flops_per_second;
    return factor_and_inverse + 3 * system * system * features / flops_per_second;
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
    // Of a reduced training set the means alone are looked at, which cost next to nothing.
    const double looked_at =
        size.data_examples - (size.rows < size.examples ? static_cast<double>(size.examples) : 0);
    const double points = 2 * std::max(looked_at, 0.0) * rows * (width + rows);
    return eigenpair_seconds(rows, rows) + (kernel + points) / flops_per_second;
}

double gaussian_process_bytes(const ProblemSize& size, double paths) {
    const auto rows = static_cast<double>(size.rows);
    // All paths' features are the training set's own.
    const double features = paths < static_cast<double>(size.architecture.paths())
                                ? rows * static_cast<double>(size.input_width) * paths
                                : 0;
    return sizeof(double) * features +
           GaussianProcess::bytes(rows, size.data_examples - size.streamed_examples);
}

double training_set_seconds(const ProblemSize& size) {
    const double width = static_cast<double>(size.input_width * size.architecture.paths());
    const double folding =
        size.rows < size.examples ? 2 * static_cast<double>(size.examples) * width * width : 0;
    // Scores of all tokens by a matrix W for every head, and some 100 operations for each number that is made
    // or read.
    double heads = 0;
    for (const Index of_layer : size.architecture.heads) heads += static_cast<double>(of_layer);
    const double features = size.streamed_numbers * (2 * static_cast<double>(size.input_width) * heads + 100);
    return (folding + features) / flops_per_second;
}

std::vector<NominalCost> costs_of(const Plan& plan, const ProblemSize& size, const Settings& settings) {
    std::vector<NominalCost> costs;
    bool has_hessian = false;
    for (const PlannedAnalysis& planned : plan) {
        const Analysis& analysis = *planned.analysis;
        costs.push_back(analysis.cost(size, settings));
        if (has_hessian && analysis.expands_at_saddle_point) costs.back().theory -= hessian_seconds(size);
        has_hessian = analysis.expands_at_saddle_point;
    }
    // Whoever comes first makes the training set.
    if (!costs.empty()) {
        const double seconds = training_set_seconds(size);
        costs.front().theory += seconds;
        if (size.is_folded_by_passes()) costs.front().passes = seconds;
    }
    return costs;
}

NominalCost sum_of(const std::vector<NominalCost>& costs) {
    constexpr double seconds_per_point = 1e-3;  // whatever the sizes
    NominalCost sum{seconds_per_point, 0};
    for (const NominalCost& cost : costs) sum += cost;
    return sum;
}

}  // namespace attnpaths
