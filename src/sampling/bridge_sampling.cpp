#include "sampling/bridge_sampling.hpp"

#include "base/error.hpp"
#include "sampling/diagnostics.hpp"
#include "theory/lapack.hpp"

#include <cmath>
#include <numbers>

namespace attnpaths {

namespace {

/// The normal law with mean and covariance of some draws.
class FittedNormal {
  public:
    explicit FittedNormal(const Matrix& draws) : mean_(draws.rowwise().mean()) {
        const Matrix deviations = draws.colwise() - mean_;
        root_ = deviations * deviations.transpose() / static_cast<double>(draws.cols());
        if (!lapack::cholesky(root_))
            throw NumericalError("bridge sampling: draws do not span all directions");
        constant_ = -root_.diagonal().array().log().sum() -
                    static_cast<double>(mean_.size()) / 2 * std::log(2 * std::numbers::pi);
    }
    [[nodiscard]] Matrix draws(Index count, RandomStream& random) const {
        Matrix normals(mean_.size(), count);
        for (double& element : normals.reshaped()) element = random.normal();
        const Matrix steps = root_.triangularView<Eigen::Lower>() * normals;
        return steps.colwise() + mean_;
    }
    [[nodiscard]] Vector log_density(const Matrix& positions) const {
        Matrix scaled = positions.colwise() - mean_;
        root_.triangularView<Eigen::Lower>().solveInPlace(scaled);
        return constant_ - scaled.colwise().squaredNorm().transpose().array() / 2;
    }

  private:
    Vector mean_;
    Matrix root_;
    double constant_ = 0;
};

/// Chains side by side.
Matrix joined(const std::vector<Matrix>& chains) {
    const Index draws = chains.front().cols();
    Matrix all(chains.front().rows(), draws * static_cast<Index>(chains.size()));
    for (std::size_t c = 0; c < chains.size(); ++c)
        all.middleCols(static_cast<Index>(c) * draws, draws) = chains[c];
    return all;
}

BridgeEstimate bridge(const std::vector<Matrix>& fitted, const std::vector<Matrix>& used,
                      const std::function<Vector(const Matrix& positions)>& log_density,
                      RandomStream& random) {
    const FittedNormal normal(joined(fitted));
    const Matrix own = joined(used);
    const Matrix others = normal.draws(own.cols(), random);
    Vector log_ratios = log_density(own) - normal.log_density(own);
    Vector other_ratios = log_density(others) - normal.log_density(others);
    const double shift = log_ratios.mean();
    log_ratios.array() -= shift;
    other_ratios.array() -= shift;
    // With equally many draws of both: r = <l/(l + r)>_normal / <1/(l + r)>_density, l the ratio of
    // densities.
    double r = 1;
    Vector above;
    Vector below;
    constexpr int most_steps = 1000;
    for (int step = 0; step < most_steps; ++step) {
        above = 1 / (1 + r * (-other_ratios).array().exp());
        below = 1 / (log_ratios.array().exp() + r);
        const double next = above.mean() / below.mean();
        const bool is_fixed = std::abs(next - r) <= 1e-12 * r;
        r = next;
        if (is_fixed) break;
    }
    const Matrix by_chain = below.reshaped(used.front().cols(), static_cast<Index>(used.size()));
    const double above_error =
        std::sqrt((above.array() - above.mean()).square().mean() / static_cast<double>(above.size()));
    return {shift + std::log(r), std::hypot(above_error / above.mean(), mcse_mean(by_chain) / below.mean())};
}

}  // namespace

BridgeEstimate bridge_sampling(const std::vector<Matrix>& chains,
                               const std::function<Vector(const Matrix& positions)>& log_density,
                               RandomStream& random) {
    std::vector<Matrix> first;
    std::vector<Matrix> second;
    for (const Matrix& chain : chains) {
        const Index half = chain.cols() / 2;
        first.emplace_back(chain.leftCols(half));
        second.emplace_back(chain.rightCols(half));
    }
    const BridgeEstimate one = bridge(first, second, log_density, random);
    const BridgeEstimate other = bridge(second, first, log_density, random);
    return {(one.log_integral + other.log_integral) / 2, std::hypot(one.error, other.error) / 2};
}

}  // namespace attnpaths
