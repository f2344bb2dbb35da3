#include "sampling/thin_product.hpp"

#include <algorithm>
#include <type_traits>

namespace attnpaths::thin {

namespace {

/// Doubles of one vector register of the build.
constexpr int lanes = std::max<int>(2, EIGEN_MAX_STATIC_ALIGN_BYTES / static_cast<int>(sizeof(double)));
/// Columns of M and vectors of one tile: its sums stay in registers, of which there are 32 with AVX-512 and
/// 16 before.
constexpr int tile_columns = 4;
constexpr int tile_vectors = lanes >= 8 ? 4 : 2;

template <int Lanes>
using Packet = Eigen::Array<double, Lanes, 1>;

template <int Lanes>
Packet<Lanes> load(const double* from) {
    return Eigen::Map<const Packet<Lanes>>(from);
}
template <int Lanes>
void store(const Packet<Lanes>& packet, double* to) {
    Eigen::Map<Packet<Lanes>>{to} = packet;
}

/// Y(c, v) = sum_i M(i, c) W(i, v) for one tile.
/// @returns sum of M(i, c)^2 if asked for, else 0
template <int Columns, int Vectors, bool WithNorm>
double dot_tile(const double* M, Index rows, const double* W, double* Y, Index y_stride) {
    Packet<lanes> sums[Columns][Vectors];
    Packet<lanes> squares[Columns];
    double tails[Columns][Vectors] = {};
    double squares_tail = 0;
    for (int c = 0; c < Columns; ++c) {
        squares[c].setZero();
        for (int v = 0; v < Vectors; ++v) sums[c][v].setZero();
    }
    Index row = 0;
    for (; row + lanes <= rows; row += lanes) {
        Packet<lanes> w[Vectors];
        for (int v = 0; v < Vectors; ++v) w[v] = load<lanes>(W + v * rows + row);
        for (int c = 0; c < Columns; ++c) {
            const Packet<lanes> m = load<lanes>(M + c * rows + row);
            for (int v = 0; v < Vectors; ++v) sums[c][v] += m * w[v];
            if constexpr (WithNorm) squares[c] += m * m;
        }
    }
    for (; row < rows; ++row) {
        for (int c = 0; c < Columns; ++c) {
            const double m = M[c * rows + row];
            for (int v = 0; v < Vectors; ++v) tails[c][v] += m * W[v * rows + row];
            if constexpr (WithNorm) squares_tail += m * m;
        }
    }
    for (int c = 0; c < Columns; ++c) {
        for (int v = 0; v < Vectors; ++v) Y[c + v * y_stride] = sums[c][v].sum() + tails[c][v];
        if constexpr (WithNorm) squares_tail += squares[c].sum();
    }
    return squares_tail;
}

/// What a tile does with G = W Y' - M: nothing, set it, or add the vectors of a further tile.
enum class Outer { none, set, add };

/// U(i, v) += sum_c M(i, c) Y(c, v) for one tile, and its part of G, on `Lanes` rows. G is only written, and
/// caches are slow to make room for that: the tile that is written next is announced (`ahead`).
template <int Lanes, int Columns, int Vectors, Outer outer>
inline void axpy_rows(const double* M, Index rows, Index row, const double (&Y)[Columns][Vectors],
                      const double* W, double* U, double* G, const double* ahead) {
    Packet<Lanes> u[Vectors];
    Packet<Lanes> w[Vectors];
    for (int v = 0; v < Vectors; ++v) {
        u[v] = load<Lanes>(U + v * rows + row);
        if constexpr (outer != Outer::none) w[v] = load<Lanes>(W + v * rows + row);
    }
    for (int c = 0; c < Columns; ++c) {
        const Packet<Lanes> m = load<Lanes>(M + c * rows + row);
        for (int v = 0; v < Vectors; ++v) u[v] += m * Y[c][v];
        if constexpr (outer != Outer::none) {
            Packet<Lanes> g = -m;
            if constexpr (outer == Outer::add) g = load<Lanes>(G + c * rows + row);
            for (int v = 0; v < Vectors; ++v) g += w[v] * Y[c][v];
            store<Lanes>(g, G + c * rows + row);
            if constexpr (Lanes == lanes) __builtin_prefetch(ahead + c * rows + row, 1);
        }
    }
    for (int v = 0; v < Vectors; ++v) store<Lanes>(u[v], U + v * rows + row);
}

template <int Columns, int Vectors, Outer outer>
void axpy_tile(const double* M, Index rows, const double* Y, Index y_stride, const double* W, double* U,
               double* G, const double* ahead) {
    double y[Columns][Vectors];
    for (int c = 0; c < Columns; ++c)
        for (int v = 0; v < Vectors; ++v) y[c][v] = Y[c + v * y_stride];
    Index row = 0;
    for (; row + lanes <= rows; row += lanes)
        axpy_rows<lanes, Columns, Vectors, outer>(M, rows, row, y, W, U, G, ahead);
    for (; row < rows; ++row) axpy_rows<1, Columns, Vectors, outer>(M, rows, row, y, W, U, G, ahead);
}

/// Covers `count` with tiles: function(start, size of the tile as a type) with sizes Tile, then the
/// remainder.
template <int Tile, class Function>
void for_each_tile(Index count, const Function& function) {
    Index start = 0;
    for (; start + Tile <= count; start += Tile) function(start, std::integral_constant<int, Tile>{});
    switch (count - start) {
        case 1:
            function(start, std::integral_constant<int, 1>{});
            break;
        case 2:
            function(start, std::integral_constant<int, 2>{});
            break;
        case 3:
            function(start, std::integral_constant<int, 3>{});
            break;
        default:
            break;
    }
}

}  // namespace

template <bool WithNorm>
double transposed_times(const double* M, Index rows, Index columns, const double* W, Index vectors,
                        double* Y) {
    double norm = 0;
    for_each_tile<tile_columns>(columns, [&](Index column, auto tile) {
        constexpr int width = decltype(tile)::value;
        for_each_tile<tile_vectors>(vectors, [&](Index vector, auto batch) {
            constexpr int count = decltype(batch)::value;
            const double* m = M + column * rows;
            const double* w = W + vector * rows;
            double* y = Y + vector * columns + column;
            if (WithNorm && vector == 0)
                norm += dot_tile<width, count, true>(m, rows, w, y, columns);
            else
                dot_tile<width, count, false>(m, rows, w, y, columns);
        });
    });
    return norm;
}

template double transposed_times<true>(const double*, Index, Index, const double*, Index, double*);
template double transposed_times<false>(const double*, Index, Index, const double*, Index, double*);

void times(const double* M, Index rows, Index columns, const double* Y, Index vectors, double* U) {
    std::fill_n(U, rows * vectors, 0.0);
    for_each_tile<tile_columns>(columns, [&](Index column, auto tile) {
        for_each_tile<tile_vectors>(vectors, [&](Index vector, auto batch) {
            axpy_tile<decltype(tile)::value, decltype(batch)::value, Outer::none>(
                M + column * rows, rows, Y + vector * columns + column, columns, nullptr, U + vector * rows,
                nullptr, nullptr);
        });
    });
}

void times_and_outer(const double* M, Index rows, Index columns, const double* Y, const double* W,
                     Index vectors, double* U, double* G) {
    std::fill_n(U, rows * vectors, 0.0);
    for_each_tile<tile_columns>(columns, [&](Index column, auto tile) {
        for_each_tile<tile_vectors>(vectors, [&](Index vector, auto batch) {
            constexpr int width = decltype(tile)::value;
            constexpr int count = decltype(batch)::value;
            const double* m = M + column * rows;
            const double* y = Y + vector * columns + column;
            const double* w = W + vector * rows;
            double* g = G + column * rows;
            const Index next = column + width;
            const double* ahead = next + width <= columns ? g + width * rows : g;
            if (vector == 0)
                axpy_tile<width, count, Outer::set>(m, rows, y, columns, w, U + vector * rows, g, ahead);
            else
                axpy_tile<width, count, Outer::add>(m, rows, y, columns, w, U + vector * rows, g, ahead);
        });
    });
}

}  // namespace attnpaths::thin
