#pragma once

#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"

#include <algorithm>

namespace attnpaths {

/// What the theory says of a data set at equal widths, all its training examples being used.
struct SolvedDataset {
    Matrix U;  ///< U_1 [n D, n D]
    double accuracy;

    /// U_1 traced over outputs, [n]: how much goes through each path.
    [[nodiscard]] Vector paths(Index outputs) const {
        Vector sums = Vector::Zero(U.rows() / outputs);
        for (Index row = 0; row < U.rows(); ++row) sums(row / outputs) += U(row, row);
        return sums;
    }
    [[nodiscard]] Index largest_path(Index outputs) const {
        Index largest = 0;
        paths(outputs).maxCoeff(&largest);
        return largest;
    }
};

inline SolvedDataset solve_dataset(const Dataset& dataset, double width, double temperature) {
    const std::vector<Index> heads = dataset.heads();
    const Architecture architecture{heads,
                                    std::vector<double>(heads.size(), width),
                                    width,
                                    dataset.outputs(),
                                    {1, std::vector<double>(heads.size(), 1), 1}};
    const auto data = std::make_shared<PathData>(std::make_shared<const Dataset>(dataset), heads);
    const auto training = std::make_shared<TrainingKernels>(data, dataset.train.examples(), 1,
                                                            KernelStorage::features, "the test");
    const Problem problem(architecture, temperature, training);
    DataTerm data_term = problem.data_term();
    SolvedDataset solved;
    solved.U = solve_saddle_point(architecture, data_term, {}).order_parameters.U.front();
    const Predictions predictions = training->predict(problem.predictor(solved.U));
    solved.accuracy =
        prediction_quality(predictions.tests.front(), dataset.tests.front().y, training->has_classes())
            .accuracy;
    return solved;
}

}  // namespace attnpaths
