#pragma once

#include "network/architecture.hpp"

#include <map>
#include <memory>
#include <vector>

namespace attnpaths {

/// Which token of an example is a token and no padding, [tokens, P].
using TokenMask = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// Attention that was computed elsewhere, for every example of a set, handed out a few examples at a time:
/// all of it together may be larger than memory.
class AttentionMaps {
  public:
    AttentionMaps() = default;
    virtual ~AttentionMaps() = default;
    AttentionMaps(const AttentionMaps&) = delete;
    AttentionMaps& operator=(const AttentionMaps&) = delete;

    /// H of a layer, counted from 0; 0 if the layer's attention does not come from here.
    [[nodiscard]] virtual Index heads(std::size_t layer) const = 0;
    /// How many examples are best read together.
    [[nodiscard]] virtual Index examples_at_a_time() const = 0;
    /// Examples first to first + count - 1, [count, H, queries, keys] with keys fastest; padding included.
    [[nodiscard]] virtual std::vector<double> read(std::size_t layer, Index first, Index count) const = 0;
};

/// Tokens of a set that are read or made a few examples at a time: all of them may be larger than memory.
class TokenSource {
  public:
    TokenSource() = default;
    virtual ~TokenSource() = default;
    TokenSource(const TokenSource&) = delete;
    TokenSource& operator=(const TokenSource&) = delete;

    /// N0.
    [[nodiscard]] virtual Index input_width() const = 0;
    /// P.
    [[nodiscard]] virtual Index examples() const = 0;
    /// How many examples are best read together.
    [[nodiscard]] virtual Index examples_at_a_time() const = 0;
    /// Examples first to first + count - 1, [N0, count * tokens], zeros in the padding. Equal arguments give
    /// equal bits.
    [[nodiscard]] virtual Matrix read(Index first, Index count) const = 0;
};

/// The token sequences of P examples, brought to one length by padding. What stands in the padding has no
/// influence on anything.
struct TokenSequences {
    Matrix x;          ///< [N0, P * tokens], the tokens of an example side by side; empty with a source
    Index tokens = 0;  ///< per example, padding included
    TokenMask mask{};  ///< [tokens, P]; empty if there is no padding
    std::vector<Index> readout{};  ///< [P] for Readout::index: the token of each example that is read out
    std::shared_ptr<const AttentionMaps> maps{};  ///< for layers whose heads hold nothing
    std::shared_ptr<const TokenSource> source{};  ///< of tokens that are not held in x

    [[nodiscard]] bool has_tokens() const { return x.size() > 0 || source != nullptr; }
    /// N0; 0 without tokens.
    [[nodiscard]] Index token_width() const { return source ? source->input_width() : x.rows(); }
    /// P of the tokens.
    [[nodiscard]] Index sequences() const;
};

/// Tokens of some consecutive examples of a set: those that it holds, or as its source hands them out.
class TokenWindow {
  public:
    /// @param set  must outlive this object
    TokenWindow(const TokenSequences& set, Index first, Index count);

    /// Of one of them, [N0, tokens].
    [[nodiscard]] auto of(Index example) const {
        return x().middleCols((example - first_) * tokens_, tokens_);
    }

    /// Norm of one's longest token: the same bits wherever the window begins.
    [[nodiscard]] double longest_token(Index example) const;

  private:
    [[nodiscard]] const Matrix& x() const { return held_ != nullptr ? *held_ : read_; }

    const Matrix* held_;
    Matrix read_;
    Index first_;
    Index tokens_;
};

/// Positions of an example's tokens among the padded ones, ascending.
std::vector<Index> token_positions(const TokenSequences& set, Index example);

/// These examples by their number of tokens without padding.
std::map<Index, std::vector<Index>> examples_by_length(const TokenSequences& set,
                                                       const std::vector<Index>& examples);

}  // namespace attnpaths
