#include "theory/two_loop.hpp"

#include "theory/evidence.hpp"
#include "theory/posterior_hessian.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::networks_of_all_shapes;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::shape_text;

/// All approximations of the evidence of one problem.
struct Evidences {
    double ratio;
    TwoLoopCorrections corrections{};
    LaplaceEvidence laplace{};

    Evidences(const Architecture& architecture, const PathKernels& kernels, const Matrix& y,
              double temperature) {
        DataTerm data_term(kernels, y, temperature);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        Action action(architecture, data_term);
        const double log_det = log_determinant(
            posterior_hessian_factor(action, saddle, data_term.hessian(saddle.order_parameters.U.front())));
        ratio = log_evidence_ratio(architecture, saddle, y.size(), log_det);
        corrections = two_loop_corrections(architecture, data_term, saddle);
        if (architecture.readout_width >= 4)
            laplace = laplace_evidence(architecture, saddle, y.size(), log_det);
    }
    [[nodiscard]] double two_loop_ratio() const { return ratio + corrections.posterior - corrections.prior; }
};

double two_loop_ratio(const Architecture& architecture, const PathKernels& kernels, const Matrix& y,
                      double temperature) {
    return Evidences(architecture, kernels, y, temperature).two_loop_ratio();
}

void expect_relatively_near(double value, double expected, double tolerance) {
    EXPECT_NEAR(value / expected, 1, tolerance) << value << " for " << expected;
}

/// Figures of an independent implementation in numpy.
TEST(TwoLoop, AgreesWithFiguresOfAnotherImplementation) {
    struct Reference {
        double width, posterior, prior, ratio;
    };
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    for (const Reference& reference : {Reference{10, -103.949438603, -0.0958697570497, -103.853568846},
                                       Reference{100, -136.3738635, -0.000812891810165, -136.373050608},
                                       Reference{1000, -159.037706852, -8.01266299051e-06, -159.037698839}}) {
        const Evidences evidences(even_architecture({2, 2}, reference.width), kernels, task.targets("train"),
                                  0.01);
        expect_relatively_near(evidences.laplace.posterior + evidences.corrections.posterior,
                               reference.posterior, 1e-7);
        EXPECT_NEAR(evidences.laplace.prior + evidences.corrections.prior, reference.prior, 1e-9);
        expect_relatively_near(evidences.two_loop_ratio(), reference.ratio, 1e-7);
    }
}

TEST(TwoLoop, AgreesOverTemperatures) {
    struct Reference {
        double temperature, narrow, middle, wide;
    };
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    for (const Reference& reference : {Reference{0.1, -102.71319058, -132.18677876, -144.16860392},
                                       Reference{0.2, -106.01404569, -131.35139796, -137.74664927},
                                       Reference{0.5, -119.56778078, -133.32255207, -134.64994935},
                                       Reference{1, -135.90831445, -140.34543605, -140.78172429}}) {
        for (const auto& [width, expected] :
             {std::pair{10., reference.narrow}, {100., reference.middle}, {1000., reference.wide}})
            expect_relatively_near(
                two_loop_ratio(even_architecture({2, 2}, width), kernels, y, reference.temperature), expected,
                1e-7);
    }
}

/// Kernels of some of the reference task's paths and examples.
PathKernels kernels_of(const ReferenceTask& task, const std::vector<Index>& paths,
                       const std::vector<Index>& examples) {
    constexpr Index width = 231;
    const Matrix all = task.features("train");
    Matrix features(static_cast<Index>(examples.size()), width * static_cast<Index>(paths.size()));
    for (std::size_t path = 0; path < paths.size(); ++path)
        features.middleCols(static_cast<Index>(path) * width, width) =
            all(examples, Eigen::seqN(paths[path] * width, width));
    return {features, static_cast<Index>(paths.size()), 1, 1.0 / static_cast<double>(features.cols()),
            KernelStorage::kernels};
}

std::vector<Index> first(Index count) {
    std::vector<Index> numbers(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = i;
    return numbers;
}

/// The network without one of its heads.
TEST(TwoLoop, AgreesForSubNetworks) {
    const ReferenceTask task;
    const Matrix y = task.targets("train");
    struct Removed {
        std::vector<Index> heads, paths;
        std::array<double, 3> expected;  // (N, T) = (10, 0.01), (100, 0.2), (1000, 0.5)
    };
    const std::array<std::pair<double, double>, 3> networks = {{{10, 0.01}, {100, 0.2}, {1000, 0.5}}};
    for (const Removed& removed : {Removed{{1, 2}, {2, 3}, {-166.61425543, -162.88235271, -148.97098248}},
                                   Removed{{1, 2}, {0, 1}, {-138.20048038, -184.48850157, -148.80441469}},
                                   Removed{{2, 1}, {1, 3}, {-175.88709752, -154.77286217, -144.65089186}},
                                   Removed{{2, 1}, {0, 2}, {-93.347435491, -108.98800689, -123.36256677}}}) {
        const PathKernels kernels = kernels_of(task, removed.paths, first(100));
        for (std::size_t i = 0; i < networks.size(); ++i)
            expect_relatively_near(two_loop_ratio(even_architecture(removed.heads, networks.at(i).first),
                                                  kernels, y, networks.at(i).second),
                                   removed.expected.at(i), 1e-7);
    }
}

/// log p(y) as the mean of the density over networks drawn from the prior: no coordinates, no saddle point.
double brute_force(const PathKernels& kernels, const Matrix& y, double temperature, Index width,
                   Index draws) {
    RandomStream random(1, "test", 0);
    const DataTerm data_term(kernels, y, temperature);
    Matrix readout(1, width);
    double sum = 0;
    constexpr Index block = 1000;
    for (Index done = 0; done < draws; done += block) {
        std::vector<Matrix> U;
        for (Index draw = 0; draw < block; ++draw) {
            for (double& weight : readout.reshaped())
                weight = random.normal() / std::sqrt(static_cast<double>(width));
            // [heads so far, width]: what reaches the layer along each path.
            Matrix paths = readout;
            for (int layer = 0; layer < 2; ++layer) {
                Matrix next(2 * paths.rows(), width);
                Matrix weights(width, width);
                for (const Index head : {0, 1}) {
                    for (double& weight : weights.reshaped())
                        weight = random.normal() / std::sqrt(static_cast<double>(width));
                    next.middleRows(head * paths.rows(), paths.rows()) = paths * weights;
                }
                paths = std::move(next);
            }
            U.emplace_back(paths * paths.transpose());
        }
        sum += (-data_term.varying_values(U) / 2).array().exp().sum();
    }
    return std::log(sum / static_cast<double>(draws)) -
           static_cast<double>(y.size()) / 2 * std::log(2 * std::numbers::pi);
}

/// Few examples of alternating classes.
TEST(TwoLoop, AgreesWithTheMeanOverThePrior) {
    const ReferenceTask task;
    struct Reference {
        std::vector<Index> examples;
        double width, temperature, two_loop, last_digit, beyond;
    };
    for (const Reference& reference : {Reference{{0, 50}, 10, 0.5, -3.17233, 1e-5, 0.006},
                                       Reference{{0, 50, 1, 51, 2}, 10, 0.1, -8.36088, 1e-5, 0.02},
                                       Reference{{0, 50, 1, 51, 2}, 100, 0.1, -8.03325, 1e-5, 0},
                                       Reference{{0, 50, 1, 51, 2}, 4, 0.1, -8.7419, 1e-4, 0}}) {
        const PathKernels kernels = kernels_of(task, first(4), reference.examples);
        const Matrix y = task.targets("train")(reference.examples, Eigen::all);
        const double value =
            two_loop_ratio(even_architecture({2, 2}, reference.width), kernels, y, reference.temperature);
        EXPECT_NEAR(value, reference.two_loop, reference.last_digit);
        if (reference.beyond > 0) {
            EXPECT_NEAR(
                value,
                brute_force(kernels, y, reference.temperature, static_cast<Index>(reference.width), 40000),
                reference.beyond);
        }
    }
}

/// Those that do not take many hundred Hessians.
std::vector<Architecture> small_networks_of_all_shapes() {
    std::vector<Architecture> networks = networks_of_all_shapes();
    std::erase_if(networks, [](const Architecture& of) { return of.paths() * of.outputs > 6; });
    return networks;
}

/// Without data p(y) is the noise alone, and nothing is left of the corrections.
TEST(TwoLoop, IsThatOfTheNoiseWithoutData) {
    for (const Architecture& architecture : small_networks_of_all_shapes()) {
        RandomProblem problem{4, 3, architecture};
        problem.feature_scale = 0;
        const Matrix y = problem.targets();
        EXPECT_NEAR(two_loop_ratio(architecture, problem.kernels(), y, 0.3),
                    log_evidence_of_noise(y.size(), y.squaredNorm(), 0.3), 1e-7)
            << shape_text(architecture);
    }
}

TEST(TwoLoop, DoesNotDependOnTheOrderOfHeadsAndClasses) {
    const ReferenceTask task;
    const Matrix y = task.targets("train");
    const Architecture architecture = even_architecture({2, 2}, 10);
    for (const std::vector<Index>& paths : {std::vector<Index>{2, 3, 0, 1}, {1, 0, 3, 2}})
        EXPECT_NEAR(two_loop_ratio(architecture, kernels_of(task, paths, first(100)), y, 0.01),
                    -103.853568846, 1e-6);
    for (const Architecture& any : small_networks_of_all_shapes()) {
        const RandomProblem problem{4, 3, any};
        const Matrix targets = problem.targets();
        EXPECT_NEAR(
            two_loop_ratio(any, problem.kernels_of_turned_heads(), Matrix(targets.rowwise().reverse()), 0.1),
            two_loop_ratio(any, problem.kernels(), targets, 0.1), 1e-7)
            << shape_text(any);
    }
}

/// A density: of one number, its integral over that number is 1 but for 3 in 10,000.
TEST(TwoLoop, IntegratesToOne) {
    const ReferenceTask task;
    const PathKernels kernels = kernels_of(task, first(4), {0});
    const Architecture architecture = even_architecture({2, 2}, 10);
    double integral = 0;
    constexpr double step = 0.3;
    for (int i = -70; i <= 70; ++i)
        integral +=
            step * std::exp(two_loop_ratio(architecture, kernels, Matrix::Constant(1, 1, step * i), 0.1));
    EXPECT_NEAR(integral, 0.99970, 2e-5);
}

}  // namespace
}  // namespace attnpaths
