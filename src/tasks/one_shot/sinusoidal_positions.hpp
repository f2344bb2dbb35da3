#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Positions of tokens as sines and cosines: feature 2k of token t is sin(t w_k), feature 2k + 1 is cos(t
/// w_k), with w_k = 10000^(-2k/width), t = 0, 1, ...
/// @returns [width, tokens]
Matrix sinusoidal_positions(Index tokens, Index width);

/// Mean and unbiased standard deviation over all entries of a table.
struct TableScale {
    double mean = 0;
    double deviation = 0;
};
TableScale scale_of(const Matrix& table);

/// The positions as tokens get them: (table - mean)/(deviation + 1e-6), one mean and deviation for the table.
/// @returns [width, tokens]
Matrix standardised_positions(Index tokens, Index width);

}  // namespace attnpaths
