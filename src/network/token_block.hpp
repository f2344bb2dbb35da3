#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Examples with equally many tokens that are worked on together, their padding left out. Matrices are filled
/// up with zeros to sizes of which every example's results are the same to the last bit wherever it stands.
struct TokenBlock {
    std::vector<Index> examples;  ///< their numbers in the set
    Index tokens = 0;             ///< T of each
    Matrix x;                     ///< [N0, examples * T and more]
    Matrix readout_x;             ///< [N0, examples and more], the token that is read out
    std::vector<Index> readout;   ///< its place among the T
    std::vector<std::vector<Index>>
        positions;  ///< of the T tokens in the padded sequence, example by example
};

}  // namespace attnpaths
