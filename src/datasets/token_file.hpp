#pragma once

#include "h5/input_file.hpp"
#include "network/token_sequences.hpp"

#include <memory>
#include <string>

namespace attnpaths {

/// Tokens of a set of examples in a data set file, /SET/x, read in blocks of examples. The file stays open:
/// it may be replaced meanwhile.
class TokenFile : public TokenSource {
  public:
    /// @param object        of three axes, the first of them the examples
    /// @param tokens_first  whether the axes are [P, tokens, N0], else [P, N0, tokens]
    TokenFile(std::shared_ptr<const h5::InputFile> file, std::string object, bool tokens_first);

    [[nodiscard]] Index tokens() const { return tokens_; }
    [[nodiscard]] Index input_width() const override { return input_width_; }
    [[nodiscard]] Index examples() const override { return examples_; }
    [[nodiscard]] Index examples_at_a_time() const override { return examples_at_a_time_; }
    /// @throws DataError if a number is not finite
    [[nodiscard]] Matrix read(Index first, Index count) const override;

    /// Says what of the tokens is padding, [tokens, P]: zeros will stand there.
    void set_mask(TokenMask mask) { mask_ = std::move(mask); }

  private:
    [[noreturn]] void fail(Index first, const Matrix& x) const;

    std::shared_ptr<const h5::InputFile> file_;
    std::string object_;
    bool tokens_first_;
    Index examples_ = 0;
    Index input_width_ = 0;
    Index tokens_ = 0;
    Index examples_at_a_time_ = 1;
    TokenMask mask_;
};

}  // namespace attnpaths
