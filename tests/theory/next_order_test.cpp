#include "theory/next_order.hpp"

#include "theory/data_term_third_derivative.hpp"
#include "theory/expansion_by_differences.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::Diagonal;
using testing::even_architecture;
using testing::ExpansionByDifferences;
using testing::networks_of_all_shapes;
using testing::normal_matrix;
using testing::paths_of_turned_heads;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::shape_text;

NextOrder next_order_of(const Architecture& architecture, const PathKernels& kernels, const Matrix& y,
                        double temperature) {
    DataTerm data_term(kernels, y, temperature);
    return {architecture, data_term, y, temperature, solve_saddle_point(architecture, data_term, {})};
}

void expect_near_relatively(double value, double expected, double tolerance) {
    EXPECT_NEAR(value, expected, tolerance * std::max(1.0, std::abs(expected)));
}

/// Figures of an independent implementation (numpy, third derivatives by complex steps): lower triangle of
/// U_1 + dU column by column, standard deviations, Cov(U_11, U_31), log det H.
TEST(NextOrder, AgreesWithFiguresOfAnotherImplementation) {
    struct Reference {
        double width;
        std::array<double, 10> U;  // 11, 21, 31, 41, 22, 32, 42, 33, 43, 44
        double sd_11, sd_44, covariance, log_det;
    };
    const std::array references = {
        Reference{10,
                  {14.76129925, 0.05387195384, -5.906474014, -0.4007709627, 0.5351913486, -0.1678342391,
                   0.04271777089, 7.150971308, 0.07052220016, 0.3449996434},
                  3.428408126,
                  0.1575047422,
                  -3.288655709,
                  50.04972983},
        Reference{100,
                  {2.931717407, 0.09169105581, -0.487117155, 0.005997001908, 1.324377243, -0.08305729374,
                   0.02081690975, 2.590409356, -0.02197395079, 1.354169869},
                  0.4926987611,
                  0.2453669875,
                  -0.0249072601,
                  72.89453752},
        Reference{1000,
                  {1.268287351, 0.02256927935, -0.03900687342, 0.002884322817, 1.17675112, -0.01129536621,
                   0.00278729035, 1.254293477, 0.009799695331, 1.208993716},
                  0.08923424548,
                  0.08320776753,
                  -0.0001361167128,
                  102.2029847}};
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    for (const Reference& reference : references) {
        const NextOrder next =
            next_order_of(even_architecture({2, 2}, reference.width), kernels, task.targets("train"), 0.01);
        std::size_t entry = 0;
        for (Index j = 0; j < 4; ++j)
            for (Index i = j; i < 4; ++i)
                expect_near_relatively(next.order_parameter()(i, j), reference.U.at(entry++), 1e-8);
        expect_near_relatively(next.standard_deviation()(0, 0), reference.sd_11, 1e-8);
        expect_near_relatively(next.standard_deviation()(3, 3), reference.sd_44, 1e-8);
        expect_near_relatively(next.covariance()(0, 2), reference.covariance, 1e-8);
        expect_near_relatively(next.log_det_hessian(), reference.log_det, 1e-8);
    }
}

/// The third derivative of the data term by differences of its Hessian, in both forms.
TEST(NextOrder, ContractedThirdDerivativeIsThatOfTheHessian) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        const RandomProblem problem{9, 4, architecture};
        const PathKernels kernels = problem.kernels();
        const Matrix y = problem.targets();
        const Index size = architecture.paths() * architecture.outputs;
        const Matrix root = normal_matrix(size, size, 11);
        const Matrix U = root * root.transpose() / static_cast<double>(size) + Matrix::Identity(size, size);
        std::vector<Matrix> directions;
        for (const std::uint64_t seed : {21U, 22U, 23U}) {
            const Matrix half = normal_matrix(size, size, seed);
            directions.emplace_back(half + half.transpose());
        }
        // sum_a d2/ds2 gradient(U + s D_a), by central differences of fourth order.
        DataTerm data_term(kernels, y, 0.3);
        Matrix expected = Matrix::Zero(size, size);
        constexpr double step = 2e-3;
        Matrix gradient;
        const auto add = [&](const Matrix& at, double weight) {
            data_term.value_and_gradient(at, gradient);
            expected += weight / (step * step) * gradient;
        };
        for (const Matrix& D : directions) {
            add(U, -5.0 / 2);
            for (const int sign : {-1, 1}) {
                add(U + sign * step * D, 4.0 / 3);
                add(U + sign * 2 * step * D, -1.0 / 12);
            }
        }
        const WhitenedFeatures features(kernels, y, 0.3, U);
        Matrix columns(size * size, 3);
        for (Index a = 0; a < 3; ++a) columns.col(a) = directions[static_cast<std::size_t>(a)].reshaped();
        const PairCovariance covariance(columns);
        const Matrix over_examples = data_term_third_derivative_over_examples(kernels, features, covariance);
        const Matrix gram = features.Z.transpose() * features.Z;
        const Matrix weights = features.u * features.u.transpose();
        const Matrix over_features = data_term_third_derivative_over_features(
            kernels, features, covariance.apply(gram - weights), covariance.apply(gram) * features.u);
        const double scale = expected.cwiseAbs().maxCoeff();
        EXPECT_LT((over_examples - over_features).cwiseAbs().maxCoeff(), 1e-11 * scale);
        EXPECT_LT((over_examples - expected).cwiseAbs().maxCoeff(), 1e-6 * scale);
    }
}

/// The shift from its definition, with the third derivatives as slopes of Hessians: the same in either
/// coordinates, as <U> is.
TEST(NextOrder, ShiftFollowsFromTheSlopeOfTheHessiansDeterminantInAnyCoordinates) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        const RandomProblem problem{6, 4, architecture};
        const PathKernels kernels = problem.kernels();
        const Matrix y = problem.targets();
        DataTerm data_term(kernels, y, 0.2);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        const NextOrder next(architecture, data_term, y, 0.2, saddle);
        const Index size = next.shift().rows();
        const Matrix some = normal_matrix(size, size, 41) / static_cast<double>(size);
        const Matrix c = some + some.transpose();
        const double expected = next.shift().cwiseProduct(c).sum();
        for (const Diagonal diagonal : {Diagonal::logarithmic, Diagonal::plain})
            EXPECT_NEAR(ExpansionByDifferences(architecture, data_term, saddle, diagonal).shift(c), expected,
                        1e-6)
                << shape_text(architecture) << (diagonal == Diagonal::plain ? " plain" : " logarithmic");
    }
}

/// Without data the saddle point is the exact mean of U.
TEST(NextOrder, VanishesWithoutData) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        RandomProblem problem{5, 4, architecture};
        problem.feature_scale = 0;
        const NextOrder next = next_order_of(architecture, problem.kernels(), problem.targets(), 0.3);
        EXPECT_LT(next.shift().cwiseAbs().maxCoeff(), 1e-14) << shape_text(architecture);
    }
}

/// At large temperatures the shift falls as 1 / T.
TEST(NextOrder, FallsWithTheTemperature) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        const RandomProblem problem{5, 4, architecture};
        const auto shift = [&](double temperature) {
            return next_order_of(architecture, problem.kernels(), problem.targets(), temperature)
                .shift()
                .cwiseAbs()
                .maxCoeff();
        };
        EXPECT_NEAR(shift(1e6) / shift(1e7), 10, 0.01) << shape_text(architecture);
    }
}

/// Infinitely wide networks do not fluctuate: <U> and the predictor are the Gaussian process' to the order
/// 1/N.
TEST(NextOrder, ApproachesTheGaussianProcess) {
    for (Architecture architecture : networks_of_all_shapes()) {
        const auto distances = [&](double factor) {
            Architecture wide = architecture;
            for (double& width : wide.widths) width *= factor;
            wide.readout_width *= factor;
            const RandomProblem problem{5, 4, wide};
            const PathKernels kernels = problem.kernels();
            const Matrix y = problem.targets();
            const NextOrder next = next_order_of(wide, kernels, y, 0.2);
            const Matrix U = gaussian_process_order_parameters(wide).U.front();
            const Matrix points = normal_matrix(3, 4 * wide.paths(), 5);
            const Prediction infinite = Predictor(kernels, y, 0.2, U).predict(points);
            const Prediction finite = next.predict(points);
            return std::array{(next.order_parameter() - U).norm(), next.standard_deviation().norm(),
                              (finite.mean - infinite.mean).norm(),
                              (finite.variance - infinite.variance).norm()};
        };
        const std::array near = distances(1e4);
        const std::array far = distances(1e6);
        const std::array orders = {1.0, 0.5, 1.0, 1.0};
        for (std::size_t i = 0; i < orders.size(); ++i) {
            EXPECT_LT(far.at(i), 0.1);
            EXPECT_NEAR(std::log10(near.at(i) / far.at(i)) / 2, orders.at(i), 0.02)
                << i << " " << shape_text(architecture);
        }
    }
}

/// Order of the heads in every layer is no physics, nor is that of the classes: exchanging them permutes the
/// corrected U.
TEST(NextOrder, HeadsAndClassesAreExchangeable) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        const RandomProblem problem{6, 4, architecture};
        const Index outputs = architecture.outputs;
        const Matrix y = problem.targets();
        const NextOrder a = next_order_of(architecture, problem.kernels(), y, 0.1);
        const NextOrder b = next_order_of(architecture, problem.kernels_of_turned_heads(),
                                          Matrix(y.rowwise().reverse()), 0.1);
        std::vector<Index> rows;  // of a, path by path and output by output, at each row of b
        for (const Index path : paths_of_turned_heads(architecture))
            for (Index d = outputs - 1; d >= 0; --d) rows.push_back(path * outputs + d);
        const auto difference = [&](const Matrix& of_a, const Matrix& of_b) {
            return (of_b - of_a(rows, rows)).cwiseAbs().maxCoeff();
        };
        EXPECT_LT(difference(a.order_parameter(), b.order_parameter()), 1e-8) << shape_text(architecture);
        EXPECT_LT(difference(a.standard_deviation(), b.standard_deviation()), 1e-8)
            << shape_text(architecture);
    }
}

/// <g> = g(U) + g_p dU_p + 1/2 g_pq Cov_pq of mean and variance, by differences of the predictor.
TEST(NextOrder, PredictionIsTheExpectationToNextOrder) {
    for (const Architecture& architecture : networks_of_all_shapes()) {
        SCOPED_TRACE(shape_text(architecture));
        const Index outputs = architecture.outputs;
        const RandomProblem problem{9, 4, architecture};
        const PathKernels kernels = problem.kernels();
        const Matrix y = problem.targets();
        DataTerm data_term(kernels, y, 0.3);
        const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
        const NextOrder next(problem.architecture, data_term, y, 0.3, saddle);
        const Matrix points = normal_matrix(6, problem.input_width * architecture.paths(), 31);
        const Matrix& U = saddle.order_parameters.U.front();
        const auto at = [&](const Matrix& V) { return Predictor(kernels, y, 0.3, V).predict(points); };
        const Prediction here = at(U);
        Matrix mean = here.mean;
        Matrix variance = here.variance;
        Matrix of_means = Matrix::Zero(6, outputs);
        constexpr double h = 1e-4;
        const Prediction up = at(U + h * next.shift());
        const Prediction down = at(U - h * next.shift());
        mean += (up.mean - down.mean) / (2 * h);
        variance += (up.variance - down.variance) / (2 * h);
        // Directions of the covariance: eigenvectors in the lower triangle.
        const Eigen::SelfAdjointEigenSolver<Matrix> modes(next.covariance());
        for (Index a = 0; a < modes.eigenvalues().size(); ++a) {
            if (modes.eigenvalues()(a) <= 1e-14) continue;
            Matrix D(U.rows(), U.cols());
            Index entry = 0;
            for (Index j = 0; j < D.rows(); ++j)
                for (Index i = j; i < D.rows(); ++i)
                    D(i, j) = D(j, i) = std::sqrt(modes.eigenvalues()(a)) * modes.eigenvectors()(entry++, a);
            const double e = 1e-3 / D.norm();
            const Prediction plus = at(U + e * D);
            const Prediction minus = at(U - e * D);
            mean += (plus.mean - 2 * here.mean + minus.mean) / (2 * e * e);
            variance += (plus.variance - 2 * here.variance + minus.variance) / (2 * e * e);
            of_means += ((plus.mean - minus.mean) / (2 * e)).cwiseAbs2();
        }
        Matrix variance_of_means;
        const Prediction prediction = next.predict(points, &variance_of_means);
        EXPECT_LT((prediction.mean - mean).cwiseAbs().maxCoeff(), 1e-6);
        EXPECT_LT((variance_of_means - of_means).cwiseAbs().maxCoeff(), 1e-6);
        EXPECT_LT((prediction.variance - variance - of_means).cwiseAbs().maxCoeff(), 1e-6);
    }
}

}  // namespace
}  // namespace attnpaths
