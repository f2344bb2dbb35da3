#pragma once

#include "sampling/nuts.hpp"

#include <functional>
#include <span>

namespace attnpaths {

/// What a chain notes of a position.
struct Observation {
    Vector tracked;  ///< noted of every draw: what the diagnostics look at, e.g. elements of U_1
    Vector
        averaged;  ///< only means and mean squares over blocks of draws are kept, e.g. outputs at test points
};

/// A posterior to be sampled, and what is wanted of it.
struct SamplingTarget {
    LogDensity density;
    NutsOptions nuts;
    /// First position of a chain; those of many chains are dispersed over the posterior.
    std::function<Vector(RandomStream& random)> start;
    /// Notes a position; called once for every draw.
    std::function<void(const Vector& position, Observation& observation)> observe;
    Index tracked = 0;   ///< size of Observation::tracked
    Index averaged = 0;  ///< size of Observation::averaged
    int block = 50;      ///< draws per block of averages
    int keep_every = 0;  ///< every such draw's whole position is kept; 0: none
};

/// One chain: a sampler with all that was noted of its draws. Can be saved at any time and restored to where
/// it was before its present transition, and goes on with the same bits.
class Chain {
  public:
    /// @param target  must outlive the chain
    /// @param start   first position
    /// @param random  the chain's own stream
    Chain(const SamplingTarget& target, Vector start, const RandomStream& random);

    /// Goes on until it has warmed up and has `draws` draws, alone (advance_together).
    void advance(int draws, const std::function<void()>& pause);

    [[nodiscard]] const LogDensity& density() const { return target_.density; }
    /// Whether it has warmed up and has `draws` draws.
    [[nodiscard]] bool has(int draws) const { return !nuts_.is_warming_up() && draws_ >= draws; }
    /// One step, between which several chains of a target can be evaluated together: where the density is
    /// wanted, and what follows when it is there.
    [[nodiscard]] Evaluation ask() { return nuts_.ask(); }
    void go_on();
    [[nodiscard]] bool is_at_rest() const { return nuts_.is_at_rest(); }
    /// Wall time that it is to count as its own.
    void add_seconds(double seconds) { seconds_ += seconds; }

    [[nodiscard]] int draws() const { return draws_; }
    /// Until it has this many draws.
    [[nodiscard]] int transitions_left(int draws) const;
    /// Quantity `index` of Observation::tracked in draw number `draw`.
    [[nodiscard]] double tracked(int draw, Index index) const;
    [[nodiscard]] double log_density(int draw) const {
        return log_densities_[static_cast<std::size_t>(draw)];
    }
    /// Hamiltonians of all draws.
    [[nodiscard]] const std::vector<double>& energies() const { return energies_; }
    /// Means and mean squares of Observation::averaged over the whole blocks so far, [averaged, blocks].
    [[nodiscard]] Matrix block_means() const;
    [[nodiscard]] Matrix block_mean_squares() const;
    /// Positions of the draws number keep_every - 1, 2 keep_every - 1, ...
    [[nodiscard]] const std::vector<Vector>& kept() const { return kept_; }
    [[nodiscard]] int divergences() const { return divergences_; }
    [[nodiscard]] int depth_hits() const { return depth_hits_; }
    [[nodiscard]] std::int64_t leapfrogs() const { return leapfrogs_; }
    /// Wall time of its transitions so far.
    [[nodiscard]] double seconds() const { return seconds_; }
    [[nodiscard]] const Nuts& sampler() const { return nuts_; }

    [[nodiscard]] std::string save() const;
    /// @throws DataError if the bytes are no saved state of such a chain
    void restore(std::string_view bytes);

  private:
    void note(const NutsTransition& transition);

    const SamplingTarget& target_;
    Nuts nuts_;
    Observation observation_;
    int draws_ = 0;
    int divergences_ = 0;
    int depth_hits_ = 0;
    std::int64_t leapfrogs_ = 0;  // of the draws, warm-up excluded
    double seconds_ = 0;
    std::vector<double> tracked_;
    std::vector<double> log_densities_;
    std::vector<double> energies_;
    std::vector<Vector> block_sums_;  // the last block may be in the making
    std::vector<Vector> block_square_sums_;
    std::vector<Vector> kept_;
};

/// What a saved chain noted of its draws; can be read without its target.
struct NotedDraws {
    int draws = 0;
    std::vector<double> tracked;        ///< Observation::tracked of the first draw, of the second, ...
    std::vector<double> log_densities;  ///< of all draws
};

/// @param saved  Chain::save
/// @throws DataError if the bytes are no saved state of a chain
NotedDraws noted_draws(std::string_view saved);

/// Brings chains of one target to `draws` draws each, several at a time where their densities are evaluated
/// together and one after the other elsewhere; the bits are the same. `pause` is called whenever one of them
/// is at rest, before every transition at least, and may throw; the chains can then be saved or go on.
void advance_together(std::span<Chain* const> chains, int draws, const std::function<void()>& pause);

}  // namespace attnpaths
