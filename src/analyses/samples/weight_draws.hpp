#pragma once

#include "base/record.hpp"
#include "sampling/network_weights.hpp"

namespace attnpaths {

/// Stored draws of all weights of the network: the columns GROUP/draws_V0, draws_V-layerl and draws_a, each
/// [chains, draws, ...].
class WeightDraws {
  public:
    /// @throws Error if what is to be stored is beyond `budget` bytes: says what to do
    static void check_memory(const Architecture& architecture, Index input_width, int chains, int draws,
                             double budget);

    WeightDraws(const Architecture& architecture, int chains, int draws);

    /// The next draw, chain by chain.
    void add(const NetworkWeights& weights);
    void enter(const std::string& group, Record& record);

  private:
    ValueArray V0_;
    std::vector<ValueArray> V_;
    ValueArray a_;
};

}  // namespace attnpaths
