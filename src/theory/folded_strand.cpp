#include "theory/folded_strand.hpp"

#include "base/byte_stream.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

constexpr std::size_t norm_bytes = 2 * sizeof(double);

}  // namespace

FoldedStrand::FoldedStrand(Index columns, std::string_view saved)
    : triangle_(columns, saved.substr(norm_bytes)) {
    ByteReader in(saved);
    largest_norm_ = in.number<double>();
    largest_token_ = in.number<double>();
}

void FoldedStrand::add(const Matrix& features, const Matrix& y) {
    largest_norm_ = std::max(largest_norm_, features.rowwise().norm().maxCoeff());
    // Targets are columns after the features: what is left of them below the features' rows of R is what the
    // features do not reach.
    triangle_.add(features, y);
}

void FoldedStrand::note_token(double norm) {
    largest_token_ = std::max(largest_token_, norm);
}

std::string FoldedStrand::save() const {
    ByteWriter out;
    out.number(largest_norm_);
    out.number(largest_token_);
    const std::string triangle = triangle_.packed();
    out.bytes(triangle.data(), triangle.size());
    return out.take();
}

std::size_t FoldedStrand::saved_bytes(Index columns) {
    return norm_bytes + FoldedTriangle::packed_bytes(columns);
}

}  // namespace attnpaths
