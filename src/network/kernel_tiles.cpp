#include "network/kernel_tiles.hpp"

#include <algorithm>
#include <bit>

namespace attnpaths::kernel_tiles {

namespace {

template <int Lanes>
using Packet = Eigen::Array<double, Lanes, 1>;

/// Pairs at a time: so many streams of a tile are read side by side, and as many sums stay in registers.
constexpr int block = 8;

template <int Lanes, int Pairs>
void add_pairs(const double* tile, const double* weights, double* result) {
    Packet<Lanes> of_pair[Pairs];
    for (int pair = 0; pair < Pairs; ++pair)
        of_pair[pair] = Eigen::Map<const Packet<Lanes>>(weights + pair * Lanes);
    for (Index row = 0; row < rows; ++row) {
        Eigen::Map<Packet<Lanes>> sum(result + row * Lanes);
        Packet<Lanes> in_register = sum;
        for (int pair = 0; pair < Pairs; ++pair) in_register += tile[pair * rows + row] * of_pair[pair];
        sum = in_register;
    }
}

template <int Lanes, int Pairs>
void add_rows(const double* tile, const double* values, double* sums) {
    Packet<Lanes> in_register[Pairs];
    for (Packet<Lanes>& sum : in_register) sum.setZero();
    for (Index row = 0; row < rows; ++row) {
        const Packet<Lanes> value = Eigen::Map<const Packet<Lanes>>(values + row * Lanes);
        for (int pair = 0; pair < Pairs; ++pair) in_register[pair] += tile[pair * rows + row] * value;
    }
    for (int pair = 0; pair < Pairs; ++pair)
        Eigen::Map<Packet<Lanes>>(sums + pair * Lanes) += in_register[pair];
}

template <int Lanes>
void times_of(const double* tile, Index pairs, const double* weights, double* result) {
    std::fill_n(result, rows * Lanes, 0.0);
    Index pair = 0;
    for (; pair + block <= pairs; pair += block)
        add_pairs<Lanes, block>(tile + pair * rows, weights + pair * Lanes, result);
    for (; pair < pairs; ++pair) add_pairs<Lanes, 1>(tile + pair * rows, weights + pair * Lanes, result);
}

template <int Lanes>
void add_transposed_times_of(const double* tile, Index pairs, const double* values, double* sums) {
    Index pair = 0;
    for (; pair + block <= pairs; pair += block)
        add_rows<Lanes, block>(tile + pair * rows, values, sums + pair * Lanes);
    for (; pair < pairs; ++pair) add_rows<Lanes, 1>(tile + pair * rows, values, sums + pair * Lanes);
}

}  // namespace

Index lanes_for(Index count) {
    // Compilers are free in how they round a lane that is alone, as it is no vector.
    constexpr std::size_t fewest = 2;
    return static_cast<Index>(std::bit_ceil(std::max(fewest, static_cast<std::size_t>(count))));
}

void times(const double* tile, Index pairs, const double* weights, Index lanes, double* result) {
    switch (lanes) {
        case 2:
            return times_of<2>(tile, pairs, weights, result);
        case 4:
            return times_of<4>(tile, pairs, weights, result);
        default:
            return times_of<most_lanes>(tile, pairs, weights, result);
    }
}

void add_transposed_times(const double* tile, Index pairs, const double* values, Index lanes, double* sums) {
    switch (lanes) {
        case 2:
            return add_transposed_times_of<2>(tile, pairs, values, sums);
        case 4:
            return add_transposed_times_of<4>(tile, pairs, values, sums);
        default:
            return add_transposed_times_of<most_lanes>(tile, pairs, values, sums);
    }
}

}  // namespace attnpaths::kernel_tiles
