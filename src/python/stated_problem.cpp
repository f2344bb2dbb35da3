#include "python/stated_problem.hpp"

#include "base/error.hpp"
#include "datasets/balanced_subset.hpp"
#include "theory/fitting_storage.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <utility>

namespace attnpaths::python {

namespace {

void require_positive(double value, const char* name) {
    if (!(value > 0) || !std::isfinite(value))
        throw UsageError(fmt::format("{}: {} is not a positive number", name, value));
}

/// The training set in the order in which a sweep over all of it has it: class by class where they can be
/// balanced.
std::vector<Index> all_examples(const Matrix& targets) {
    const Index examples = targets.rows();
    if (largest_balanced_subset(targets).examples == examples)
        return balanced_subset(targets, examples, "targets");
    std::vector<Index> all(static_cast<std::size_t>(examples));
    std::iota(all.begin(), all.end(), Index{0});
    return all;
}

}  // namespace

void check_numbers(const Statement& statement) {
    const Architecture& architecture = statement.architecture;
    if (architecture.heads.empty()) throw UsageError("heads: is empty; give H_1, ..., H_L");
    for (const Index count : architecture.heads)
        if (count < 1) throw UsageError(fmt::format("heads: {} is not a number of heads", count));
    if (architecture.widths.size() != architecture.depth() ||
        architecture.variances.layers.size() != architecture.depth())
        throw UsageError(
            fmt::format("width, layer_variance: are not one for each of {} layers", architecture.depth()));
    for (const double width : architecture.widths) require_positive(width, "width");
    require_positive(architecture.readout_width, "readout_width");
    require_positive(architecture.variances.input, "input_variance");
    for (const double variance : architecture.variances.layers) require_positive(variance, "layer_variance");
    require_positive(architecture.variances.readout, "readout_variance");
    require_positive(statement.temperature, "temperature");
}

Problem stated_problem(Statement statement) {
    Architecture& architecture = statement.architecture;
    const Index paths = path_count(architecture.heads);
    const Index examples = statement.features.rows();
    if (statement.targets.rows() != examples || statement.targets.cols() < 1)
        throw DataError(fmt::format("targets: are {} x {}, expected [P, D] with P = {}",
                                    statement.targets.rows(), statement.targets.cols(), examples));
    if (!statement.targets.allFinite())
        throw DataError("targets: have numbers that are infinite or not a number");
    architecture.outputs = statement.targets.cols();

    auto dataset = std::make_shared<Dataset>();
    dataset->input_width = statement.features.cols() / paths;
    dataset->train.name = "train";
    dataset->train.xi = std::move(statement.features);
    dataset->train.y = std::move(statement.targets);
    std::vector<Index> chosen = all_examples(dataset->train.y);
    const KernelStorage storage =
        fitting_storage(architecture, examples, dataset->input_width, statement.memory);
    auto training =
        std::make_shared<TrainingKernels>(std::make_shared<PathData>(std::move(dataset), architecture.heads),
                                          std::move(chosen), architecture.variances.input, storage);
    return {std::move(architecture), statement.temperature, std::move(training)};
}

}  // namespace attnpaths::python
