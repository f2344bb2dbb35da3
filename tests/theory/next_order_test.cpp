#include "theory/next_order.hpp"

#include "theory/data_term_third_derivative.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::uneven_architecture;

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
    for (const Index outputs : {1, 3}) {
        const RandomProblem problem{9, 4, uneven_architecture({2, 2}, outputs)};
        const PathKernels kernels = problem.kernels();
        const Matrix y = problem.targets();
        const Index size = 4 * outputs;
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
        const PairCovariance covariance(directions);
        const Matrix over_examples = data_term_third_derivative_over_examples(kernels, features, covariance);
        const Matrix over_features = data_term_third_derivative_over_features(
            features, covariance.apply(features.Z.transpose() * features.Z),
            covariance.apply(features.u * features.u.transpose()));
        const double scale = expected.cwiseAbs().maxCoeff();
        EXPECT_LT((over_examples - over_features).cwiseAbs().maxCoeff(), 1e-11 * scale);
        EXPECT_LT((over_examples - expected).cwiseAbs().maxCoeff(), 1e-6 * scale);
    }
}

/// The shift from its definition, t_i = d log det H / d theta_i by differences.
TEST(NextOrder, ShiftFollowsFromTheSlopeOfTheHessiansDeterminant) {
    for (const Index outputs : {1, 2}) {
        for (const std::vector<Index>& heads :
             std::vector<std::vector<Index>>{{1}, {3}, {2, 3}, {2, 1, 2}, {2, 1, 2, 2}}) {
            const RandomProblem problem{12, 4, uneven_architecture(heads, outputs)};
            const Architecture& architecture = problem.architecture;
            const PathKernels kernels = problem.kernels();
            const Matrix y = problem.targets();
            DataTerm data_term(kernels, y, 0.2);
            const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
            const NextOrder next(architecture, data_term, y, 0.2, saddle);
            Action action(architecture, data_term);
            const WhitenedCoordinates& coordinates = action.coordinates();
            const double half_width = architecture.largest_width() / 2;
            const auto log_det = [&](const Vector& unknowns) {
                const Matrix H = half_width * action.hessian(unknowns);
                return 2 * Eigen::LLT<Matrix>(H).matrixLLT().diagonal().array().log().sum();
            };
            EXPECT_NEAR(next.log_det_hessian(), log_det(saddle.unknowns), 1e-9);
            Vector force(coordinates.size());
            constexpr double step = 1e-3;
            for (Index i = 0; i < force.size(); ++i) {
                const Vector direction = Vector::Unit(force.size(), i);
                const auto difference = [&](double h) {
                    return (log_det(saddle.unknowns + h * direction) -
                            log_det(saddle.unknowns - h * direction)) /
                           (2 * h);
                };
                force(i) = (4 * difference(step) - difference(2 * step)) / 6;
            }
            for (const WhitenedCoordinates::Level& level : coordinates.levels())
                WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
                    if (i == j) force(index) += static_cast<double>(i);
                });
            const Matrix C = (half_width * action.hessian(saddle.unknowns)).inverse();
            // U at the shifted mean, and its mean curvature, by differences along the eigenvectors of C.
            const auto U_at = [&](const Vector& unknowns) {
                return WhitenedCoordinates::path_order_parameter(coordinates.expand(unknowns));
            };
            const auto line = [&](const Vector& along, double h) {
                return Matrix(U_at(saddle.unknowns + h * along));
            };
            const Vector delta = -C * force;
            const double h = 1e-4 / delta.norm();
            Matrix shift = (line(delta, h) - line(delta, -h)) / (2 * h);
            const Eigen::SelfAdjointEigenSolver<Matrix> modes(C);
            for (Index a = 0; a < C.rows(); ++a) {
                const Vector along = std::sqrt(modes.eigenvalues()(a)) * modes.eigenvectors().col(a);
                const double e = 1e-3 / along.norm();
                shift += (line(along, e) - 2 * line(along, 0) + line(along, -e)) / (2 * e * e);
            }
            EXPECT_LT((shift - next.shift()).cwiseAbs().maxCoeff(), 1e-6);
        }
    }
}

/// Without data the saddle point is the exact mean of U; at large temperatures the shift falls as 1 / T.
TEST(NextOrder, VanishesWithoutData) {
    for (const std::vector<Index>& heads : std::vector<std::vector<Index>>{{2, 2}, {2, 3}, {3}}) {
        const RandomProblem problem{8, 4, uneven_architecture(heads, 1)};
        const auto shift = [&](double temperature) {
            return next_order_of(problem.architecture, problem.kernels(), problem.targets(), temperature)
                .shift()
                .cwiseAbs()
                .maxCoeff();
        };
        EXPECT_LT(shift(1e12), 1e-10);
        EXPECT_NEAR(shift(1e6) / shift(1e7), 10, 0.01);
    }
}

/// Order and coordinates of the heads are no physics: exchanging them permutes the corrected U.
TEST(NextOrder, HeadsAreExchangeable) {
    RandomProblem problem{10, 4, uneven_architecture({2, 3}, 1)};
    const Matrix features = problem.features();
    const std::array<Index, 6> permuted = {4, 5, 3, 1, 2, 0};  // layer 1 exchanged, layer 2 turned
    Matrix other(features.rows(), features.cols());
    for (Index path = 0; path < 6; ++path)
        other.middleCols(path * 4, 4) =
            features.middleCols(permuted.at(static_cast<std::size_t>(path)) * 4, 4);
    const PathKernels kernels = problem.kernels();
    const PathKernels others(other, 6, 1, kernels.prefactor(), KernelStorage::features);
    const NextOrder a = next_order_of(problem.architecture, kernels, problem.targets(), 0.1);
    const NextOrder b = next_order_of(problem.architecture, others, problem.targets(), 0.1);
    for (Index i = 0; i < 6; ++i)
        for (Index j = 0; j < 6; ++j) {
            const Index pi = permuted.at(static_cast<std::size_t>(i));
            const Index pj = permuted.at(static_cast<std::size_t>(j));
            EXPECT_NEAR(b.order_parameter()(i, j), a.order_parameter()(pi, pj), 1e-8);
            EXPECT_NEAR(b.standard_deviation()(i, j), a.standard_deviation()(pi, pj), 1e-8);
        }
}

/// <g> = g(U) + g_p dU_p + 1/2 g_pq Cov_pq of mean and variance, by differences of the predictor.
TEST(NextOrder, PredictionIsTheExpectationToNextOrder) {
    for (const Index outputs : {1, 2}) {
        const RandomProblem problem{9, 4, uneven_architecture({2, 2}, outputs)};
        const PathKernels kernels = problem.kernels();
        const Matrix y = problem.targets();
        DataTerm data_term(kernels, y, 0.3);
        const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
        const NextOrder next(problem.architecture, data_term, y, 0.3, saddle);
        const Matrix points = normal_matrix(6, problem.input_width * 4, 31);
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
