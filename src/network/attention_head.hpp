#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths {

enum class AttentionKind { softmax, hardmax };  ///< hardmax: 1 at the arg max over keys (first one on ties)
enum class Readout { average, first, last };    ///< which query tokens of the last layer are read out

/// One attention head on the bare input: the score of key token s for query token t is
/// x_s' W x_t, or (K x_s).(Q x_t)/sqrt(G) if queries and keys are given.
struct AttentionHead {
    std::string name;
    Matrix W;      ///< [N0, N0], row = key feature, column = query feature; empty if Q and K are given
    Matrix key;    ///< K [G, N0]
    Matrix query;  ///< Q [G, N0]
};

/// The heads of every attention layer; layer 1 (next to the input) first.
using HeadLayers = std::vector<std::vector<AttentionHead>>;

}  // namespace attnpaths
