// Second derivatives along lines of the whitened coordinates: products of truncated Taylor series.
#include "theory/kronecker.hpp"
#include "theory/order_parameters.hpp"

#include <array>

namespace attnpaths {

namespace {

/// A matrix along a line: value, first and second derivative.
using Jet = std::array<Matrix, 3>;

/// Product rule for any bilinear product of two jets.
template <class Product>
Jet product_of(const Jet& X, const Jet& Y, double scale, const Product& product) {
    return {scale * product(X[0], Y[0]), scale * (product(X[1], Y[0]) + product(X[0], Y[1])),
            scale * (product(X[2], Y[0]) + 2 * product(X[1], Y[1]) + product(X[0], Y[2]))};
}

}  // namespace

WhitenedCoordinates::Point WhitenedCoordinates::second_push_forward(const Point& point, const Point& tangent,
                                                                    const Vector& direction) const {
    Point second;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        // Only the diagonal is not linear in the unknowns: B_ii = exp(unknown).
        Matrix ddB = Matrix::Zero(level.rows, level.columns);
        for_each_unknown(level, [&](Index i, Index j, Index index) {
            if (i == j) ddB(i, i) = point.B[k](i, i) * direction(index) * direction(index);
        });
        Matrix ddA = level.sigma * (k == 0 ? ddB : repeat_times(point.A[k - 1], ddB));
        if (k > 0) {
            ddA += level.sigma * (2 * repeat_times(tangent.A[k - 1], tangent.B[k]) +
                                  repeat_times(second.A[k - 1], point.B[k]));
        }
        second.A.push_back(std::move(ddA));
        second.B.push_back(std::move(ddB));
    }
    return second;
}

Matrix WhitenedCoordinates::path_order_parameter_second_change(const Point& point, const Point& tangent,
                                                               const Point& second) {
    const Matrix half = second.A.back() * point.A.back().transpose();
    return half + half.transpose() + 2 * tangent.A.back() * tangent.A.back().transpose();
}

Vector WhitenedCoordinates::pull_back_second_change(const Point& point, const Point& tangent,
                                                    const Point& second, const Matrix& dU,
                                                    const Matrix& ddU) const {
    const auto jet_of = [&](const std::vector<Matrix> Point::*member, std::size_t k) {
        return Jet{(point.*member)[k], (tangent.*member)[k], (second.*member)[k]};
    };
    const auto times = [](const Matrix& X, const Matrix& Y) -> Matrix { return X * Y; };
    const Jet dU_jet{dU, ddU, Matrix::Zero(dU.rows(), dU.cols())};
    Jet A_bar = product_of(dU_jet, jet_of(&Point::A, levels_.size() - 1), 2, times);
    Vector change(size_);
    for (std::size_t k = levels_.size(); k-- > 0;) {
        const Level& level = levels_[k];
        const Jet B = jet_of(&Point::B, k);
        Jet B_bar;
        if (k == 0) {
            for (std::size_t order = 0; order < B_bar.size(); ++order)
                B_bar[order] = level.sigma * A_bar[order];
        } else {
            B_bar = product_of(jet_of(&Point::A, k - 1), A_bar, level.sigma, repeat_transposed_times);
            A_bar = product_of(A_bar, B, level.sigma, [&](const Matrix& X, const Matrix& Y) {
                return diagonal_blocks(X, Y, level.heads);
            });
        }
        for_each_unknown(level, [&](Index i, Index j, Index index) {
            change(index) = i == j ? B_bar[2](i, i) * B[0](i, i) + 2 * B_bar[1](i, i) * B[1](i, i) +
                                         B_bar[0](i, i) * B[2](i, i)
                                   : B_bar[2](i, j);
        });
    }
    return change;
}

}  // namespace attnpaths
