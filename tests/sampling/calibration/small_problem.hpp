#pragma once

#include "base/error.hpp"
#include "theory/random_problem.hpp"

#include <string>
#include <vector>

namespace attnpaths::testing {

/// A network so narrow that mistakes of relative order 1/N show, with a few examples and one test point.
struct SmallProblem {
    std::string name;
    Architecture architecture;
    Index examples = 6;
    Index input_width = 3;
    double temperature = 0.3;

    /// Path features of the examples and of the test point, which is the last row.
    [[nodiscard]] Matrix all_features() const {
        return normal_matrix(examples + 1, input_width * architecture.paths(), 77);
    }
    [[nodiscard]] Matrix features() const { return all_features().topRows(examples); }
    [[nodiscard]] Matrix test_features() const { return all_features().bottomRows(1); }
    /// sigma_0^2 / (N0 n).
    [[nodiscard]] double prefactor() const {
        return architecture.variances.input / static_cast<double>(input_width * architecture.paths());
    }
};

/// "depth-two"; "low-rank", where N_1 is below n_1; "two-outputs"; and, where independent draws are good,
/// "wider" and "wider-outputs".
inline std::vector<SmallProblem> small_problems() {
    const auto narrow = [](std::vector<Index> heads, Index outputs, std::vector<double> widths,
                           double readout_width) {
        Architecture architecture = uneven_architecture(std::move(heads), outputs);
        architecture.widths = std::move(widths);
        architecture.readout_width = readout_width;
        return architecture;
    };
    return {{"depth-two", narrow({2, 2}, 1, {5, 4}, 6)},
            {"low-rank", narrow({2, 2}, 1, {3, 6}, 5)},
            {"two-outputs", narrow({2}, 2, {6}, 4)},
            {"wider", narrow({2, 2}, 1, {14, 9}, 8)},
            {"wider-outputs", narrow({2}, 2, {14}, 8)}};
}

/// One of them. @throws UsageError for a name that does not exist
inline SmallProblem small_problem(const std::string& name) {
    for (const SmallProblem& problem : small_problems())
        if (problem.name == name) return problem;
    throw UsageError("there is no small problem " + name);
}

}  // namespace attnpaths::testing
