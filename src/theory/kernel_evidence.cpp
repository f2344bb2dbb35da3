#include "theory/kernel_evidence.hpp"

#include "base/error.hpp"
#include "theory/lapack.hpp"

#include <boost/math/tools/minima.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>
#include <utility>

namespace attnpaths {

namespace {

// Ratios are looked at by their logarithm; the evidence may have several maxima.
const double farthest_ratio = std::log(1e9);
constexpr int looks = 42;       // about one in every factor of e
constexpr int ratio_bits = 26;  // half of a double's: the evidence is flat there

}  // namespace

KernelEvidence::KernelEvidence(Matrix kernel, const TrainingSet& set)
    : examples_(static_cast<double>(set.examples)), residual_(set.accuracy.residual_squared_norm) {
    lapack::Tridiagonal reduced = lapack::tridiagonal(std::move(kernel), set.y);
    diagonal_ = std::move(reduced.diagonal);
    beside_ = std::move(reduced.beside);
    targets_ = std::move(reduced.rotated);
}

KernelEvidence::Best KernelEvidence::at(double ratio) const {
    // Pivots d of L D L' and the targets z = L^{-1} y, row by row.
    const auto outputs = static_cast<double>(targets_.cols());
    double log_determinant = (examples_ - static_cast<double>(diagonal_.size())) * std::log(ratio);
    double power = residual_ / ratio;
    double pivot = 1;
    Eigen::RowVectorXd target = Eigen::RowVectorXd::Zero(targets_.cols());
    for (Index row = 0; row < diagonal_.size(); ++row) {
        const double factor = row == 0 ? 0 : beside_(row - 1) / pivot;
        target = targets_.row(row) - factor * target;
        pivot = diagonal_(row) + ratio - (row == 0 ? 0 : factor * beside_(row - 1));
        if (!(pivot > 0)) throw NumericalError("kernel evidence: K + T I is not positive definite");
        log_determinant += std::log(pivot);
        power += target.squaredNorm() / pivot;
    }
    // -2 log p = PD log 2 pi + D log det(K_1 + r) + PD log c + power / c, least at c = power / PD.
    const double numbers = examples_ * outputs;
    const double variance = power / numbers;
    const double log_evidence =
        -(outputs * log_determinant + numbers * (std::log(2 * std::numbers::pi * variance) + 1)) / 2;
    return {log_evidence, ratio * variance, variance};
}

KernelEvidence::Best KernelEvidence::best() const {
    const double scale = diagonal_.sum() / examples_;
    if (!(scale > 0)) throw NumericalError("kernel evidence: the kernel is zero");
    const auto loss = [&](double log_ratio) { return -at(scale * std::exp(log_ratio)).log_evidence; };
    const double stride = 2 * farthest_ratio / looks;
    double best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int look = 0; look <= looks; ++look) {
        const double place = -farthest_ratio + look * stride;
        const double value = loss(place);
        if (value < least) std::tie(best, least) = std::pair{place, value};
    }
    const double place =
        boost::math::tools::brent_find_minima(loss, best - stride, best + stride, ratio_bits).first;
    return at(scale * std::exp(place));
}

}  // namespace attnpaths
