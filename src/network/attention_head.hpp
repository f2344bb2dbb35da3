#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths {

enum class AttentionKind { softmax, hardmax };  ///< hardmax: 1 at the arg max over keys (first one on ties)
/// Which query tokens of the last layer are read out; `index`: one that every example names.
enum class Readout { average, first, last, index };

/// One attention head on the bare input. The score of key token s for query token t is x_s' W x_t, or
/// (K x_s + k).(Q x_t + q)/sqrt(G) if queries and keys are given, plus biases that depend on the places of s
/// and t alone. A head may give its attention outright in place of scores, the same for all examples; one
/// that holds nothing takes it from the examples (TokenSequences::maps).
struct AttentionHead {
    std::string name;
    Matrix W;             ///< [N0, N0], row = key feature, column = query feature; empty if Q and K are given
    Matrix key;           ///< K [G, N0]
    Matrix query;         ///< Q [G, N0]
    Vector key_bias{};    ///< k [G], or empty
    Vector query_bias{};  ///< q [G], or empty
    Matrix bias{};        ///< [tokens, tokens], row = key, column = query; -inf = masked; or empty
    Vector relative_bias{};  ///< [2 tokens - 1], at place s - t + tokens - 1; or empty
    bool causal = false;     ///< keys after the query are masked
    Matrix attention{};      ///< [tokens, tokens], row = key, column = query

    [[nodiscard]] bool has_scores() const { return W.size() > 0 || key.size() > 0 || query.size() > 0; }
    [[nodiscard]] bool has_bias() const {
        return bias.size() > 0 || relative_bias.size() > 0 || causal || key_bias.size() > 0 ||
               query_bias.size() > 0;
    }
};

/// The heads of every attention layer; layer 1 (next to the input) first.
using HeadLayers = std::vector<std::vector<AttentionHead>>;

}  // namespace attnpaths
