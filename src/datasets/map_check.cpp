#include "datasets/map_check.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace attnpaths {

namespace {

constexpr int bfloat16_bits = 8;
constexpr int half_bits = 11;
constexpr int float_bits = 24;
constexpr int double_bits = 53;

/// Bits of the narrowest floating-point type that holds a number of [0, 1] exactly.
int bits_of(double value) {
    const auto single = static_cast<float>(value);
    if (static_cast<double>(single) != value) return double_bits;
    const auto pattern = std::bit_cast<std::uint32_t>(single);
    if ((pattern & 0xffffU) == 0) return bfloat16_bits;
    constexpr float smallest_normal_half = 0x1p-14F;
    constexpr float half_spacing = 0x1p24F;  // inverse, of what is smaller
    const bool is_half = single < smallest_normal_half
                             ? single * half_spacing == std::floor(single * half_spacing)
                             : (pattern & 0x1fffU) == 0;
    return is_half ? half_bits : float_bits;
}

/// How far a sum is from 1, in units of the relative rounding of a row's numbers: what softmax leaves if it
/// is computed in these numbers. Of that, the sum itself in 64 bits, here and where the row was made,
/// explains a part.
double deviation(double sum, Index keys) {
    const auto count = static_cast<double>(keys);
    const double summing = 2 * count * std::ldexp(1.0, -double_bits);
    return std::max(0.0, std::abs(sum - 1) - summing) / (8 + std::sqrt(count));
}

}  // namespace

MapCheck::MapCheck(std::string where, Index heads, const TokenSequences& set)
    : where_(std::move(where)), heads_(heads), set_(set) {}

std::string MapCheck::place(Index example, Index head, Index query) const {
    if (!set_.has_tokens()) return fmt::format("head {}, query {} (counted from 0)", head, query);
    return fmt::format("example {}, head {}, query {} (counted from 0)", example, head, query);
}

void MapCheck::add(const std::vector<double>& maps, Index first, Index count, ContentHash& hash) {
    const Index tokens = set_.tokens;
    std::vector<double> row;
    for (Index example = first; example < first + count; ++example) {
        const std::vector<Index> positions = token_positions(set_, example);
        for (Index head = 0; head < heads_; ++head)
            for (const Index query : positions) {
                const double* given =
                    maps.data() + (((example - first) * heads_ + head) * tokens + query) * tokens;
                row.clear();
                double sum = 0;
                for (const Index key : positions) {
                    const double value = given[key];
                    if (!(value >= 0) || !std::isfinite(value))
                        throw DataError(
                            fmt::format("{}: {}: the attention to key {} is {}; it must be a "
                                        "number from 0 to 1",
                                        where_, place(example, head, query), key, value));
                    bits_ = std::max(bits_, bits_of(value));
                    sum += value;
                    row.push_back(value);
                }
                hash.add(row.data(), row.size() * sizeof(double));
                const double relative = deviation(sum, static_cast<Index>(row.size()));
                farthest_ = std::max(farthest_, std::abs(sum - 1));
                if (relative > deviation_) {
                    deviation_ = relative;
                    sum_ = sum;
                    padding_ = 0;
                    for (Index key = 0; key < tokens; ++key)
                        if (set_.mask.size() > 0 && !set_.mask(key, example)) padding_ += given[key];
                    farthest_place_ = place(example, head, query);
                }
            }
    }
}

void MapCheck::finish(RowSums& sums) const {
    if (deviation_ > std::ldexp(1.0, -bits_))
        throw DataError(fmt::format(
            "{}: {}: the attention to its tokens sums to {}{}; rows [.., query, :] must sum to 1, to the "
            "rounding of numbers of {} bits",
            where_, farthest_place_, sum_,
            padding_ > 0 ? fmt::format(" and that to padding to {:.3g}", padding_) : "", bits_));
    if (deviation_ <= std::ldexp(1.0, -double_bits)) return;
    sums.farthest = std::max(sums.farthest, farthest_);
    sums.bits = std::max(sums.bits, bits_);
}

}  // namespace attnpaths
