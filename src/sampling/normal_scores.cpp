#include "sampling/normal_scores.hpp"

#include "base/error.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace attnpaths {

namespace {

using Level = WhitenedCoordinates::Level;

/// No exceptions and no promotion to long double: failures are looked for, and double is what is stored.
using Policy = boost::math::policies::policy<
    boost::math::policies::promote_double<false>,
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

constexpr double deepest_score = 37.5;  // Phi(-38) is below the smallest double

double degrees_of(const Level& level, Index row) {
    return level.width - static_cast<double>(row);
}

/// theta = log B at the quantile of a score: N B^2 / 2 is gamma distributed with shape nu / 2.
double diagonal_unknown(double score, double degrees, double width) {
    if (!(std::abs(score) < deepest_score)) return -std::numeric_limits<double>::infinity();
    // The smaller tail keeps all digits.
    const double tail = std::erfc(std::abs(score) / std::numbers::sqrt2) / 2;
    const double half = score < 0 ? boost::math::gamma_p_inv(degrees / 2, tail, Policy())
                                  : boost::math::gamma_q_inv(degrees / 2, tail, Policy());
    return std::log(2 * half / width) / 2;
}

/// Inverse of the normal distribution's smaller tail.
double score_of_tail(double tail) {
    return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * tail, Policy());
}

double diagonal_score(double unknown, double degrees, double width) {
    const double half = width * std::exp(2 * unknown) / 2;
    const double below = boost::math::gamma_p(degrees / 2, half, Policy());
    if (below < 0.5) return score_of_tail(below);
    return -score_of_tail(boost::math::gamma_q(degrees / 2, half, Policy()));
}

}  // namespace

NormalScores::NormalScores(const Architecture& architecture, Rank rank) : coordinates_(architecture, rank) {
    if (rank == Rank::of_width) return;
    for (const Level& level : coordinates_.levels())
        if (level.width < static_cast<double>(level.rows))
            throw NumericalError(
                fmt::format("a width of {} is below the {} paths above its layer", level.width, level.rows));
}

Vector NormalScores::unknowns(const Vector& scores) const {
    Vector result(scores.size());
    for (const Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            result(index) = i == j ? diagonal_unknown(scores(index), degrees_of(level, i), level.width)
                                   : scores(index) / std::sqrt(level.width);
        });
    return result;
}

Vector NormalScores::scores(const Vector& unknowns) const {
    Vector result(unknowns.size());
    for (const Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            result(index) = i == j ? diagonal_score(unknowns(index), degrees_of(level, i), level.width)
                                   : unknowns(index) * std::sqrt(level.width);
        });
    return result;
}

NormalScores::Slopes NormalScores::slopes(const Vector& scores, const Vector& unknowns) const {
    Slopes slopes{Vector(scores.size()), Vector::Zero(scores.size())};
    for (const Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            if (i != j) {
                slopes.first(index) = 1 / std::sqrt(level.width);
                return;
            }
            // phi(z) dz = exp(c + nu theta - N e^(2 theta) / 2) d theta.
            const double degrees = degrees_of(level, i);
            const double theta = unknowns(index);
            const double z = scores(index);
            const double square = level.width * std::exp(2 * theta);
            const double constant = degrees / 2 * std::log(level.width) + (1 - degrees / 2) * std::log(2.0) -
                                    std::lgamma(degrees / 2);
            const double first = std::exp(-z * z / 2 - std::log(2 * std::numbers::pi) / 2 - constant -
                                          degrees * theta + square / 2);
            slopes.first(index) = first;
            slopes.second(index) = first * (-z + (square - degrees) * first);
        });
    return slopes;
}

}  // namespace attnpaths
