#pragma once

#include <Random123/philox.h>

#include <cstdint>
#include <string_view>

namespace attnpaths {

/// Counter-based random stream (Philox 4x64-10). A stream is named, never seeded by rank or time: the same
/// (seed, purpose, index) gives the same numbers on any machine, rank and run, and different names give
/// independent streams.
class RandomStream {
  public:
    /// @param seed     a number of the user's or a point's
    /// @param purpose  what the numbers are for, e.g. "hidden-markov/train"
    /// @param index    which member of a family of streams (example, chain, ...)
    RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index);

    /// Uniform on the 2^64 integers.
    std::uint64_t bits();
    /// Uniform on (0, 1), 53 bits, never 0 or 1.
    double uniform();
    /// Standard normal.
    double normal();
    /// Chi distribution with `degrees` > 0 degrees of freedom (not necessarily whole): the length of a normal
    /// vector.
    double chi(double degrees);

  private:
    r123::Philox4x64::key_type key_;
    r123::Philox4x64::ctr_type counter_;
    r123::Philox4x64::ctr_type block_{};
    int used_ = 4;
    double spare_normal_ = 0;
    bool has_spare_normal_ = false;
};

}  // namespace attnpaths
