#include "network/low_rank_head.hpp"

#include <Eigen/LU>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

/// What rounding leaves of directions that are none, relative to the largest.
constexpr double rounding = 16 * std::numeric_limits<double>::epsilon();

/// Whether the first `size` rows and columns have full rank, as those of nearly every matrix of a higher rank
/// have: found in a fraction of the work of a decomposition.
bool has_regular_corner(const Matrix& matrix, Index size) {
    const Matrix corner = matrix.topLeftCorner(size, size);
    return Eigen::PartialPivLU<Matrix>(corner).rcond() > rounding;
}

}  // namespace

AttentionHead low_rank_head(AttentionHead head) {
    const Index most = head.W.rows() / 4;
    const bool has_biases = head.key_bias.size() > 0 || head.query_bias.size() > 0;
    if (most == 0 || has_biases || !head.W.allFinite() || has_regular_corner(head.W, most + 1)) return head;
    Eigen::ColPivHouseholderQR<Matrix> qr(head.W);
    qr.setThreshold(rounding);
    const Index rank = std::max<Index>(qr.rank(), 1);
    if (rank > most) return head;
    // W = (Q_1 R P'), Q_1 of orthonormal columns.
    Matrix first = Matrix::Identity(head.W.rows(), rank);
    first.applyOnTheLeft(qr.householderQ());
    const Matrix upper = qr.matrixR().topRows(rank).triangularView<Eigen::Upper>();
    head.key = first.transpose();
    head.query = std::sqrt(static_cast<double>(rank)) * (upper * qr.colsPermutation().transpose());
    head.W.resize(0, 0);
    return head;
}

HeadLayers low_rank_heads(HeadLayers layers, AttentionKind kind) {
    if (kind == AttentionKind::hardmax) return layers;
    for (std::vector<AttentionHead>& layer : layers)
        for (AttentionHead& head : layer) head = low_rank_head(std::move(head));
    return layers;
}

}  // namespace attnpaths
