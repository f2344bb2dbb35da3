#include "theory/two_loop.hpp"

#include "theory/action.hpp"
#include "theory/evidence.hpp"
#include "theory/posterior_hessian.hpp"

namespace attnpaths {

namespace {

constexpr int hessians_per_direction = 4;

/// Slope of -log p beyond S/2: i theta_ii, as the exact density has N_k - i where the action has N_k.
Vector slope_beyond_action(const WhitenedCoordinates& coordinates) {
    Vector slope = Vector::Zero(coordinates.size());
    for (const WhitenedCoordinates::Level& level : coordinates.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            if (i == j) slope(index) = static_cast<double>(i);
        });
    return slope;
}

double prior_correction(const WhitenedCoordinates& coordinates) {
    double sum = 0;
    for (const WhitenedCoordinates::Level& level : coordinates.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index) {
            const auto row = static_cast<double>(i);
            if (i == j) sum += (1.0 / 6 + row * row / 4 + row / 2) / level.width;
        });
    return sum;
}

}  // namespace

TwoLoopCorrections two_loop_corrections(const Architecture& architecture, DataTerm& data_term,
                                        const SaddlePoint& saddle, const std::function<void()>& poll) {
    Action action(architecture, data_term);
    const WhitenedCoordinates& coordinates = action.coordinates();
    const Index size = coordinates.size();
    const Matrix factor =
        posterior_hessian_factor(action, saddle, data_term.hessian(saddle.order_parameters.U.front()));
    // Columns are directions in which the Hessian is 1.
    const Matrix root =
        factor.transpose().triangularView<Eigen::Upper>().solve(Matrix::Identity(size, size).eval());
    const auto hessian_at = [&](Index direction, double step) -> Matrix {
        poll();
        const Matrix hessian = action.hessian(saddle.unknowns + step * root.col(direction));
        return action.largest_width() / 2 * (root.transpose() * hessian * root);
    };
    // Standard deviations: rounding of the second differences and what fourth order leaves are both of the
    // order 1e-9.
    constexpr double h = 0.01;
    double fourth = 0;                  // S_aabb/2
    double third_squares = 0;           // (S_abc/2)^2
    Vector third = Vector::Zero(size);  // S_aac/2
    const Matrix identity = Matrix::Identity(size, size);
    for (Index a = 0; a < size; ++a) {
        const Matrix up = hessian_at(a, h);
        const Matrix down = hessian_at(a, -h);
        const Matrix far_up = hessian_at(a, 2 * h);
        const Matrix far_down = hessian_at(a, -2 * h);
        const Matrix first = (8 * (up - down) - (far_up - far_down)) / (12 * h);
        const Matrix second = (16 * (up + down) - (far_up + far_down) - 30 * identity) / (12 * h * h);
        fourth += second.trace();
        third_squares += first.squaredNorm();
        third += first.col(a);
    }
    const Vector slope = root.transpose() * slope_beyond_action(coordinates);
    return {-fourth / 8 + third.squaredNorm() / 8 + third_squares / 12 + slope.squaredNorm() / 2 +
                slope.dot(third) / 2,
            prior_correction(coordinates)};
}

double log_evidence_two_loop(const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle,
                             const std::function<void()>& poll) {
    const TwoLoopCorrections corrections =
        two_loop_corrections(problem.architecture(), data_term, saddle, poll);
    return log_evidence_ratio(problem, data_term, saddle) + corrections.posterior - corrections.prior;
}

double two_loop_hessians(const Architecture& architecture) {
    return hessians_per_direction * static_cast<double>(WhitenedCoordinates(architecture).size());
}

}  // namespace attnpaths
