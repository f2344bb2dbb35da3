#include "theory/training_set.hpp"

#include "base/rounding.hpp"
#include "theory/lapack.hpp"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

/// Features of a condition below this have full rank beyond doubt. Above it, the rank is looked for: the
/// reciprocal condition of a Gram matrix is the square of theirs.
constexpr double safe_condition = 3e5;

bool has_independent_rows(const Matrix& features) {
    Matrix gram = Matrix::Zero(features.rows(), features.rows());
    gram.selfadjointView<Eigen::Lower>().rankUpdate(features);
    return lapack::reciprocal_condition(gram) > 1 / (safe_condition * safe_condition);
}

/// Norm of the error that an example's features get from an orthogonal change of basis.
double rotation_error(const Matrix& features) {
    return 4 * unit_roundoff * features.rowwise().norm().maxCoeff();
}

/// Reduces to the numerical rank of `set.features`, by QR with column pivoting.
void reduce_by_rank(TrainingSet& set) {
    const lapack::PivotedQr qr = lapack::pivoted_qr(set.features, set.y);
    const Index most = qr.triangle.rows();
    const double scale = qr.triangle.norm();
    const double floor = std::max(set.accuracy.error * std::sqrt(static_cast<double>(set.examples)),
                                  8 * unit_roundoff * std::sqrt(static_cast<double>(most)) * scale);
    // Rows from the last one on, as long as all of them together are below rounding.
    Index rank = most;
    double dropped = 0;
    while (rank > 1) {
        const double with_row = std::hypot(dropped, qr.triangle.row(rank - 1).norm());
        if (with_row > floor) break;
        dropped = with_row;
        --rank;
    }
    // Examples whose features are independent after all stay as they are.
    if (rank == set.examples) return;
    const auto used_columns = (set.features.colwise().squaredNorm().array() > 0).count();
    if (rank == used_columns)
        set.accuracy.inverse_norm = lapack::inverse_norm_upper(qr.triangle.topLeftCorner(rank, rank));
    set.accuracy.error = std::hypot(set.accuracy.error + rotation_error(set.features), dropped);
    for (Index column = 0; column < set.features.cols(); ++column)
        set.features.col(qr.permutation(column)).head(rank) = qr.triangle.col(column).head(rank);
    set.features.conservativeResize(rank, Eigen::NoChange);
    set.y = qr.rotated.topRows(rank);
    set.accuracy.residual_squared_norm += qr.rotated.bottomRows(qr.rotated.rows() - rank).squaredNorm();
}

}  // namespace

Index training_rows(Index examples, Index feature_columns) {
    return std::min(examples, feature_columns);
}

double TrainingSet::data_term_constant(double temperature) const {
    const auto dropped = static_cast<double>((examples - features.rows()) * y.cols());
    return dropped * std::log(temperature) + accuracy.residual_squared_norm / temperature;
}

TrainingSet make_training_set(const Matrix& features, const Matrix& y, double feature_error) {
    TrainingSet set;
    set.examples = features.rows();
    set.accuracy.error = feature_error;
    const Index rows = training_rows(features.rows(), features.cols());
    if (rows == features.rows()) {
        set.features = features;
        set.y = y;
        if (has_independent_rows(features)) return set;
        reduce_by_rank(set);
        return set;
    }
    set.accuracy.error += rotation_error(features);
    const Eigen::HouseholderQR<Matrix> qr(features);
    set.features = qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
    const Matrix rotated = qr.householderQ().adjoint() * y;
    set.y = rotated.topRows(rows);
    set.accuracy.residual_squared_norm = rotated.bottomRows(features.rows() - rows).squaredNorm();
    if (lapack::reciprocal_condition_upper(set.features) > 1 / safe_condition)
        set.accuracy.inverse_norm = lapack::inverse_norm_upper(set.features);
    else
        reduce_by_rank(set);
    return set;
}

}  // namespace attnpaths
