#pragma once

#include "base/byte_stream.hpp"

#include <Random123/philox.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace attnpaths {

/// Counter-based random stream (Philox 4x64-10). A stream is named, never seeded by rank or time: the same
/// (seed, purpose, index) gives the same numbers on any machine, rank and run, and different names give
/// independent streams.
///
/// A result names its streams by the same three, so that anyone can draw its numbers again. The seed is the
/// task's, a key hashed from the point, or 0 for numbers that are the same at every point; the purpose is a
/// text "what/part" that the code drawing the numbers spells out and nothing else uses; the index counts
/// examples, heads, chains from 0. A changed name is a changed result.
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
    /// The next so many normals, as normal() gives them, in two thirds of the time.
    void normals(std::span<double> numbers);
    /// Chi distribution with `degrees` > 0 degrees of freedom (not necessarily whole): the length of a normal
    /// vector.
    double chi(double degrees);

    /// Appends the name and the position: the numbers drawn so far, the spare normal included. Equal states
    /// give equal bytes.
    void save(ByteWriter& out) const;
    /// Goes on where the saved stream stood, with exactly the same numbers. Bytes cut short or impossible
    /// fail the reader and leave this stream as it was.
    /// @throws DataError if the state belongs to a stream of another name
    void restore(ByteReader& in);

  private:
    static constexpr int block_size = 4;

    void draw_block();

    r123::Philox4x64::key_type key_;
    r123::Philox4x64::ctr_type counter_;  ///< of the next block: blocks drawn so far, index, 0, 0
    r123::Philox4x64::ctr_type block_{};
    int used_ = block_size;  ///< numbers of `block_` already given out
    double spare_normal_ = 0;
    bool has_spare_normal_ = false;
};

}  // namespace attnpaths
