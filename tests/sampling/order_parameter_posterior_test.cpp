#include "sampling/chain_ensemble.hpp"
#include "sampling/diagnostics.hpp"
#include "sampling/lower_triangle.hpp"
#include "sampling/nuts.hpp"
#include "sampling/order_parameter_target.hpp"
#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

/// Small widths, the second below its n_k so that U_1 is singular.
Architecture narrow_architecture() {
    Architecture architecture = uneven_architecture({3, 2}, 1);
    architecture.widths = {7, 1};
    architecture.readout_width = 5;
    return architecture;
}

/// The gradient against central differences, near the prior's mode.
/// @param away       from it, in units of a standard normal
/// @param tolerance  relative to the largest element
void expect_gradient_of_differences(OrderParameterPosterior& posterior, double away, double tolerance) {
    constexpr double step = 1e-5;
    const LogDensity density = posterior.log_density();
    const Vector x = posterior.prior_mode() + away * normal_matrix(density.dimension, 1, 2);
    Vector gradient;
    density.value_and_gradient(x, gradient);
    for (Index i = 0; i < x.size(); ++i) {
        Vector ignored;
        const Vector moved = step * Vector::Unit(x.size(), i);
        const double difference = (density.value_and_gradient(x + moved, ignored) -
                                   density.value_and_gradient(x - moved, ignored)) /
                                  (2 * step);
        EXPECT_NEAR(gradient(i), difference, tolerance * gradient.cwiseAbs().maxCoeff());
    }
}

TEST(OrderParameterPosterior, GradientMatchesFiniteDifferences) {
    for (const Architecture& architecture :
         {uneven_architecture({2, 2}, 1), narrow_architecture(), uneven_architecture({2}, 3)}) {
        const RandomProblem problem{6, 4, architecture};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.3);
        OrderParameterPosterior posterior(architecture, &data_term);
        expect_gradient_of_differences(posterior, 0.3, 1e-7);
    }
}

/// What the features cannot reach, divided by a temperature of 1e-12, is no part of the density's
/// differences.
TEST(OrderParameterPosterior, LowTemperatureLeavesDifferencesTheirDigits) {
    const Architecture architecture = uneven_architecture({2, 2}, 1);
    const TrainingSet set = make_training_set(normal_matrix(20, 8, 3), normal_matrix(20, 1, 4));
    const PathKernels kernels(set.features, 4, 1, 1.0 / 8, KernelStorage::features);
    DataTerm data_term(kernels, set, 1e-12);
    OrderParameterPosterior posterior(architecture, &data_term);
    expect_gradient_of_differences(posterior, 0.1, 1e-5);
}

/// U_1 of freshly drawn weights, straight from the network's definition: a ~ N, V ~ N, w = V' w_above /
/// sqrt(N).
Matrix order_parameter_of_weights(const Architecture& a, RandomStream& random) {
    const auto normal = [&](Index rows, Index cols, double variance) {
        Matrix matrix(rows, cols);
        for (double& element : matrix.reshaped()) element = std::sqrt(variance) * random.normal();
        return matrix;
    };
    Matrix above = normal(static_cast<Index>(a.readout_width), a.outputs, a.variances.readout);
    for (std::size_t l = a.depth(); l-- > 0;) {
        const auto width = static_cast<Index>(a.widths[l]);
        Matrix w(width, a.heads[l] * above.cols());
        for (Index head = 0; head < a.heads[l]; ++head)
            w.middleCols(head * above.cols(), above.cols()) =
                normal(above.rows(), width, a.variances.layers[l]).transpose() * above /
                std::sqrt(static_cast<double>(above.rows()));
        above = std::move(w);
    }
    return above.transpose() * above / a.widths.front();
}

/// Largest z between first and second moments of U_1 under a density over the unknowns and under explicit
/// weights.
double moment_discrepancy(const Architecture& architecture,
                          const std::function<void(const Vector&, double&, Vector&)>& distort) {
    OrderParameterPosterior posterior(architecture, nullptr);
    const LogDensity prior = posterior.log_density();
    constexpr int chains = 4;
    constexpr int draws = 2500;
    const Index size = architecture.paths() * architecture.outputs;
    std::vector<Matrix> sampled(static_cast<std::size_t>(2 * size * size), Matrix(draws, chains));
    for (int chain = 0; chain < chains; ++chain) {
        const LogDensity density{prior.dimension, [&](const Vector& z, Vector& gradient) {
                                     const Vector scale = posterior.prior_scale();
                                     const Vector x = posterior.prior_mode() + scale.cwiseProduct(z);
                                     Vector inner;
                                     double value = prior.value_and_gradient(x, inner);
                                     distort(x, value, inner);
                                     gradient = scale.cwiseProduct(inner);
                                     return value;
                                 }};
        Nuts nuts(density, Vector::Zero(prior.dimension),
                  RandomStream(3, "test", static_cast<std::uint64_t>(chain)), {.warmup = 400});
        while (nuts.is_warming_up()) nuts.transition();
        for (int draw = 0; draw < draws; ++draw) {
            nuts.transition();
            const Vector x = posterior.prior_mode() + posterior.prior_scale().cwiseProduct(nuts.position());
            const Matrix U = WhitenedCoordinates::path_order_parameter(posterior.coordinates().expand(x));
            for (Index i = 0; i < size * size; ++i) {
                sampled[static_cast<std::size_t>(i)](draw, chain) = U.reshaped()(i);
                sampled[static_cast<std::size_t>(size * size + i)](draw, chain) =
                    U.reshaped()(i) * U.reshaped()(i);
            }
        }
    }
    constexpr int direct = 40000;
    Vector sum = Vector::Zero(2 * size * size);
    Vector squares = sum;
    RandomStream random(4, "weights", 0);
    for (int draw = 0; draw < direct; ++draw) {
        const Matrix U = order_parameter_of_weights(architecture, random);
        Vector moments(2 * size * size);
        moments << U.reshaped(), U.reshaped().cwiseAbs2();
        sum += moments;
        squares += moments.cwiseAbs2();
    }
    const Vector mean = sum / direct;
    const Vector error = ((squares / direct - mean.cwiseAbs2()) / direct).cwiseSqrt();
    double largest = 0;
    for (Index i = 0; i < mean.size(); ++i) {
        const Matrix& values = sampled[static_cast<std::size_t>(i)];
        largest =
            std::max(largest, std::abs(values.mean() - mean(i)) / std::hypot(mcse_mean(values), error(i)));
    }
    return largest;
}

const auto undistorted = [](const Vector&, double&, Vector&) {};

/// Expected U, U_ij^2 and U_ii U_jj of every level under the prior, from the readout down: moments of a
/// Wishart matrix U_l of N degrees of freedom and scale sigma^2/N S, S = I (x) U_above, averaged over
/// U_above.
struct WishartMoments {
    Matrix mean;
    Matrix squares;            // E U_ij^2
    Matrix diagonal_products;  // E U_ii U_jj
};

std::vector<WishartMoments> wishart_moments(const Architecture& a) {
    std::vector<WishartMoments> levels;
    const auto add = [&](Index heads, double width, double variance, const WishartMoments& above) {
        const Index block = above.mean.rows();
        const Index size = heads * block;
        WishartMoments scale{Matrix::Zero(size, size), Matrix::Zero(size, size), Matrix(size, size)};
        for (Index g = 0; g < heads; ++g) {
            for (Index h = 0; h < heads; ++h) {
                scale.diagonal_products.block(g * block, h * block, block, block) = above.diagonal_products;
                if (g != h) continue;
                scale.mean.block(g * block, h * block, block, block) = above.mean;
                scale.squares.block(g * block, h * block, block, block) = above.squares;
            }
        }
        const double square = variance * variance;
        levels.push_back({variance * scale.mean,
                          square * (scale.squares + (scale.diagonal_products + scale.squares) / width),
                          square * (scale.diagonal_products + 2 / width * scale.squares)});
    };
    const Index D = a.outputs;
    add(1, a.readout_width, a.variances.readout,
        {Matrix::Identity(D, D), Matrix::Identity(D, D), Matrix::Ones(D, D)});
    for (std::size_t l = a.depth(); l-- > 0;)
        add(a.heads[l], a.widths[l], a.variances.layers[l], WishartMoments(levels.back()));
    return levels;
}

/// Without data every level has the moments of its Wishart law, below full rank too.
TEST(OrderParameterPosterior, PriorHasTheWishartMomentsOfEveryLevel) {
    for (const Architecture& architecture :
         {uneven_architecture({2, 2}, 1), uneven_architecture({2}, 2), narrow_architecture()}) {
        OrderParameterPosterior posterior(architecture, nullptr);
        const NormalScale scale(posterior.prior_mode(),
                                posterior.prior_scale().cwiseAbs2().cwiseInverse().asDiagonal());
        SamplingTarget target = order_parameter_target(posterior, scale);
        const std::vector<WishartMoments> expected = wishart_moments(architecture);
        const auto levels_of = [&](const Vector& z) {
            const OrderParameters u =
                WhitenedCoordinates::order_parameters(posterior.coordinates().expand(scale.unknowns(z)));
            std::vector<Matrix> levels = {u.U_a};
            levels.insert(levels.end(), u.U.rbegin(), u.U.rend());
            return levels;
        };
        target.tracked = 0;
        for (const WishartMoments& level : expected) target.tracked += 2 * level.mean.size();
        target.observe = [&](const Vector& z, Observation& observation) {
            observation.tracked.resize(target.tracked);
            Index next = 0;
            for (const Matrix& U : levels_of(z)) {
                observation.tracked.segment(next, U.size()) = U.reshaped();
                observation.tracked.segment(next + U.size(), U.size()) = U.cwiseAbs2().reshaped();
                next += 2 * U.size();
            }
        };
        SamplingOptions options;
        options.draws = options.max_draws = 4000;
        const SampleSummary summary = ChainEnsemble(target, 11, "test", options).run([] {});
        Index next = 0;
        for (const WishartMoments& level : expected) {
            for (const Matrix* moments : {&level.mean, &level.squares}) {
                for (const double value : moments->reshaped()) {
                    EXPECT_LT(std::abs(summary.mean(next) - value) / summary.mcse(next), 4)
                        << "moment " << next << " of " << architecture.paths() << " paths";
                    ++next;
                }
            }
        }
    }
}

/// Without data the sampler reproduces what explicit weights give, at any width, below n_k too.
TEST(OrderParameterPosterior, PriorIsTheLawOfTheWeights) {
    EXPECT_LT(moment_discrepancy(uneven_architecture({2, 2}, 1), undistorted), 4.5);
    EXPECT_LT(moment_discrepancy(narrow_architecture(), undistorted), 4.5);
}

/// The same comparison finds a density whose degrees of freedom are off by one, or whose Jacobian is missing.
TEST(OrderParameterPosterior, WrongDensitiesAreFound) {
    Architecture architecture = uneven_architecture({2}, 1);
    architecture.widths = {6};
    architecture.readout_width = 6;
    const WhitenedCoordinates coordinates(architecture, WhitenedCoordinates::Rank::of_width);
    const auto shift_degrees = [&](double by) {
        return [&coordinates, by](const Vector& x, double& value, Vector& gradient) {
            for (const WhitenedCoordinates::Level& level : coordinates.levels()) {
                Index diagonal = level.offset;
                for (Index j = 0; j < level.columns; diagonal += level.rows - j, ++j) {
                    value += by * x(diagonal);
                    gradient(diagonal) += by;
                }
            }
        };
    };
    EXPECT_LT(moment_discrepancy(architecture, shift_degrees(0)), 4.5);
    EXPECT_GT(moment_discrepancy(architecture, shift_degrees(1)), 8);
    EXPECT_GT(moment_discrepancy(architecture, shift_degrees(-1)), 8);
}

}  // namespace
}  // namespace attnpaths
