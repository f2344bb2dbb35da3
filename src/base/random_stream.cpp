#include "base/random_stream.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace attnpaths {

namespace {

/// The two coordinates in which Box and Muller draw a pair of normals, from a uniform number each.
double radius_of(double uniform) {
    return std::sqrt(-2 * std::log(uniform));
}

double angle_of(double uniform) {
    return 2 * std::numbers::pi * uniform;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : key_{{seed, checksum(purpose.data(), purpose.size())}}, counter_{{0, index, 0, 0}} {}

void RandomStream::draw_block() {
    block_ = r123::Philox4x64()(counter_, key_);
    ++counter_[0];
    used_ = 0;
}

std::uint64_t RandomStream::bits() {
    if (used_ == block_size) draw_block();
    return block_[static_cast<std::size_t>(used_++)];
}

double RandomStream::uniform() {
    // The largest of these numbers would round to 1.
    return std::min((static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53, 1 - 0x1p-53);
}

double RandomStream::normal() {
    if (has_spare_normal_) {
        has_spare_normal_ = false;
        return spare_normal_;
    }
    // Both numbers of a pair are used, so the stream's position is a plain count of draws.
    const double radius = radius_of(uniform());
    const double angle = angle_of(uniform());
    spare_normal_ = radius * std::sin(angle);
    has_spare_normal_ = true;
    return radius * std::cos(angle);
}

void RandomStream::normals(std::span<double> numbers) {
    std::size_t done = 0;
    if (has_spare_normal_ && !numbers.empty()) numbers[done++] = normal();
    // Step by step for many pairs, so that no number waits for the one before.
    constexpr std::size_t pairs_at_a_time = 64;
    std::array<double, pairs_at_a_time> radius;
    std::array<double, pairs_at_a_time> angle;
    while (numbers.size() - done >= 2) {
        const std::size_t pairs = std::min(pairs_at_a_time, (numbers.size() - done) / 2);
        for (std::size_t i = 0; i < pairs; ++i) {
            radius[i] = uniform();
            angle[i] = angle_of(uniform());
        }
        for (std::size_t i = 0; i < pairs; ++i) radius[i] = radius_of(radius[i]);
        for (std::size_t i = 0; i < pairs; ++i) {
            numbers[done++] = radius[i] * std::cos(angle[i]);
            numbers[done++] = radius[i] * std::sin(angle[i]);
        }
    }
    if (done < numbers.size()) numbers[done] = normal();
}

double RandomStream::chi(double degrees) {
    // chi^2 is twice a gamma variate of shape degrees / 2 (Marsaglia and Tsang 2000); below shape 1 by the
    // boost of one.
    double shape = degrees / 2;
    double boost = 1;
    if (shape < 1) {
        boost = std::pow(uniform(), 1 / shape);
        shape += 1;
    }
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = normal();
        const double root = 1 + c * x;
        if (root <= 0) continue;
        const double v = root * root * root;
        if (std::log(uniform()) < x * x / 2 + d - d * v + d * std::log(v))
            return std::sqrt(2 * d * v * boost);
    }
}

void RandomStream::save(ByteWriter& out) const {
    out.number(key_[0]);
    out.number(key_[1]);
    out.number(counter_[1]);
    out.number(counter_[0]);
    out.number(static_cast<std::uint8_t>(used_));
    out.number(static_cast<std::uint8_t>(has_spare_normal_));
    out.number(has_spare_normal_ ? spare_normal_ : 0.0);
}

void RandomStream::restore(ByteReader& in) {
    const auto seed = in.number<std::uint64_t>();
    const auto purpose = in.number<std::uint64_t>();
    const auto index = in.number<std::uint64_t>();
    const auto blocks = in.number<std::uint64_t>();
    const auto used = in.number<std::uint8_t>();
    const auto has_spare = in.number<std::uint8_t>();
    const auto spare = in.number<double>();
    if (in.failed()) return;
    if (seed != key_[0] || purpose != key_[1] || index != counter_[1])
        throw DataError(fmt::format(
            "random stream: the saved state belongs to seed {}, index {}, purpose hash {}, not to "
            "seed {}, index {}, purpose hash {}; start again without it",
            seed, index, to_hex(purpose), key_[0], counter_[1], to_hex(key_[1])));
    const bool before_first_block = blocks == 0;
    if (used > block_size || (before_first_block && used < block_size) || has_spare > 1) {
        in.fail();
        return;
    }
    // The block in use is not saved but drawn again.
    counter_[0] = before_first_block ? 0 : blocks - 1;
    if (!before_first_block) draw_block();
    used_ = used;
    has_spare_normal_ = has_spare == 1;
    spare_normal_ = spare;
}

}  // namespace attnpaths
