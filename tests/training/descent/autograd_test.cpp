// A second, independent way to the gradient: what autograd made of the plain token-by-token form, kept in
// tests/data/autograd-gradients.txt (make_autograd_gradients.cpp).
#include "training/autograd_problems.hpp"
#include "training/path_gradient.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace attnpaths {
namespace {

struct KeptDerivative {
    double largest = 0;  ///< of the problem
    std::array<double, 4> sums{};
};

/// By problem and matrix.
std::map<std::pair<std::size_t, std::size_t>, KeptDerivative> kept_derivatives() {
    std::map<std::pair<std::size_t, std::size_t>, KeptDerivative> kept;
    std::ifstream file(ATTNPATHS_TEST_DATA "/autograd-gradients.txt");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words(line);
        std::size_t problem = 0;
        std::size_t matrix = 0;
        KeptDerivative derivative;
        words >> problem >> matrix >> derivative.largest;
        for (double& sum : derivative.sums) words >> sum;
        EXPECT_FALSE(words.fail()) << line;
        kept[{problem, matrix}] = derivative;
    }
    return kept;
}

TEST(Autograd, OfTheTokenByTokenFormAgrees) {
    const auto kept = kept_derivatives();
    const std::vector<SmallProblem> problems = autograd_problems();
    std::size_t matrices = 0;
    for (std::size_t number = 0; number < problems.size(); ++number) {
        const SmallProblem& problem = problems[number];
        const WeightVector<double> exact = path_gradient<double>(problem, problem.weights);
        const WeightVector<double> single = path_gradient<float>(problem, problem.weights).cast<double>();
        for (std::size_t matrix = 0; matrix < problem.layout.blocks().size(); ++matrix, ++matrices) {
            const WeightBlock& block = problem.layout.blocks()[matrix];
            const KeptDerivative& expected = kept.at({number, matrix});
            // Errors of single elements have no common sign.
            const double size = expected.largest * std::sqrt(static_cast<double>(block.size()));
            const auto exact_sums = weighted_sums(exact.segment(block.offset, block.size()));
            const auto single_sums = weighted_sums(single.segment(block.offset, block.size()));
            for (std::size_t k = 0; k < expected.sums.size(); ++k) {
                EXPECT_NEAR(exact_sums[k], expected.sums[k], 1e-6 * size) << number << ", matrix " << matrix;
                EXPECT_NEAR(single_sums[k], expected.sums[k], 1e-5 * size) << number << ", matrix " << matrix;
            }
        }
    }
    EXPECT_EQ(kept.size(), matrices);
}

// The check above must see an error of one element.
TEST(Autograd, AWrongElementShows) {
    const SmallProblem problem({2, 2});
    WeightVector<double> gradient = path_gradient<double>(problem, problem.weights);
    const double largest = gradient.lpNorm<Eigen::Infinity>();
    for (const WeightBlock& block : problem.layout.blocks()) {
        const auto before = weighted_sums(gradient.segment(block.offset, block.size()));
        gradient(block.offset + block.size() / 2) += 1e-3 * largest;
        const auto after = weighted_sums(gradient.segment(block.offset, block.size()));
        double change = 0;
        for (std::size_t k = 0; k < before.size(); ++k)
            change = std::max(change, std::abs(after[k] - before[k]));
        EXPECT_GT(change, 1e-6 * largest * std::sqrt(static_cast<double>(block.size())));
    }
}

}  // namespace
}  // namespace attnpaths
