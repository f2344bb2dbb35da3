#pragma once

#include "sampling/normal_scores.hpp"
#include "theory/data_term.hpp"

#include <cstdint>
#include <functional>

namespace attnpaths {

/// How much wider than the posterior at its mode a normal proposal is best: narrow networks have heavier
/// tails than a normal law, by some 0.15 at N = 10 and a few hundredths at N = 30, where each of the unknowns
/// costs draws, a share of 2 epsilon^2 for a width of 1 + epsilon; wide ones gain nothing, and the widening
/// itself would be what spreads their weights.
double proposal_widening(const Architecture& architecture);

/// Independent draws from the exact posterior of the order parameters at finite width, by importance sampling
/// (theory section 14). The proposal is the normal at the posterior's mode in normal scores, in antithetic
/// pairs; blocks of draws are numbered and any of them can be made alone, by anybody, with the same bits.
class IndependentDraws {
  public:
    /// Finds the mode by Newton's method with the exact Hessian.
    /// @param data_term  of the training data; must outlive this object
    /// @param start   whitened unknowns to start at: those of the saddle point
    /// @param seed    of the streams the draws come from
    /// @param widening  of the proposal beyond the posterior's own width at its mode (proposal_widening)
    /// @param poll    called between steps; may throw
    /// @throws NumericalError if a width is below its number of paths, or no mode is found
    IndependentDraws(
        const Architecture& architecture, DataTerm& data_term, const Vector& start, std::uint64_t seed,
        double widening, const std::function<void()>& poll = [] {});

    /// The normal law of normal scores that draws come from.
    struct Proposal {
        Vector mode;
        Matrix root;  ///< R: the covariance is R R'
        double log_det_root = 0;
    };
    /// Those of a proposal that was found before (proposal()), at no cost.
    IndependentDraws(const Architecture& architecture, DataTerm& data_term, Proposal proposal,
                     std::uint64_t seed);
    [[nodiscard]] const Proposal& proposal() const { return proposal_; }

    /// Some of the draws.
    struct Block {
        std::vector<Matrix> U;  ///< U_1 of each [nD, nD]
        std::vector<Vector> unknowns;
        Matrix normals;     ///< x of each pair, its draws being mode +- R x [unknowns, pairs]
        Vector log_ratios;  ///< log of prior density / proposal density in normal scores, up to the prior's
                            ///< constant; -infinity for scores without a quantile
    };
    /// Draws of one block: fixed, as the bits of a matrix product depend on its shape.
    static constexpr Index block_size = 32;
    /// The block of this number; in it, draw 2 j + 1 mirrors draw 2 j at the mode. Costs no energies.
    [[nodiscard]] Block block(std::uint64_t number) const;
    /// Logs of posterior density / proposal density of the draws of a block, the posterior's without its
    /// normalisation and DataTerm::constant(); -infinity where K + T I is not positive definite.
    [[nodiscard]] Vector log_weights(const Block& block) const;

    /// Third derivatives of -log posterior in normal scores at the mode along the columns of R, symmetric to
    /// the bit: T_abc at row b unknowns + a, column c. By differences of two Hessians for each unknown.
    [[nodiscard]] Matrix third_derivatives(const std::function<void()>& poll = [] {}) const;

    /// Normal scores of the mode.
    [[nodiscard]] const Vector& mode() const { return proposal_.mode; }
    [[nodiscard]] const NormalScores& scores() const { return scores_; }

    /// Logarithm of the evidence p(y) of draws with this mean weight.
    /// @param log_mean_weight     logarithm of the mean of exp(log_weights())
    /// @param targets             P D
    /// @param data_term_constant  DataTerm::constant(), which the log weights leave out
    [[nodiscard]] static double log_evidence(double log_mean_weight, Index targets,
                                             double data_term_constant);

  private:
    void find_mode(const Vector& start, const std::function<void()>& poll);

    Architecture architecture_;
    NormalScores scores_;
    DataTerm& data_term_;
    std::uint64_t seed_;
    Proposal proposal_;
};

}  // namespace attnpaths
