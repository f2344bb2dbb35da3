#include "network/kernel_tiles.hpp"

#include <algorithm>

namespace attnpaths::kernel_tiles {

namespace {

using Packet = Eigen::Array<double, most_lanes, 1>;

/// Pairs at a time: so many streams of a tile are read side by side, and as many sums stay in registers.
constexpr int block = 8;

template <int Pairs>
void add_pairs(const double* tile, const double* weights, double* result) {
    Packet of_pair[Pairs];
    for (int pair = 0; pair < Pairs; ++pair)
        of_pair[pair] = Eigen::Map<const Packet>(weights + pair * most_lanes);
    for (Index row = 0; row < rows; ++row) {
        Eigen::Map<Packet> sum(result + row * most_lanes);
        Packet in_register = sum;
        for (int pair = 0; pair < Pairs; ++pair) in_register += tile[pair * rows + row] * of_pair[pair];
        sum = in_register;
    }
}

template <int Pairs>
void add_rows(const double* tile, const double* values, double* sums) {
    Packet in_register[Pairs];
    for (Packet& sum : in_register) sum.setZero();
    for (Index row = 0; row < rows; ++row) {
        const Packet value = Eigen::Map<const Packet>(values + row * most_lanes);
        for (int pair = 0; pair < Pairs; ++pair) in_register[pair] += tile[pair * rows + row] * value;
    }
    for (int pair = 0; pair < Pairs; ++pair)
        Eigen::Map<Packet>(sums + pair * most_lanes) += in_register[pair];
}

}  // namespace

void times(const double* tile, Index pairs, const double* weights, double* result) {
    std::fill_n(result, rows * most_lanes, 0.0);
    Index pair = 0;
    for (; pair + block <= pairs; pair += block)
        add_pairs<block>(tile + pair * rows, weights + pair * most_lanes, result);
    for (; pair < pairs; ++pair) add_pairs<1>(tile + pair * rows, weights + pair * most_lanes, result);
}

void add_transposed_times(const double* tile, Index pairs, const double* values, double* sums) {
    Index pair = 0;
    for (; pair + block <= pairs; pair += block)
        add_rows<block>(tile + pair * rows, values, sums + pair * most_lanes);
    for (; pair < pairs; ++pair) add_rows<1>(tile + pair * rows, values, sums + pair * most_lanes);
}

}  // namespace attnpaths::kernel_tiles
