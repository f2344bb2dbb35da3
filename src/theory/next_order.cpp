#include "theory/next_order.hpp"

#include "base/error.hpp"
#include "theory/data_term_third_derivative.hpp"
#include "theory/kronecker.hpp"
#include "theory/lapack.hpp"
#include "theory/pair_covariance.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

/// Lower triangle, column by column.
Vector lower_triangle_of(const Matrix& symmetric) {
    Vector triangle(symmetric.rows() * (symmetric.rows() + 1) / 2);
    Index entry = 0;
    for (Index j = 0; j < symmetric.rows(); ++j)
        for (Index i = j; i < symmetric.rows(); ++i) triangle(entry++) = symmetric(i, j);
    return triangle;
}

/// Change of dE/dU (each entry on its own) when U changes by D, from the Hessian in the lower triangle.
Matrix gradient_change(const Matrix& data_term_hessian, const Matrix& D) {
    const Vector change = data_term_hessian * lower_triangle_of(D);
    Matrix result(D.rows(), D.cols());
    Index entry = 0;
    for (Index j = 0; j < D.rows(); ++j)
        for (Index i = j; i < D.rows(); ++i, ++entry)
            // d2E/du_a refers to moving U_ij and U_ji together; each entry on its own has half of it.
            result(i, j) = result(j, i) = i == j ? change(entry) : change(entry) / 2;
    return result;
}

/// sum_a d3E[D_a, D_a, .], in the form that needs fewer operations.
Matrix contracted_third_derivative(const PathKernels& kernels, const WhitenedFeatures& features,
                                   const PairCovariance& covariance, const Matrix& covariance_of_gram,
                                   const Matrix& covariance_of_weights) {
    const auto system = static_cast<double>(features.Z.rows());
    const auto columns = static_cast<double>(features.Z.cols());
    const double over_examples =
        3 * static_cast<double>(covariance.directions().size()) * std::pow(system, 3);
    const double over_features = 2 * std::pow(columns, 3);
    return over_examples < over_features
               ? data_term_third_derivative_over_examples(kernels, features, covariance)
               : data_term_third_derivative_over_features(features, covariance_of_gram,
                                                          covariance_of_weights);
}

}  // namespace

NextOrder::NextOrder(const Architecture& architecture, DataTerm& data_term, const Matrix& y,
                     double temperature, const SaddlePoint& saddle, const std::function<void()>& poll)
    : outputs_(architecture.outputs),
      paths_(architecture.paths()),
      saddle_U_(saddle.order_parameters.U.front()),
      features_(data_term.kernels(), y, temperature, saddle_U_) {
    Action action(architecture, data_term);
    const WhitenedCoordinates& coordinates = action.coordinates();
    const WhitenedCoordinates::Point point = coordinates.expand(saddle.unknowns);
    const Index unknowns = coordinates.size();
    const Matrix data_term_hessian = data_term.hessian(saddle_U_);
    poll();
    // H of -log p = S/2 + ..., not of S divided by the largest width.
    Matrix factor = architecture.largest_width() / 2 * action.hessian(saddle.unknowns, data_term_hessian);
    if (!lapack::cholesky(factor))
        throw NumericalError("next order: the Hessian at the saddle point is not positive definite");
    log_det_hessian_ = 2 * factor.diagonal().array().log().sum();
    const auto lower = factor.triangularView<Eigen::Lower>();
    const auto upper = factor.transpose().triangularView<Eigen::Upper>();
    // Columns l_a of a square root of C = H^{-1}.
    const Matrix root = upper.solve(Matrix::Identity(unknowns, unknowns).eval());
    poll();

    const Matrix dU = action.data_term_gradient(saddle.unknowns);
    Vector t = Vector::Zero(unknowns);
    Matrix second_change = Matrix::Zero(saddle_U_.rows(), saddle_U_.cols());
    directions_.reserve(static_cast<std::size_t>(unknowns));
    for (Index a = 0; a < unknowns; ++a) {
        const WhitenedCoordinates::Point tangent = coordinates.push_forward(point, root.col(a));
        const WhitenedCoordinates::Point second =
            coordinates.second_push_forward(point, tangent, root.col(a));
        directions_.push_back(WhitenedCoordinates::path_order_parameter_change(point, tangent));
        second_change += WhitenedCoordinates::path_order_parameter_second_change(point, tangent, second);
        t += coordinates.pull_back_second_change(point, tangent, second, dU,
                                                 gradient_change(data_term_hessian, directions_.back()));
        poll();
    }
    const PairCovariance covariance(directions_);
    const Matrix covariance_of_gram = covariance.apply(features_.Z.transpose() * features_.Z);
    const Matrix covariance_of_weights = covariance.apply(features_.u * features_.u.transpose());
    poll();
    const Matrix ddU = gradient_change(data_term_hessian, second_change) +
                       contracted_third_derivative(data_term.kernels(), features_, covariance,
                                                   covariance_of_gram, covariance_of_weights);
    poll();
    t += coordinates.pull_back(point, ddU);
    t /= 2;  // of S/2
    Vector force = t / 2;
    const Vector root_squares = root.rowwise().squaredNorm();  // C_ii
    for (std::size_t k = 0; k < coordinates.levels().size(); ++k)
        WhitenedCoordinates::for_each_unknown(coordinates.levels()[k], [&](Index i, Index j, Index index) {
            if (i != j) return;
            const double b = point.B[k](i, i);
            // Third derivative of the entropy's N e^(2 theta).
            force(index) +=
                static_cast<double>(i) + 2 * coordinates.levels()[k].width * b * b * root_squares(index);
        });
    const Vector delta = -upper.solve(lower.solve(force).eval());

    const WhitenedCoordinates::Point shifted = coordinates.push_forward(point, delta);
    shift_ = WhitenedCoordinates::path_order_parameter_change(point, shifted) + second_change / 2;
    order_parameter_ = saddle_U_ + shift_;
    Matrix variances = Matrix::Zero(saddle_U_.rows(), saddle_U_.cols());
    for (const Matrix& direction : directions_) variances += direction.cwiseAbs2();
    standard_deviation_ = variances.cwiseSqrt();

    // With the residual feature rho = x - X'(K+TI)^{-1} k of a point, its covariance with a direction's
    // kernel is c X (D_a (x) I) rho, and all sums over directions are applications of the covariance
    // operator.
    const double c = features_.prefactor;
    mean_change_ =
        expanded_times(shift_, features_.u, features_.input_width) - c * (covariance_of_gram * features_.u);
    variance_change_ = -c * c * (covariance_of_gram - covariance_of_weights);
    for (Index j = 0; j < shift_.cols(); ++j)
        for (Index i = 0; i < shift_.rows(); ++i)
            variance_change_
                .block(i * features_.input_width, j * features_.input_width, features_.input_width,
                       features_.input_width)
                .diagonal()
                .array() += c * shift_(i, j);
}

Matrix NextOrder::covariance() const {
    const Index elements = saddle_U_.rows() * (saddle_U_.rows() + 1) / 2;
    Matrix columns(elements, static_cast<Index>(directions_.size()));
    for (std::size_t a = 0; a < directions_.size(); ++a)
        columns.col(static_cast<Index>(a)) = lower_triangle_of(directions_[a]);
    return columns * columns.transpose();
}

double NextOrder::shift_over_sd() const {
    return shift_.cwiseAbs().cwiseQuotient(standard_deviation_).maxCoeff();
}

double NextOrder::smallest_eigenvalue() const {
    Matrix work = order_parameter_;
    return lapack::symmetric_eigenvalues(work, false)(0);
}

Prediction NextOrder::predict(const Matrix& points, Matrix* variance_of_means) const {
    constexpr Index block = 256;  // points at a time: bounds the memory of their residual features
    const Index width = features_.input_width;
    const double c = features_.prefactor;
    Prediction prediction{Matrix(points.rows(), outputs_), Matrix(points.rows(), outputs_)};
    if (variance_of_means != nullptr) variance_of_means->resize(points.rows(), outputs_);
    for (Index start = 0; start < points.rows(); start += block) {
        const Index count = std::min(block, points.rows() - start);
        for (Index d = 0; d < outputs_; ++d) {
            // x: the point's path features, placed at output d [N0 q, count].
            Matrix x = Matrix::Zero(width * paths_ * outputs_, count);
            for (Index path = 0; path < paths_; ++path)
                x.middleRows((path * outputs_ + d) * width, width) =
                    points.block(start, path * width, count, width).transpose();
            const Matrix mixed = c * expanded_times(saddle_U_, x, width);
            // L^{-1} k = Z (c U (x) I) x;  rho = x - Z' (L^{-1} k): both U-weighted norms follow from these.
            const Matrix whitened = features_.Z * mixed;
            const Matrix residual = x - features_.Z.transpose() * whitened;
            prediction.mean.col(d).segment(start, count) =
                whitened.transpose() * features_.v + c * residual.transpose() * mean_change_;
            prediction.variance.col(d).segment(start, count) =
                (mixed.cwiseProduct(x).colwise().sum() - whitened.colwise().squaredNorm() +
                 (variance_change_ * residual).cwiseProduct(residual).colwise().sum())
                    .transpose();
            if (variance_of_means == nullptr) continue;
            const auto u = features_.u.reshaped(width, paths_ * outputs_);
            for (Index point = 0; point < count; ++point) {
                const Matrix overlap = residual.col(point).reshaped(width, u.cols()).transpose() * u;
                double sum = 0;
                for (const Matrix& direction : directions_)
                    sum += std::pow(c * direction.cwiseProduct(overlap).sum(), 2);
                (*variance_of_means)(start + point, d) = sum;
            }
        }
    }
    return prediction;
}

}  // namespace attnpaths
