#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Order parameters U_a, U_L, ..., U_1 of the theory (theory section 4); U_l has size n_l = H_l ... H_L D,
/// h_l slowest, output fastest.
struct OrderParameters {
    Matrix U_a;             ///< [D, D]
    std::vector<Matrix> U;  ///< U[l-1] = U_l, so U.front() is U_1, the one that weighs the path kernels
};

/// c = sigma_a^2 sigma_L^2 ... sigma_1^2 of the infinite-width U_1 = c I.
double gaussian_process_variance(const Architecture& architecture);

/// Infinite-width order parameters: U_l = (sigma_a^2 sigma_L^2 ... sigma_l^2) I.
OrderParameters gaussian_process_order_parameters(const Architecture& architecture);

/// Non-centred (whitened) coordinates of the order parameters (theory section 4):
///     U_k = A_k A_k',   A_a = sigma_a B_a,   A_l = sigma_l (I_{H_l} (x) A_{l+1}) B_l,
/// with B_k lower triangular and positive on the diagonal. At finite width a level with N_k below its size
/// has rank N_k only: its B_k is then lower trapezoidal, with N_k columns (Rank::of_width), and the levels
/// below it shrink with it. The vector of unknowns holds, level by level from a over L down to 1, the lower
/// triangle of B column by column with the diagonal in logarithms: any real vector is a valid point, so no
/// step can leave the positive-definite cone.
class WhitenedCoordinates {
  public:
    /// Rank of the order parameters: full, as in the thermodynamic limit, or at most N_k, as at finite width.
    enum class Rank { full, of_width };

    /// One level of the hierarchy, from the readout (index 0) down to layer 1 (index L).
    struct Level {
        Index rows = 0;     ///< of B_k: n_k unless a level above is of lower rank
        Index columns = 0;  ///< of B_k: the rank of U_k
        Index heads = 1;    ///< blocks that share the factor above: H_l, or 1 for the readout
        Index offset = 0;   ///< of its unknowns
        double width = 0;   ///< N_k
        double sigma = 1;   ///< prior standard deviation
    };

    /// Visits the unknowns of a level, the lower triangle of B column by column: function(i, j, index of the
    /// unknown).
    template <class Function>
    static void for_each_unknown(const Level& level, const Function& function) {
        Index index = level.offset;
        for (Index j = 0; j < level.columns; ++j)
            for (Index i = j; i < level.rows; ++i) function(i, j, index++);
    }

    /// All matrices of one point, level by level.
    struct Point {
        std::vector<Matrix> B;
        std::vector<Matrix> A;
    };

    explicit WhitenedCoordinates(const Architecture& architecture, Rank rank = Rank::full);

    [[nodiscard]] Index size() const { return size_; }
    [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }

    [[nodiscard]] Point expand(const Vector& unknowns) const;
    [[nodiscard]] static OrderParameters order_parameters(const Point& point);
    /// Their factors A, U = A A'.
    [[nodiscard]] static OrderParameters factors(const Point& point);
    /// U_1 alone.
    [[nodiscard]] static Matrix path_order_parameter(const Point& point);

    /// Inverse of order_parameters(expand(.)), for full rank.
    /// @throws NumericalError if a matrix is not positive definite
    [[nodiscard]] Vector unknowns_of(const OrderParameters& order_parameters) const;

    /// Gradient with respect to the unknowns of a function of U_1 whose derivative is `dU` (each entry on its
    /// own, symmetric).
    [[nodiscard]] Vector pull_back(const Point& point, const Matrix& dU) const;

    /// Change of the point when the unknowns change by `direction`.
    [[nodiscard]] Point push_forward(const Point& point, const Vector& direction) const;
    /// Change of U_1 when the point changes by `tangent`.
    [[nodiscard]] static Matrix path_order_parameter_change(const Point& point, const Point& tangent);
    /// Change of pull_back(point, dU) when the point changes by `tangent` and dU by `ddU`.
    [[nodiscard]] Vector pull_back_change(const Point& point, const Point& tangent, const Matrix& dU,
                                          const Matrix& ddU) const;

    /// Second derivative of the point along the straight line of `direction`, of which `tangent` is the
    /// first.
    [[nodiscard]] Point second_push_forward(const Point& point, const Point& tangent,
                                            const Vector& direction) const;
    /// Second derivative of U_1 along a line on which the point has these first and second derivatives.
    [[nodiscard]] static Matrix path_order_parameter_second_change(const Point& point, const Point& tangent,
                                                                   const Point& second);
    /// Second derivative of pull_back(point, dU) along such a line, where dU changes at the constant rate
    /// ddU.
    [[nodiscard]] Vector pull_back_second_change(const Point& point, const Point& tangent,
                                                 const Point& second, const Matrix& dU,
                                                 const Matrix& ddU) const;

    /// sum_k N_k [ |B_k|_F^2 - 2 sum_i log B_ii ]: the entropy without its constant, with gradient and
    /// (diagonal) Hessian.
    [[nodiscard]] double entropy(const Point& point, const Vector& unknowns) const;
    void add_entropy_gradient(const Point& point, Vector& gradient) const;
    [[nodiscard]] Vector entropy_curvature(const Point& point) const;

    /// Derivative of the entropy with respect to U_a, U_L, ..., U_1 as independent variables, each matrix
    /// entry on its own; for full rank.
    [[nodiscard]] std::vector<Matrix> entropy_gradient_in_order_parameters(const Point& point) const;
    /// Bound on its error, that of rounded order parameters included.
    [[nodiscard]] std::vector<Matrix> entropy_gradient_bound(const Point& point) const;

  private:
    [[nodiscard]] Vector gather(const std::vector<Matrix>& B_bar, const Point& point) const;

    std::vector<Level> levels_;
    Index size_ = 0;
};

}  // namespace attnpaths
