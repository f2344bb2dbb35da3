#pragma once

#include "training/small_network.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace attnpaths {

/// The networks whose gradients were computed by autograd: any depth, and published sizes.
inline std::vector<SmallProblem> autograd_problems() {
    std::vector<SmallProblem> problems;
    problems.reserve(5);
    problems.emplace_back(std::vector<Index>{3});
    problems.emplace_back(std::vector<Index>{2, 2});
    problems.emplace_back(std::vector<Index>{2, 1, 3});
    problems.emplace_back(std::vector<Index>{4, 4}, PatchShape{8, 3}, Index{32}, Index{128}, Index{512});
    problems.emplace_back(std::vector<Index>{3, 3, 3}, PatchShape{8, 3}, Index{32}, Index{128}, Index{512});
    return problems;
}

/// What is kept of the derivative by one matrix: sums over its elements with four sets of signs and weights,
/// in which an error of any element shows.
inline std::array<double, 4> weighted_sums(const Eigen::Ref<const WeightVector<double>>& derivative) {
    std::array<double, 4> sums{};
    for (Index i = 0; i < derivative.size(); ++i)
        for (std::size_t k = 0; k < sums.size(); ++k)
            sums[k] +=
                derivative(i) * std::cos((static_cast<double>(k) + 0.7) * (static_cast<double>(i) + 0.5));
    return sums;
}

}  // namespace attnpaths
