#pragma once

#include "network/architecture.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace attnpaths {

/// Triangle R of the QR factorisation of a matrix that has more rows than are ever in memory: its blocks of
/// rows are folded into the triangle of those before (tall-skinny QR; Demmel, Grigori, Hoemmen and Langou
/// 2012, doi:10.1137/080731992). Householder reflections keep the digits of which a Gram matrix loses half.
class FoldedTriangle {
  public:
    explicit FoldedTriangle(Index columns) : triangle_(Matrix::Zero(columns, columns)) {}
    /// One that goes on from what was packed of another, of packed_bytes(columns) bytes.
    FoldedTriangle(Index columns, std::string_view packed);

    /// @param rows  [any, columns], used up
    void add(Matrix& rows);
    /// Adds the rows of [features, y].
    void add(const Matrix& features, const Matrix& y);
    /// Adds the rows that another one was made of, which is used up.
    void add(FoldedTriangle& other);

    /// R [columns, columns]; zeros below its diagonal.
    [[nodiscard]] const Matrix& triangle() const { return triangle_; }
    /// R, column by column without the zeros.
    [[nodiscard]] std::string packed() const;
    static std::size_t packed_bytes(Index columns);

  private:
    Matrix triangle_;
    bool is_empty_ = true;
};

/// How rows are cut into blocks, and blocks into strands of consecutive ones that are folded by themselves
/// before their triangles are folded together, first to last: fixed by the shape of the matrix alone, so that
/// whoever folds which strand gets the same bits.
struct FoldingPlan {
    Index rows;
    Index rows_at_a_time;
    Index blocks;
    Index strands;

    /// @param columns  of the matrix: some 32 MB of it are a block, of 512 to 4096 rows
    FoldingPlan(Index rows, Index columns);

    /// First row of a block; that of the block after the last is `rows`.
    [[nodiscard]] Index first_row(Index block) const;
    /// First block of a strand; that of the strand after the last is `blocks`.
    [[nodiscard]] Index first_block(Index strand) const { return strand * blocks / strands; }
    /// Most foldings that a row goes through: errors of rounding grow with their square root.
    [[nodiscard]] Index depth() const;
};

}  // namespace attnpaths
