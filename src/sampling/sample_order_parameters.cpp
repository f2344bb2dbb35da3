#include "sampling/sample_order_parameters.hpp"

#include "sampling/diagnostics.hpp"
#include "sampling/nuts.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// The posterior in coordinates z, x = centre + C z, in which its Laplace approximation is the standard
/// normal.
struct Standardised {
    LogDensity original;
    Vector centre;
    Matrix scale;  // C, with C C' = precision^{-1}

    [[nodiscard]] Vector original_position(const Vector& z) const { return centre + scale * z; }
    [[nodiscard]] LogDensity density() const {
        return {original.dimension, [this](const Vector& z, Vector& gradient) {
                    Vector inner;
                    const double value = original.value_and_gradient(original_position(z), inner);
                    if (std::isfinite(value)) gradient = scale.transpose() * inner;
                    return value;
                }};
    }
};

/// What one chain has produced so far.
struct Chain {
    Nuts sampler;
    std::vector<Matrix> U;
    std::vector<double> log_densities;
    std::vector<double> energies;
};

/// Draws of one scalar, [draws, chains].
template <class Quantity>
Matrix table(const std::vector<Chain>& chains, const Quantity& quantity) {
    const auto draws = static_cast<Index>(chains.front().U.size());
    Matrix values(draws, static_cast<Index>(chains.size()));
    for (std::size_t chain = 0; chain < chains.size(); ++chain)
        for (Index draw = 0; draw < draws; ++draw)
            values(draw, static_cast<Index>(chain)) = quantity(chains[chain], static_cast<std::size_t>(draw));
    return values;
}

void add_diagnostics(const Matrix& values, OrderParameterSample& sample) {
    // NaN (a constant quantity) must not hide behind comparisons: fmin and fmax would skip it, a converged
    // verdict must not.
    const double present_rhat = rhat(values);
    sample.rhat = std::isnan(present_rhat) ? present_rhat : std::max(sample.rhat, present_rhat);
    sample.ess = std::min(sample.ess, bulk_ess(values));
    sample.tail_ess = std::min(sample.tail_ess, tail_ess(values));
}

void summarise(const std::vector<Chain>& chains, const SamplingOptions& options,
               OrderParameterSample& sample) {
    sample.rhat = 0;
    sample.ess = sample.tail_ess = sample.ebfmi = std::numeric_limits<double>::infinity();
    const Index size = chains.front().U.front().rows();
    sample.mean.resize(size, size);
    sample.mcse.resize(size, size);
    for (Index j = 0; j < size; ++j) {
        for (Index i = j; i < size; ++i) {
            const Matrix values =
                table(chains, [&](const Chain& chain, std::size_t draw) { return chain.U[draw](i, j); });
            sample.mean(i, j) = sample.mean(j, i) = values.mean();
            sample.mcse(i, j) = sample.mcse(j, i) = mcse_mean(values);
            add_diagnostics(values, sample);
        }
    }
    add_diagnostics(
        table(chains, [](const Chain& chain, std::size_t draw) { return chain.log_densities[draw]; }),
        sample);
    sample.step_size = 0;
    sample.gradient_evaluations = 0;
    for (const Chain& chain : chains) {
        sample.ebfmi =
            std::min(sample.ebfmi, ebfmi(Eigen::Map<const Vector>(
                                       chain.energies.data(), static_cast<Index>(chain.energies.size()))));
        sample.step_size += chain.sampler.step_size() / static_cast<double>(chains.size());
        sample.gradient_evaluations += chain.sampler.gradient_evaluations();
    }
    sample.draws = static_cast<int>(chains.front().U.size());
    sample.converged =
        sample.ess >= options.target_ess && sample.rhat <= options.target_rhat && sample.divergences == 0;
}

}  // namespace

OrderParameterSample sample_order_parameters(OrderParameterPosterior& posterior, const Vector& centre,
                                             const Matrix& precision, std::uint64_t key,
                                             const SamplingOptions& options) {
    Standardised standardised{posterior.log_density(), centre, {}};
    const Eigen::LLT<Matrix> factor(precision);
    const Index dimension = centre.size();
    standardised.scale = factor.matrixU().solve(Matrix::Identity(dimension, dimension));

    std::vector<Chain> chains;
    for (int chain = 0; chain < options.chains; ++chain) {
        RandomStream random(key, "order-parameter/chain", static_cast<std::uint64_t>(chain));
        Vector start(dimension);
        for (double& element : start) element = 1.5 * random.normal();
        chains.push_back({Nuts(standardised.density(), start, random), {}, {}, {}});
        chains.back().sampler.warm_up(options.warmup, options.poll);
    }
    OrderParameterSample sample;
    while (!sample.converged && sample.draws < options.max_draws) {
        const int portion = std::min(options.draws, options.max_draws - sample.draws);
        for (Chain& chain : chains) {
            for (int draw = 0; draw < portion; ++draw) {
                options.poll();
                const NutsTransition transition = chain.sampler.transition();
                sample.divergences += transition.divergent ? 1 : 0;
                sample.depth_hits += transition.reached_max_depth ? 1 : 0;
                const Vector x = standardised.original_position(chain.sampler.position());
                chain.U.push_back(
                    WhitenedCoordinates::path_order_parameter(posterior.coordinates().expand(x)));
                chain.log_densities.push_back(transition.log_density);
                chain.energies.push_back(transition.energy);
            }
        }
        summarise(chains, options, sample);
        if (sample.divergences > 0) break;
    }
    for (Chain& chain : chains) sample.U.push_back(std::move(chain.U));
    return sample;
}

}  // namespace attnpaths
