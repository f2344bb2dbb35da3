#include "theory/folded_triangle.hpp"

#include "base/byte_stream.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

FoldedTriangle::FoldedTriangle(Index columns, std::string_view packed) : FoldedTriangle(columns) {
    ByteReader in(packed);
    for (Index column = 0; column < columns; ++column)
        in.bytes(triangle_.col(column).data(), sizeof(double) * static_cast<std::size_t>(column + 1));
    is_empty_ = false;
}

std::string FoldedTriangle::packed() const {
    ByteWriter out;
    for (Index column = 0; column < triangle_.cols(); ++column)
        out.bytes(triangle_.col(column).data(), sizeof(double) * static_cast<std::size_t>(column + 1));
    return out.take();
}

std::size_t FoldedTriangle::packed_bytes(Index columns) {
    return sizeof(double) * static_cast<std::size_t>(columns * (columns + 1) / 2);
}

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

Index FoldingPlan::first_row(Index block) const {
    return std::min(block * rows_at_a_time, rows);
}

Index FoldingPlan::depth() const {
    return (blocks + strands - 1) / strands + strands - 1;
}

}  // namespace attnpaths
