#pragma once

#include "sampling/diagnostics.hpp"
#include "sampling/nuts.hpp"
#include "sampling/weight_layout.hpp"

#include <functional>

namespace attnpaths::testing {

/// Runs chains of the no-U-turn sampler and tabulates quantities of their positions.
/// @param quantities  called at every draw with the position
/// @returns one table [draws, chains] per quantity
inline std::vector<Matrix> run_chains(const LogDensity& density, int chains, int warmup, int draws,
                                      const std::function<Vector(const Vector&)>& quantities) {
    std::vector<Matrix> tables;
    for (int chain = 0; chain < chains; ++chain) {
        RandomStream random(17, "test", static_cast<std::uint64_t>(chain));
        Vector start(density.dimension);
        for (double& element : start) element = random.normal();
        Nuts nuts(density, start, random, {.warmup = warmup});
        while (nuts.is_warming_up()) nuts.transition();
        for (int draw = 0; draw < draws; ++draw) {
            nuts.transition();
            const Vector values = quantities(nuts.position());
            if (tables.empty()) tables.assign(static_cast<std::size_t>(values.size()), Matrix(draws, chains));
            for (Index i = 0; i < values.size(); ++i)
                tables[static_cast<std::size_t>(i)](draw, chain) = values(i);
        }
    }
    return tables;
}

/// Deviation of a mean from its expectation in Monte Carlo standard errors.
inline double z_score(const Matrix& draws, double expected = 0) {
    return (draws.mean() - expected) / mcse_mean(draws);
}

/// For every layer (V0, V^1..V^L, a) |layer|^2/sigma^2 - dim(layer) - f . (y - f)/T, whose posterior mean is
/// 0 because f is linear in each layer (theory section 9).
inline Vector layer_identities(const WeightLayout& layout, const Vector& position, const Matrix& f,
                               const Matrix& y, double temperature) {
    const double pull = f.cwiseProduct(y - f).sum() / temperature;
    Vector identities(static_cast<Index>(layout.blocks().size()));
    Index layer = 0;
    for (const WeightLayout::Block& block : layout.blocks())
        identities(layer++) =
            WeightLayout::segment(block, position).squaredNorm() - static_cast<double>(block.size()) - pull;
    return identities;
}

}  // namespace attnpaths::testing
