#include "base/random_stream.hpp"

#include "base/hash.hpp"

#include <cmath>
#include <numbers>

namespace attnpaths {

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : key_{{seed, checksum(purpose.data(), purpose.size())}}, counter_{{0, index, 0, 0}} {}

std::uint64_t RandomStream::bits() {
    if (used_ == 4) {
        block_ = r123::Philox4x64()(counter_, key_);
        ++counter_[0];
        used_ = 0;
    }
    return block_[static_cast<std::size_t>(used_++)];
}

double RandomStream::uniform() {
    return (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53;
}

double RandomStream::normal() {
    if (has_spare_normal_) {
        has_spare_normal_ = false;
        return spare_normal_;
    }
    // Box-Muller: both numbers of a pair are used, so the stream's position is a plain count of draws.
    const double radius = std::sqrt(-2 * std::log(uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    spare_normal_ = radius * std::sin(angle);
    has_spare_normal_ = true;
    return radius * std::cos(angle);
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

}  // namespace attnpaths
