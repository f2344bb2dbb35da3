#include "theory/order_parameters.hpp"

#include "base/error.hpp"
#include "theory/kronecker.hpp"
#include "theory/lapack.hpp"

#include <cmath>
#include <functional>
#include <numeric>

namespace attnpaths {

double gaussian_process_variance(const Architecture& architecture) {
    const std::vector<double>& layers = architecture.variances.layers;
    return std::accumulate(layers.rbegin(), layers.rend(), architecture.variances.readout,
                           std::multiplies<>());
}

OrderParameters gaussian_process_order_parameters(const Architecture& architecture) {
    OrderParameters result;
    double variance = architecture.variances.readout;
    Index size = architecture.outputs;
    result.U_a = variance * Matrix::Identity(size, size);
    result.U.resize(architecture.depth());
    for (std::size_t l = architecture.depth(); l-- > 0;) {
        variance *= architecture.variances.layers[l];
        size *= architecture.heads[l];
        result.U[l] = variance * Matrix::Identity(size, size);
    }
    return result;
}

WhitenedCoordinates::WhitenedCoordinates(const Architecture& architecture, Rank rank) {
    Index columns = 1;
    const auto add = [&](Index rows, Index heads, double width, double variance) {
        columns = rank == Rank::full || width >= static_cast<double>(rows) ? rows : static_cast<Index>(width);
        levels_.push_back({rows, columns, heads, size_, width, std::sqrt(variance)});
        size_ += columns * rows - columns * (columns - 1) / 2;
    };
    add(architecture.outputs, 1, architecture.readout_width, architecture.variances.readout);
    for (std::size_t l = architecture.depth(); l-- > 0;)
        add(architecture.heads[l] * columns, architecture.heads[l], architecture.widths[l],
            architecture.variances.layers[l]);
}

WhitenedCoordinates::Point WhitenedCoordinates::expand(const Vector& unknowns) const {
    Point point;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        Matrix B = Matrix::Zero(level.rows, level.columns);
        for_each_unknown(level, [&](Index i, Index j, Index index) {
            B(i, j) = i == j ? std::exp(unknowns(index)) : unknowns(index);
        });
        point.A.emplace_back(level.sigma * (k == 0 ? B : repeat_times(point.A[k - 1], B)));
        point.B.push_back(std::move(B));
    }
    return point;
}

Matrix WhitenedCoordinates::path_order_parameter(const Point& point) {
    return point.A.back() * point.A.back().transpose();
}

OrderParameters WhitenedCoordinates::order_parameters(const Point& point) {
    OrderParameters result;
    result.U_a = point.A[0] * point.A[0].transpose();
    for (std::size_t k = point.A.size(); k-- > 1;) result.U.emplace_back(point.A[k] * point.A[k].transpose());
    return result;
}

OrderParameters WhitenedCoordinates::factors(const Point& point) {
    OrderParameters result;
    result.U_a = point.A[0];
    for (std::size_t k = point.A.size(); k-- > 1;) result.U.push_back(point.A[k]);
    return result;
}

Vector WhitenedCoordinates::unknowns_of(const OrderParameters& order_parameters) const {
    Vector unknowns(size_);
    Matrix above;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        Matrix A = k == 0 ? order_parameters.U_a : order_parameters.U[levels_.size() - 1 - k];
        if (A.rows() != level.rows || !lapack::cholesky(A))
            throw NumericalError("an order parameter is not a positive definite matrix of the right size");
        A = A.triangularView<Eigen::Lower>();
        Matrix B = A / level.sigma;
        if (k > 0)
            for (Index start = 0; start < level.rows; start += above.rows()) {
                auto rows = B.middleRows(start, above.rows());
                above.triangularView<Eigen::Lower>().solveInPlace(rows);
            }
        for_each_unknown(level, [&](Index i, Index j, Index index) {
            unknowns(index) = i == j ? std::log(B(i, i)) : B(i, j);
        });
        above = std::move(A);
    }
    return unknowns;
}

Vector WhitenedCoordinates::gather(const std::vector<Matrix>& B_bar, const Point& point) const {
    Vector gradient(size_);
    for (std::size_t k = 0; k < levels_.size(); ++k)
        for_each_unknown(levels_[k], [&](Index i, Index j, Index index) {
            gradient(index) = i == j ? B_bar[k](i, i) * point.B[k](i, i) : B_bar[k](i, j);
        });
    return gradient;
}

Vector WhitenedCoordinates::pull_back(const Point& point, const Matrix& dU) const {
    std::vector<Matrix> B_bar(levels_.size());
    Matrix A_bar = 2 * dU * point.A.back();
    for (std::size_t k = levels_.size(); k-- > 0;) {
        const double sigma = levels_[k].sigma;
        if (k == 0) {
            B_bar[0] = sigma * A_bar;
        } else {
            B_bar[k] = sigma * repeat_transposed_times(point.A[k - 1], A_bar);
            A_bar = sigma * diagonal_blocks(A_bar, point.B[k], levels_[k].heads);
        }
    }
    return gather(B_bar, point);
}

WhitenedCoordinates::Point WhitenedCoordinates::push_forward(const Point& point,
                                                             const Vector& direction) const {
    Point tangent;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        Matrix dB = Matrix::Zero(level.rows, level.columns);
        for_each_unknown(level, [&](Index i, Index j, Index index) {
            dB(i, j) = i == j ? point.B[k](i, i) * direction(index) : direction(index);
        });
        Matrix dA = level.sigma * (k == 0 ? dB : repeat_times(point.A[k - 1], dB));
        if (k > 0) dA += level.sigma * repeat_times(tangent.A[k - 1], point.B[k]);
        tangent.A.push_back(std::move(dA));
        tangent.B.push_back(std::move(dB));
    }
    return tangent;
}

Matrix WhitenedCoordinates::path_order_parameter_change(const Point& point, const Point& tangent) {
    const Matrix half = tangent.A.back() * point.A.back().transpose();
    return half + half.transpose();
}

Vector WhitenedCoordinates::pull_back_change(const Point& point, const Point& tangent, const Matrix& dU,
                                             const Matrix& ddU) const {
    std::vector<Matrix> B_bar(levels_.size());
    std::vector<Matrix> dB_bar(levels_.size());
    Matrix A_bar = 2 * dU * point.A.back();
    Matrix dA_bar = 2 * (ddU * point.A.back() + dU * tangent.A.back());
    for (std::size_t k = levels_.size(); k-- > 0;) {
        const double sigma = levels_[k].sigma;
        if (k == 0) {
            B_bar[0] = sigma * A_bar;
            dB_bar[0] = sigma * dA_bar;
        } else {
            const Index heads = levels_[k].heads;
            B_bar[k] = sigma * repeat_transposed_times(point.A[k - 1], A_bar);
            dB_bar[k] = sigma * (repeat_transposed_times(tangent.A[k - 1], A_bar) +
                                 repeat_transposed_times(point.A[k - 1], dA_bar));
            dA_bar = sigma * (diagonal_blocks(dA_bar, point.B[k], heads) +
                              diagonal_blocks(A_bar, tangent.B[k], heads));
            A_bar = sigma * diagonal_blocks(A_bar, point.B[k], heads);
        }
    }
    Vector change = gather(dB_bar, point);
    for (std::size_t k = 0; k < levels_.size(); ++k)
        for_each_unknown(levels_[k], [&](Index i, Index j, Index index) {
            if (i == j) change(index) += B_bar[k](i, i) * tangent.B[k](i, i);
        });
    return change;
}

double WhitenedCoordinates::entropy(const Point& point, const Vector& unknowns) const {
    double sum = 0;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        double log_diagonal = 0;
        for_each_unknown(levels_[k], [&](Index i, Index j, Index index) {
            if (i == j) log_diagonal += unknowns(index);
        });
        sum += levels_[k].width * (point.B[k].squaredNorm() - 2 * log_diagonal);
    }
    return sum;
}

void WhitenedCoordinates::add_entropy_gradient(const Point& point, Vector& gradient) const {
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const double twice_width = 2 * levels_[k].width;
        for_each_unknown(levels_[k], [&](Index i, Index j, Index index) {
            const double b = point.B[k](i, j);
            gradient(index) += twice_width * (i == j ? b * b - 1 : b);
        });
    }
}

Vector WhitenedCoordinates::entropy_curvature(const Point& point) const {
    Vector curvature(size_);
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const double twice_width = 2 * levels_[k].width;
        for_each_unknown(levels_[k], [&](Index i, Index j, Index index) {
            const double b = point.B[k](i, j);
            curvature(index) = twice_width * (i == j ? 2 * b * b : 1);
        });
    }
    return curvature;
}

}  // namespace attnpaths
