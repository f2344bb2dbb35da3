#include "theory/learning_curve.hpp"

#include "base/error.hpp"
#include "theory/lapack.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace attnpaths {

ErrorEstimate leave_one_out(const Matrix& inverse, const Vector& weights, Index outputs, double temperature) {
    const Index examples = inverse.rows() / outputs;
    ErrorEstimate sum;
    Matrix block(outputs, outputs);
    Vector weight(outputs);
    for (Index example = 0; example < examples; ++example) {
        for (Index d = 0; d < outputs; ++d) {
            weight(d) = weights(d * examples + example);
            for (Index e = 0; e < outputs; ++e)
                block(d, e) = inverse(d * examples + example, e * examples + example);
        }
        // Without this example, y - mean is A_bb^{-1} alpha_b and the covariance of y is A_bb^{-1}.
        if (!lapack::cholesky(block))
            throw NumericalError(fmt::format("leave-one-out: no inverse at example {}", example + 1));
        const auto lower = block.triangularView<Eigen::Lower>();
        lower.solveInPlace(weight);
        block.transpose().triangularView<Eigen::Upper>().solveInPlace(weight);
        sum.bias += weight.squaredNorm();
        const Matrix root = lower.solve(Matrix::Identity(outputs, outputs).eval());
        sum.variance += root.squaredNorm() - static_cast<double>(outputs) * temperature;
    }
    const auto count = static_cast<double>(examples);
    return {sum.bias / count, sum.variance / count};
}

LearningCurve::LearningCurve(Vector eigenvalues, Vector powers, Index null_rows, double null_power,
                             Index outputs, double temperature)
    : eigenvalues_(eigenvalues.cwiseMax(0)),  // below zero by rounding only
      powers_(std::move(powers)),
      null_rows_(static_cast<double>(null_rows)),
      null_power_(null_power),
      outputs_(static_cast<double>(outputs)),
      temperature_(temperature) {}

double LearningCurve::pool() const {
    return (static_cast<double>(eigenvalues_.size()) + null_rows_) / outputs_;
}

LearningCurve::Point LearningCurve::at(double examples) const {
    const double rows = examples * outputs_;
    const double left_out = pool() * outputs_ - rows;
    const auto first_trace = [&](double ridge) {
        return (eigenvalues_.array() + ridge).inverse().sum() + null_rows_ / ridge;
    };
    double ridge = temperature_;
    if (left_out > 0) {
        // (lambda - T) t1 rises from 0 at T to M; looked for in log lambda.
        const auto excess = [&](double log_ridge) {
            const double at = std::exp(log_ridge);
            return (at - temperature_) * first_trace(at) - left_out;
        };
        const double low = std::log(temperature_);
        double high = std::log(temperature_ + std::max(eigenvalues_.maxCoeff(), temperature_));
        while (excess(high) < 0) high += 1;
        std::uintmax_t steps = 200;
        constexpr int bits = std::numeric_limits<double>::digits - 2;
        const auto [a, b] = boost::math::tools::toms748_solve(
            excess, low, high, boost::math::tools::eps_tolerance<double>(bits), steps);
        ridge = std::exp((a + b) / 2);
    }
    const Vector inverse = (eigenvalues_.array() + ridge).inverse();
    const double t1 = first_trace(ridge);
    const double t2 = inverse.squaredNorm() + null_rows_ / (ridge * ridge);
    const double r2 = powers_.dot(inverse.cwiseAbs2()) + null_power_ / (ridge * ridge);
    const double gamma = (pool() * outputs_ - t1 * t1 / t2) / rows;
    return {examples, ridge, outputs_ * (r2 / t2) / (1 - gamma), outputs_ * (rows / t1 - temperature_),
            gamma};
}

}  // namespace attnpaths
