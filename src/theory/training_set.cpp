#include "theory/training_set.hpp"

#include "base/rounding.hpp"
#include "theory/lapack.hpp"
#include "theory/strand_pass.hpp"

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

double largest_row_norm(const Matrix& features) {
    return features.rowwise().norm().maxCoeff();
}

/// Norm of the error that an example's features get from an orthogonal change of basis.
/// @param largest_norm  of an example's features
double rotation_error(double largest_norm) {
    return 4 * unit_roundoff * largest_norm;
}

/// Reduces to the numerical rank of `set.features`, by QR with column pivoting.
/// @param terms  of the longest sum that their rounding comes from: among equal examples its errors add up
void reduce_by_rank(TrainingSet& set, Index terms) {
    const lapack::PivotedQr qr = lapack::pivoted_qr(set.features, set.y);
    const Index most = qr.triangle.rows();
    const double scale = qr.triangle.norm();
    const double floor = std::max(set.accuracy.error * std::sqrt(static_cast<double>(set.examples)),
                                  8 * unit_roundoff * std::sqrt(static_cast<double>(terms)) * scale);
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
    set.accuracy.error =
        std::hypot(set.accuracy.error + rotation_error(largest_row_norm(set.features)), dropped);
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
        reduce_by_rank(set, rows);
        return set;
    }
    TrainingFold fold(features.rows(), features.cols(), y.cols());
    const FoldingPlan plan(features.rows(), features.cols());
    for (Index strand = 0; strand < plan.strands; ++strand) {
        FoldedStrand folded(features.cols() + y.cols());
        for (Index block = plan.first_block(strand); block < plan.first_block(strand + 1); ++block) {
            const Index first = plan.first_row(block);
            const Index count = plan.first_row(block + 1) - first;
            folded.add(features.middleRows(first, count), y.middleRows(first, count));
        }
        fold.add(folded);
    }
    return fold.finish(feature_error);
}

TrainingFold::TrainingFold(Index examples, Index feature_columns, Index outputs)
    : plan_(examples, feature_columns), outputs_(outputs), folded_(feature_columns + outputs) {}

void TrainingFold::add(FoldedStrand& strand) {
    largest_norm_ = std::max(largest_norm_, strand.largest_norm());
    largest_token_ = std::max(largest_token_, strand.largest_token());
    folded_.add(strand.triangle());
}

double TrainingFold::bytes(Index examples, Index feature_columns, Index outputs) {
    const FoldingPlan plan(examples, feature_columns);
    const Index columns = feature_columns + outputs;
    const auto width = static_cast<double>(columns);
    // Two triangles and the one that is made of them; the tokens of a block, its features and the copy that
    // is folded.
    const double at_work =
        sizeof(double) * width * (3 * width + 3 * static_cast<double>(plan.rows_at_a_time));
    // Strands as they are saved: as they came, as they are, and in a checkpoint; or one of them.
    constexpr double copies = 3;
    const auto one = static_cast<double>(FoldedStrand::saved_bytes(columns));
    const double all = static_cast<double>(plan.strands) * one;
    return at_work + (all <= static_cast<double>(most_shared_bytes) ? copies * all : one);
}

TrainingSet TrainingFold::finish(double feature_error) {
    return training_set_of(
        folded_, outputs_, plan_.rows,
        feature_error + rotation_error(largest_norm_) * std::sqrt(static_cast<double>(plan_.depth())));
}

TrainingSet training_set_of(const FoldedTriangle& folded, Index outputs, Index examples, double error,
                            double residual) {
    const Matrix& triangle = folded.triangle();
    const Index columns = triangle.cols() - outputs;
    TrainingSet set;
    set.examples = examples;
    set.accuracy.error = error;
    set.features = triangle.topLeftCorner(columns, columns);
    set.y = triangle.topRightCorner(columns, outputs);
    set.accuracy.residual_squared_norm =
        residual + triangle.bottomRightCorner(outputs, outputs).squaredNorm();
    if (lapack::reciprocal_condition_upper(set.features) > 1 / safe_condition)
        set.accuracy.inverse_norm = lapack::inverse_norm_upper(set.features);
    else
        reduce_by_rank(set,
                       std::max(columns, std::min(examples, FoldingPlan(examples, columns).rows_at_a_time)));
    return set;
}

TrainingSet training_set_of_some(const TrainingSet& whole, const Matrix& features) {
    FoldedTriangle folded(features.cols() + whole.y.cols());
    folded.add(features, whole.y);
    const double example_norm = features.norm() / std::sqrt(static_cast<double>(whole.examples));
    return training_set_of(folded, whole.y.cols(), whole.examples,
                           whole.accuracy.error + rotation_error(example_norm),
                           whole.accuracy.residual_squared_norm);
}

}  // namespace attnpaths
