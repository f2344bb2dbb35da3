#include "theory/folded_triangle.hpp"

#include "theory/lapack.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

void FoldedTriangle::add(Matrix& rows) {
    is_empty_ = false;
    lapack::fold_rows(triangle_, rows);
}

void FoldedTriangle::add(const Matrix& features, const Matrix& y) {
    Matrix rows(features.rows(), features.cols() + y.cols());
    rows << features, y;
    add(rows);
}

void FoldedTriangle::add(FoldedTriangle& other) {
    if (is_empty_) {
        *this = std::move(other);
        return;
    }
    lapack::fold_rows(triangle_, other.triangle_, true);
}

FoldingPlan::FoldingPlan(Index all_rows, Index columns) : rows(all_rows) {
    constexpr Index numbers = Index{1} << 22U;  // of a block
    constexpr Index step = 512;                 // points that predictors look at together
    constexpr Index most_strands = 8;
    rows_at_a_time = std::clamp<Index>(numbers / columns / step, 1, 8) * step;
    blocks = (rows + rows_at_a_time - 1) / rows_at_a_time;
    strands = std::min(most_strands, blocks);
}

Index FoldingPlan::depth() const {
    return (blocks + strands - 1) / strands + strands - 1;
}

}  // namespace attnpaths
