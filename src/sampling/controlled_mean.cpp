#include "sampling/controlled_mean.hpp"

#include "theory/lapack.hpp"

#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

/// How many times smaller errors are on the whole, each in units of its own.
double gain_of(const Vector& plain, const Vector& controlled) {
    const auto is_error = plain.array() > 0;
    const Vector ratios = is_error.select(controlled.cwiseQuotient(plain).cwiseAbs2(), 0);
    return std::sqrt(static_cast<double>(is_error.count()) / ratios.sum());
}

}  // namespace

ControlledMean::Sums::Sums(Index quantities, Index controls_)
    : values(Vector::Zero(quantities + 1)),
      squares(Vector::Zero(quantities + 1)),
      by_weight(Vector::Zero(quantities + 1)),
      controls(Vector::Zero(controls_)),
      control_products(Matrix::Zero(controls_, controls_)),
      control_values(Matrix::Zero(controls_, quantities + 1)) {}

void ControlledMean::Sums::add(const Sums& other, double sign) {
    pairs += sign * other.pairs;
    values += sign * other.values;
    squares += sign * other.squares;
    by_weight += sign * other.by_weight;
    controls += sign * other.controls;
    control_products += sign * other.control_products;
    control_values += sign * other.control_values;
}

ControlledMean::ControlledMean(Vector reference, Index controls)
    : reference_(std::move(reference)),
      controls_(controls),
      folds_(folds, Sums(reference_.size(), controls)),
      weighted_squares_(Vector::Zero(reference_.size())) {}

void ControlledMean::add(Index number, const Matrix& values, const Vector& weights, const Matrix& controls) {
    const Index quantities = reference_.size();
    const Index pairs = weights.size() / 2;
    const Matrix deviations = values.colwise() - reference_;
    Matrix of_pairs(quantities + 1, pairs);
    const Matrix weighted = deviations * weights.asDiagonal();
    const auto first = Eigen::seqN(0, pairs, 2);
    const auto second = Eigen::seqN(1, pairs, 2);
    of_pairs.topRows(quantities) = (weighted(Eigen::all, first) + weighted(Eigen::all, second)) / 2;
    of_pairs.row(quantities) = (weights(first) + weights(second)).transpose() / 2;

    Sums& sums = folds_[static_cast<std::size_t>(number % folds)];
    sums.pairs += static_cast<double>(pairs);
    sums.values += of_pairs.rowwise().sum();
    sums.squares += of_pairs.rowwise().squaredNorm();
    sums.by_weight.noalias() += of_pairs * of_pairs.row(quantities).transpose();
    weights_ += weights.sum();
    weighted_squares_.noalias() += deviations.cwiseAbs2() * weights;
    if (controls_ == 0) return;
    sums.controls += controls.rowwise().sum();
    sums.control_products.noalias() += controls * controls.transpose();
    sums.control_values.noalias() += controls * of_pairs.transpose();
}

ControlledMean::Sums ControlledMean::total() const {
    Sums sum(reference_.size(), controls_);
    for (const Sums& fold : folds_) sum.add(fold, 1);
    return sum;
}

Matrix ControlledMean::coefficients(const Sums& others) const {
    const Matrix products =
        others.control_products - others.controls * others.controls.transpose() / others.pairs;
    const Matrix values = others.control_values - others.controls * others.values.transpose() / others.pairs;
    // Any coefficients will do, so those of controls that say the same, or nothing, may as well be small.
    constexpr double ridge = 1e-9;
    const Vector scale =
        (products.diagonal().array() > 0).select(products.diagonal().cwiseSqrt().cwiseInverse(), 0);
    Matrix factor = scale.asDiagonal() * products * scale.asDiagonal();
    factor.diagonal().setConstant(1 + ridge);
    Matrix solution = scale.asDiagonal() * values;
    if (!lapack::cholesky(factor)) return Matrix::Zero(solution.rows(), solution.cols());
    factor.triangularView<Eigen::Lower>().solveInPlace(solution);
    factor.transpose().triangularView<Eigen::Upper>().solveInPlace(solution);
    return scale.asDiagonal() * solution;
}

ControlledMean::Estimate ControlledMean::estimate_with(const std::vector<Matrix>& coefficients) const {
    const Index quantities = reference_.size();
    Matrix left(quantities + 1, folds);  // sums over the pairs of a fold of what is left
    double pairs = 0;
    for (Index fold = 0; fold < folds; ++fold) {
        const Sums& sums = folds_[static_cast<std::size_t>(fold)];
        left.col(fold) = sums.values;
        if (!coefficients.empty())
            left.col(fold).noalias() -=
                coefficients[static_cast<std::size_t>(fold)].transpose() * sums.controls;
        pairs += sums.pairs;
    }
    const Vector mean = left.rowwise().sum() / pairs;
    Estimate estimate;
    estimate.mean_weight = mean(quantities);
    // 0 for the weight, which stands for itself.
    Vector shift = mean / estimate.mean_weight;
    shift(quantities) = 0;
    Vector squares = Vector::Zero(quantities + 1);
    for (Index fold = 0; fold < folds; ++fold) {
        const Sums& sums = folds_[static_cast<std::size_t>(fold)];
        const double weight_square = sums.squares(quantities);
        squares += sums.squares - 2 * shift.cwiseProduct(sums.by_weight) + shift.cwiseAbs2() * weight_square;
        if (coefficients.empty()) continue;
        const Matrix& all = coefficients[static_cast<std::size_t>(fold)];
        const Matrix own = all - all.col(quantities) * shift.transpose();
        const Matrix products = sums.control_values - sums.control_values.col(quantities) * shift.transpose();
        squares += (own.cwiseProduct(sums.control_products * own - 2 * products)).colwise().sum().transpose();
    }
    estimate.mean_weight_error =
        std::sqrt(std::max(0.0, squares(quantities) / pairs - std::pow(estimate.mean_weight, 2)) / pairs);
    const auto shifts = shift.head(quantities);
    estimate.mean = reference_ + shifts;
    estimate.error =
        squares.head(quantities).cwiseMax(0).cwiseSqrt() / (pairs * std::abs(estimate.mean_weight));
    estimate.parts = (left.topRows(quantities) - shifts * left.row(quantities)) *
                     (static_cast<double>(folds) / pairs / estimate.mean_weight);
    estimate.parts.colwise() += estimate.mean;
    estimate.sd = (weighted_squares_ / weights_ - shifts.cwiseAbs2()).cwiseMax(0).cwiseSqrt();
    return estimate;
}

ControlledMean::Estimate ControlledMean::estimate() const {
    Estimate plain = estimate_with({});
    const Sums all = total();
    if (controls_ == 0 || all.pairs < static_cast<double>(fewest_pairs(controls_))) return plain;
    std::vector<Matrix> fitted;
    for (const Sums& fold : folds_) {
        Sums others = all;
        others.add(fold, -1);
        fitted.push_back(coefficients(others));
    }
    Estimate controlled = estimate_with(fitted);
    controlled.sd = plain.sd;
    controlled.gain = gain_of(plain.error, controlled.error);
    Estimate best = controlled.gain > 1 ? controlled : plain;
    if (controlled.mean_weight > 0 && controlled.mean_weight_error < plain.mean_weight_error) {
        best.mean_weight = controlled.mean_weight;
        best.mean_weight_error = controlled.mean_weight_error;
    }
    return best;
}

double ControlledMean::bytes(Index quantities, Index controls) {
    const auto m = static_cast<double>(controls);
    return sizeof(double) * 3 * static_cast<double>(folds) * (m + 4) * (m + static_cast<double>(quantities));
}

Index ControlledMean::fewest_pairs(Index controls) {
    // As the fits are to all folds but one.
    return controls + controls / 4;
}

}  // namespace attnpaths
