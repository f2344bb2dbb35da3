#include "sampling/reconstruct_weights.hpp"

#include "sampling/order_parameter_posterior.hpp"
#include "sampling/run_chains.hpp"
#include "sampling/weight_posterior.hpp"
#include "theory/mirror.hpp"
#include "theory/predictor.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;
using Rank = WhitenedCoordinates::Rank;

/// Every level of lower rank than its size: n_2 = 2 D over width 3, n_1 = 6 D over width 4, D = 3 over 2.
Architecture low_rank_architecture() {
    Architecture architecture = uneven_architecture({3, 2}, 3);
    architecture.widths = {4, 3};
    architecture.readout_width = 2;
    return architecture;
}

/// B from its prior: sqrt(N) B_ii ~ chi_{N-i}, sqrt(N) B_ij ~ N(0, 1) below the diagonal.
WhitenedCoordinates::Point prior_point(const Architecture& architecture, RandomStream& random) {
    const WhitenedCoordinates coordinates(architecture, Rank::of_width);
    Vector unknowns(coordinates.size());
    for (const WhitenedCoordinates::Level& level : coordinates.levels()) {
        Index index = level.offset;
        const double root = std::sqrt(level.width);
        for (Index j = 0; j < level.columns; ++j)
            for (Index i = j; i < level.rows; ++i)
                unknowns(index++) = i == j ? std::log(random.chi(level.width - static_cast<double>(i)) / root)
                                           : random.normal() / root;
    }
    return coordinates.expand(unknowns);
}

double relative_difference(const Matrix& actual, const Matrix& expected) {
    return (actual - expected).norm() / expected.norm();
}

TEST(ReconstructWeights, HaveTheOrderParametersOfTheDrawAtEveryLevel) {
    for (const Architecture& architecture :
         {uneven_architecture({2, 3}, 1), uneven_architecture({2, 1, 2}, 2), uneven_architecture({3}, 1),
          low_rank_architecture()}) {
        const RandomProblem problem{6, 4, architecture};
        RandomStream random(2, "test", 0);
        for (int draw = 0; draw < 5; ++draw) {
            const WhitenedCoordinates::Point point = prior_point(architecture, random);
            const OrderParameters expected = WhitenedCoordinates::order_parameters(point);
            const NetworkWeights weights =
                reconstruct_weights(architecture, point, problem.kernels(), problem.targets(), 0.1, random);
            EXPECT_LT(relative_difference(weights.a.transpose() * weights.a / architecture.readout_width,
                                          expected.U_a),
                      1e-10);
            const std::vector<Matrix> effective = effective_path_weights(weights);
            for (std::size_t l = 0; l < effective.size(); ++l)
                EXPECT_LT(
                    relative_difference(effective[l].transpose() * effective[l] / architecture.widths[l],
                                        expected.U[l]),
                    1e-10);
            EXPECT_LT(relative_difference(path_order_parameter(weights), expected.U.front()), 1e-10);
        }
    }
}

/// z-scores of the mean of independent draws, element by element.
struct Moments {
    Vector sum;
    Vector squares;
    double count = 0;

    void add(const Vector& values) {
        if (count == 0) sum = squares = Vector::Zero(values.size());
        sum += values;
        squares += values.cwiseAbs2();
        ++count;
    }
    [[nodiscard]] double largest_z(const Vector& expected) const {
        const Vector mean = sum / count;
        const Vector error = ((squares / count - mean.cwiseAbs2()) / count).cwiseSqrt();
        return ((mean - expected).array() / error.array()).abs().maxCoeff();
    }
};

/// Products of all pairs of elements.
Vector pair_products(const Vector& x) {
    Vector products(x.size() * (x.size() + 1) / 2);
    Index pair = 0;
    for (Index i = 0; i < x.size(); ++i)
        for (Index j = 0; j <= i; ++j) products(pair++) = x(i) * x(j);
    return products;
}

/// Without data the weights are independent standard normals in whitened units: all first, second and fourth
/// moments say so.
TEST(ReconstructWeights, HaveThePriorLawWithoutData) {
    Architecture tiny = uneven_architecture({2, 2}, 1);
    tiny.widths = {3, 2};
    tiny.readout_width = 2;
    for (const Architecture& architecture : {tiny, low_rank_architecture()}) {
        const RandomProblem problem{4, 2, architecture};
        const PathKernels kernels = problem.kernels();
        const Matrix targets = problem.targets();
        const WeightLayout layout(architecture, problem.input_width);
        RandomStream random(3, "test", 0);
        Moments first;
        Moments second;
        Moments fourth;
        for (int draw = 0; draw < 40000; ++draw) {
            const WhitenedCoordinates::Point point = prior_point(architecture, random);
            const Vector x =
                layout.pack(reconstruct_weights(architecture, point, kernels, targets, 1e14, random));
            first.add(x);
            second.add(pair_products(x));
            fourth.add(pair_products(x.cwiseAbs2()));
        }
        const Index size = layout.dimension();
        EXPECT_LT(first.largest_z(Vector::Zero(size)), 4.5);
        Vector expected_second(second.sum.size());
        Vector expected_fourth(second.sum.size());
        Index pair = 0;
        for (Index i = 0; i < size; ++i)
            for (Index j = 0; j <= i; ++j, ++pair) {
                expected_second(pair) = i == j ? 1 : 0;
                expected_fourth(pair) = i == j ? 3 : 1;
            }
        EXPECT_LT(second.largest_z(expected_second), 4.5);
        EXPECT_LT(fourth.largest_z(expected_fourth), 4.5);
    }
}

/// At fixed order parameters f at the training points has the Gaussian-process posterior's mean and
/// covariance, K - K (K+TI)^{-1} K.
TEST(ReconstructWeights, FollowTheGaussianProcessPosteriorGivenData) {
    constexpr double temperature = 0.2;
    for (const Architecture& architecture :
         {uneven_architecture({2, 2}, 1), uneven_architecture({2}, 2), low_rank_architecture()}) {
        const RandomProblem problem{5, 3, architecture};
        const PathKernels kernels = problem.kernels();
        const Matrix features = problem.features();
        const Matrix targets = problem.targets();
        RandomStream random(4, "test", 0);
        const WhitenedCoordinates::Point point = prior_point(architecture, random);
        const Matrix U = WhitenedCoordinates::path_order_parameter(point);
        const Prediction prediction = Predictor(kernels, targets, temperature, U).predict(features);
        Matrix kernel;
        kernels.assemble(U, kernel);
        mirror_lower(kernel);
        Matrix noisy = kernel;
        noisy.diagonal().array() += temperature;
        const Matrix covariance = kernel - kernel * noisy.llt().solve(kernel);

        const Vector mean = prediction.mean.reshaped();
        Moments first;
        Moments second;
        for (int draw = 0; draw < 8000; ++draw) {
            const Vector f = network_output(features, reconstruct_weights(architecture, point, kernels,
                                                                          targets, temperature, random))
                                 .reshaped();
            first.add(f);
            second.add(pair_products(f - mean));
        }
        EXPECT_LT(first.largest_z(mean), 4.5);
        Vector expected(second.sum.size());
        Index pair = 0;
        for (Index i = 0; i < mean.size(); ++i)
            for (Index j = 0; j <= i; ++j) expected(pair++) = covariance(i, j);
        EXPECT_LT(second.largest_z(expected), 4.5);
    }
}

/// Order parameters from their exact posterior, extended to weights: every layer obeys its identity, and the
/// posterior is the one that chains over all the weights sample.
TEST(ReconstructWeights, AreDrawsFromThePosteriorOfTheWeights) {
    constexpr double temperature = 0.3;
    Architecture architecture = even_architecture({2, 2}, 3);
    architecture.widths = {3, 1};
    architecture.variances.layers = {1.4, 0.7};
    architecture.variances.input = 0.8;
    const RandomProblem problem{5, 3, architecture};
    const PathKernels kernels = problem.kernels();
    const Matrix features = problem.features();
    const Matrix targets = problem.targets();
    DataTerm data_term(kernels, targets, temperature);
    OrderParameterPosterior order_parameters(architecture, &data_term);
    WeightPosterior weights(architecture, features, targets, temperature);
    const WeightLayout& layout = weights.layout();
    const auto quantities = [&](const Vector& position) {
        const WeightPosterior::Network network = weights.network(position);
        const Matrix f = features * network.input_weights;
        const Vector identities = testing::layer_identities(layout, position, f, targets, temperature);
        Vector values(identities.size() + network.path_order_parameter.size() + f.size());
        values << identities, network.path_order_parameter.reshaped(), f.reshaped();
        return values;
    };

    const LogDensity density = order_parameters.log_density();
    const Vector scale = order_parameters.prior_scale();
    const auto unknowns = [&](const Vector& z) {
        return Vector(order_parameters.prior_mode() + scale.cwiseProduct(z));
    };
    const LogDensity standardised{density.dimension, [&](const Vector& z, Vector& gradient) {
                                      const double value = density.value_and_gradient(unknowns(z), gradient);
                                      if (std::isfinite(value))
                                          gradient = gradient.cwiseProduct(scale).eval();
                                      return value;
                                  }};
    RandomStream random(5, "test", 0);
    const std::vector<Matrix> extended =
        testing::run_chains(standardised, 4, 400, 4000, [&](const Vector& z) {
            const WhitenedCoordinates::Point point = order_parameters.coordinates().expand(unknowns(z));
            return quantities(
                layout.pack(reconstruct_weights(architecture, point, kernels, targets, temperature, random)));
        });
    const std::vector<Matrix> direct = testing::run_chains(weights.log_density(), 4, 400, 3000, quantities);

    const std::size_t layers = layout.blocks().size();
    for (std::size_t i = 0; i < extended.size(); ++i) {
        if (i < layers) {
            EXPECT_LT(std::abs(testing::z_score(extended[i])), 4.5) << "layer " << i;
            EXPECT_LT(std::abs(testing::z_score(direct[i])), 4.5) << "layer " << i;
        } else {
            const double error = std::hypot(mcse_mean(extended[i]), mcse_mean(direct[i]));
            EXPECT_LT(std::abs(extended[i].mean() - direct[i].mean()), 4.5 * error) << i;
        }
    }
}

}  // namespace
}  // namespace attnpaths
