// How fast the errors of saddle point and next order fall where widths and data grow together.

#include "theory/next_order.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;

constexpr Index examples = 5;
constexpr Index feature_width = 3;
constexpr double temperature = 0.2;

/// <U_1> of one path through one layer, by quadrature: a priori U_1 = g h, with N g and N h chi-squares of N
/// degrees of freedom each.
/// @param E  of U_1
double mean_by_quadrature(double width, const std::function<double(double)>& E) {
    // Smooth, and gone at both ends: the trapezoidal rule in log g, log h converges exponentially.
    constexpr int steps = 160;
    const double reach = 9 * std::sqrt(2 / width);
    const auto log_at = [&](int i) { return reach * (2.0 * i / steps - 1); };
    double sum = 0;
    double weights = 0;
    for (int i = 0; i <= steps; ++i)
        for (int j = 0; j <= steps; ++j) {
            const double g = log_at(i);
            const double h = log_at(j);
            const double u = std::exp(g + h);
            const double entropy = g - std::exp(g) + h - std::exp(h) + 2;
            const double weight = std::exp((width * entropy - (E(u) - E(1))) / 2);
            sum += weight * u;
            weights += weight;
        }
    return sum / weights;
}

/// E times `copies` is that of as many copies of the data in dimensions of their own. Errors of the saddle
/// point are of order 1/N, those of the next order of order 1/N^2.
TEST(NextOrder, ErrorsFallAsTheirOrdersSay) {
    const Matrix features = normal_matrix(examples, feature_width, 1);
    const Matrix y = normal_matrix(examples, 1, 2);
    const Eigen::SelfAdjointEigenSolver<Matrix> modes(features * features.transpose() /
                                                      static_cast<double>(feature_width));
    const Vector kernel = modes.eigenvalues();
    const Vector squares = (modes.eigenvectors().transpose() * y).cwiseAbs2();
    double saddle_error = 0;
    double next_error = 0;
    for (const Index copies : {4, 8, 16, 32}) {
        Matrix all = Matrix::Zero(copies * examples, copies * feature_width);
        for (Index copy = 0; copy < copies; ++copy)
            all.block(copy * examples, copy * feature_width, examples, feature_width) = features;
        const PathKernels kernels(all, 1, 1, 1.0 / static_cast<double>(feature_width),
                                  KernelStorage::features);
        const double width = 10.0 * static_cast<double>(copies);
        const Architecture architecture = even_architecture({1}, width);
        DataTerm data_term(kernels, y.replicate(copies, 1), temperature);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        const NextOrder next(architecture, data_term, y.replicate(copies, 1), temperature, saddle);
        const double mean = mean_by_quadrature(width, [&](double u) {
            const Eigen::ArrayXd total = u * kernel.array() + temperature;
            return static_cast<double>(copies) * (total.log() + squares.array() / total).sum();
        });
        const double of_saddle = std::abs(saddle.order_parameters.U.front()(0, 0) - mean);
        const double of_next = std::abs(next.order_parameter()(0, 0) - mean);
        EXPECT_LT(of_next, of_saddle / 5);
        if (saddle_error > 0) {
            EXPECT_NEAR(saddle_error / of_saddle, 2, 0.1) << width;
            EXPECT_NEAR(next_error / of_next, 4, 0.3) << width;
        }
        saddle_error = of_saddle;
        next_error = of_next;
    }
}

}  // namespace
}  // namespace attnpaths
