#include "theory/next_order.hpp"

#include "theory/data_term_third_derivative.hpp"
#include "theory/kronecker.hpp"
#include "theory/lapack.hpp"
#include "theory/mirror.hpp"
#include "theory/pair_covariance.hpp"
#include "theory/posterior_hessian.hpp"

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

/// Operations of either form of sum_a d3E[D_a, D_a, .].
double operations_over_examples(double system, double directions) {
    return 3 * directions * std::pow(system, 3);
}
double operations_over_features(double system, double features) {
    return system * features * features + 2 * system * system * features + 2 * std::pow(system, 3);
}

bool is_contracted_over_features(double system, double size, double features) {
    return operations_over_features(system, features) <
           operations_over_examples(system, size * (size + 1) / 2);
}

/// Whether S(Z'Z - u u') is worth forming: for the third derivative or for the variance of points.
bool is_formed_over_features(double system, double size, double features) {
    return is_contracted_over_features(system, size, features) ||
           features * features < PairCovariance::gram_form_operations(system, size, features);
}

/// Points whose variances are found together over examples: a few million doubles, as far as one of them
/// allows.
Index points_at_a_time(double system, double size) {
    constexpr double most_doubles = 1 << 21;
    const double points = most_doubles / PairCovariance::gram_form_doubles(system, size);
    return static_cast<Index>(std::clamp(points, 1., 256.));
}
double point_doubles(double system, double size) {
    return static_cast<double>(points_at_a_time(system, size)) *
           PairCovariance::gram_form_doubles(system, size);
}

/// S(Z'Z - u u'), S being the covariance as an operator over features.
Matrix covariance_over_features(const WhitenedFeatures& features, const PairCovariance& covariance) {
    Matrix gram = Matrix::Zero(features.Z.cols(), features.Z.cols());
    gram.selfadjointView<Eigen::Lower>().rankUpdate(features.Z.transpose());
    gram.selfadjointView<Eigen::Lower>().rankUpdate(features.u, -1);
    mirror_lower(gram);
    return covariance.apply(gram);
}

}  // namespace

NextOrder::NextOrder(const Architecture& architecture, DataTerm& data_term, const Matrix& y,
                     double temperature, const SaddlePoint& saddle, const std::function<void()>& poll)
    : NextOrder(architecture, data_term, y, temperature, saddle,
                data_term.hessian(saddle.order_parameters.U.front()), poll) {}

NextOrder::NextOrder(const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle,
                     const std::function<void()>& poll)
    : NextOrder(problem.architecture(), data_term, problem.y(), problem.temperature(), saddle,
                problem.data_term_hessian(data_term, saddle.order_parameters.U.front()), poll) {}

NextOrder::NextOrder(const Architecture& architecture, DataTerm& data_term, const Matrix& y,
                     double temperature, const SaddlePoint& saddle, const Matrix& data_term_hessian,
                     const std::function<void()>& poll)
    : outputs_(architecture.outputs),
      paths_(architecture.paths()),
      saddle_U_(saddle.order_parameters.U.front()),
      features_(data_term.kernels(), y, temperature, saddle_U_) {
    Action action(architecture, data_term);
    const WhitenedCoordinates& coordinates = action.coordinates();
    const WhitenedCoordinates::Point point = coordinates.expand(saddle.unknowns);
    const Index unknowns = coordinates.size();
    poll();
    const Matrix factor = posterior_hessian_factor(action, saddle, data_term_hessian);
    log_det_hessian_ = log_determinant(factor);
    const auto lower = factor.triangularView<Eigen::Lower>();
    const auto upper = factor.transpose().triangularView<Eigen::Upper>();
    // Columns l_a of a square root of C = H^{-1}.
    const Matrix root = upper.solve(Matrix::Identity(unknowns, unknowns).eval());
    poll();

    const Matrix dU = action.data_term_gradient(saddle.unknowns);
    Vector t = Vector::Zero(unknowns);
    Matrix second_change = Matrix::Zero(saddle_U_.rows(), saddle_U_.cols());
    Matrix directions(saddle_U_.size(), unknowns);
    for (Index a = 0; a < unknowns; ++a) {
        const WhitenedCoordinates::Point tangent = coordinates.push_forward(point, root.col(a));
        const WhitenedCoordinates::Point second =
            coordinates.second_push_forward(point, tangent, root.col(a));
        const Matrix direction = WhitenedCoordinates::path_order_parameter_change(point, tangent);
        directions.col(a) = direction.reshaped();
        second_change += WhitenedCoordinates::path_order_parameter_second_change(point, tangent, second);
        t += coordinates.pull_back_second_change(point, tangent, second, dU,
                                                 gradient_change(data_term_hessian, direction));
        poll();
    }
    standard_deviation_ = directions.rowwise().norm().reshaped(saddle_U_.rows(), saddle_U_.cols());
    covariance_ = PairCovariance(std::move(directions));
    const auto system = static_cast<double>(features_.Z.rows());
    const auto size = static_cast<double>(saddle_U_.rows());
    const auto features = static_cast<double>(features_.Z.cols());
    const bool is_over_features = is_formed_over_features(system, size, features);
    if (is_over_features) variance_change_ = covariance_over_features(features_, covariance_);
    poll();
    const auto u = features_.u.reshaped(features_.input_width, saddle_U_.rows());
    // S(Z'Z) u.
    const Vector covariance_of_weights =
        is_over_features
            ? Vector(variance_change_ * features_.u + expanded_times(covariance_.contract(u.transpose() * u),
                                                                     features_.u, features_.input_width))
            : covariance_.apply_to_gram(features_.Z, features_.u);
    const Matrix ddU =
        gradient_change(data_term_hessian, second_change) +
        (is_contracted_over_features(system, size, features)
             ? data_term_third_derivative_over_features(data_term.kernels(), features_, variance_change_,
                                                        covariance_of_weights)
             : data_term_third_derivative_over_examples(data_term.kernels(), features_, covariance_));
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

    // With the residual feature rho = x - X'(K+TI)^{-1} k of a point, its covariance with a direction's
    // kernel is c X (D_a (x) I) rho, and all sums over directions are applications of the covariance
    // operator.
    const double c = features_.prefactor;
    mean_change_ = expanded_times(shift_, features_.u, features_.input_width) - c * covariance_of_weights;
    if (!is_over_features) return;
    variance_change_ *= -c * c;
    for (Index j = 0; j < shift_.cols(); ++j)
        for (Index i = 0; i < shift_.rows(); ++i)
            variance_change_
                .block(i * features_.input_width, j * features_.input_width, features_.input_width,
                       features_.input_width)
                .diagonal()
                .array() += c * shift_(i, j);
    // One triangle of a symmetric matrix for both.
    variance_change_.triangularView<Eigen::StrictlyLower>() *= 2;
}

Matrix NextOrder::covariance() const {
    const Index elements = saddle_U_.rows() * (saddle_U_.rows() + 1) / 2;
    Matrix columns(elements, covariance_.directions());
    for (Index a = 0; a < columns.cols(); ++a) columns.col(a) = lower_triangle_of(covariance_.direction(a));
    return columns * columns.transpose();
}

double NextOrder::shift_over_sd() const {
    return shift_.cwiseAbs().cwiseQuotient(standard_deviation_).maxCoeff();
}

double NextOrder::smallest_eigenvalue() const {
    Matrix work = order_parameter_;
    return lapack::symmetric_eigenvalues(work, false)(0);
}

// Of the unknowns those of layer 1 are all that count, a lower triangle of q rows.
double NextOrder::operations(double system, double size, double features) {
    const double unknowns = size * (size + 1) / 2;
    const double third =
        std::min(operations_over_examples(system, unknowns), operations_over_features(system, features));
    const double coordinates = unknowns * (2 * unknowns * unknowns + 20 * std::pow(size, 3));
    const double covariances =
        is_formed_over_features(system, size, features)
            ? system * features * features + std::pow(features * size, 2) + 2 * unknowns * std::pow(size, 4)
            : 4 * system * features * unknowns;
    return third + coordinates + covariances + system * system * features;
}

double NextOrder::bytes(double system, double size, double features) {
    const double unknowns = size * (size + 1) / 2;
    const double squared = std::pow(size, 4);
    // Whitened features; Hessian, factor and its inverse; directions.
    const double kept = system * (system + features) + 3 * unknowns * unknowns + unknowns * size * size;
    // Of the contraction over examples; of directions turned, and of points.
    const double over_examples =
        3 * system * system + unknowns * (2 * features + system) + point_doubles(system, size);
    // Directions' covariance and this regrouped; Gram matrix and its covariance, or this and what is made of
    // it and of matrices over examples while they are contracted.
    const double over_features = 2 * squared + features * features +
                                 std::max(features * features, 2 * system * features + 3 * system * system);
    return sizeof(double) *
           (kept + (is_formed_over_features(system, size, features) ? over_features : over_examples));
}

double NextOrder::operations_per_point(double system, double size, double features) {
    const double variance = is_formed_over_features(system, size, features)
                                ? features * features
                                : PairCovariance::gram_form_operations(system, size, features);
    return variance + 4 * system * features;
}

Vector NextOrder::variance_of_means(const Matrix& residual) const {
    return features_.prefactor * features_.prefactor *
           covariance_.gram_form(features_.u.transpose(), residual);
}

Vector NextOrder::variance_change(const Matrix& residual) const {
    if (variance_change_.size() > 0)
        return (variance_change_.triangularView<Eigen::Lower>() * residual)
            .cwiseProduct(residual)
            .colwise()
            .sum();
    const double c = features_.prefactor;
    Vector change =
        c * expanded_times(shift_, residual, features_.input_width).cwiseProduct(residual).colwise().sum();
    change += variance_of_means(residual);
    const Index rows = features_.Z.rows();
    const auto block = points_at_a_time(static_cast<double>(rows), static_cast<double>(saddle_U_.rows()));
    for (Index start = 0; start < residual.cols(); start += block) {
        const Index count = std::min(block, residual.cols() - start);
        change.segment(start, count) -=
            c * c * covariance_.gram_form(features_.Z, residual.middleCols(start, count));
    }
    return change;
}

Prediction NextOrder::predict(const Matrix& points, Matrix* variances_of_means) const {
    constexpr Index block = 256;  // points at a time: bounds the memory of their residual features
    const Index width = features_.input_width;
    const double c = features_.prefactor;
    Prediction prediction{Matrix(points.rows(), outputs_), Matrix(points.rows(), outputs_)};
    if (variances_of_means != nullptr) variances_of_means->resize(points.rows(), outputs_);
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
                (mixed.cwiseProduct(x).colwise().sum() - whitened.colwise().squaredNorm()).transpose() +
                variance_change(residual);
            if (variances_of_means != nullptr)
                variances_of_means->col(d).segment(start, count) = variance_of_means(residual);
        }
    }
    return prediction;
}

}  // namespace attnpaths
