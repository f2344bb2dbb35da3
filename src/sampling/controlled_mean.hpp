#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Means of quantities over weighted draws that come in antithetic pairs, with control variates: functions of
/// the proposal whose means under it are 0, so that what a pair's quantities share with them is taken off by
/// linear regression (theory section 14). The coefficients used on a pair are fitted to pairs of other folds
/// (cross-fitting): the means are then without bias whatever the coefficients are, and the errors, those of
/// what is left, are honest even where controls are nearly as many as pairs. Controls are used where these
/// errors say that they help.
class ControlledMean {
  public:
    /// @param reference  about what the quantities are [quantities]: sums are of differences from it
    /// @param controls   how many; 0: plain weighted means
    explicit ControlledMean(Vector reference, Index controls = 0);

    [[nodiscard]] Index quantities() const { return reference_.size(); }

    /// One block of draws.
    /// @param number    of the block, which says to which fold it belongs
    /// @param values    of the quantities [quantities, draws], draws 2 j and 2 j + 1 being a pair
    /// @param weights   of the draws
    /// @param controls  their means over each pair [controls, pairs]; unused without controls
    void add(Index number, const Matrix& values, const Vector& weights, const Matrix& controls = {});

    struct Estimate {
        Vector mean;
        Vector error;  ///< Monte Carlo standard error of the mean
        Vector sd;     ///< of the quantities under the posterior
        /// Estimates from parts of the draws [quantities, parts], whose average is the mean.
        Matrix parts;
        /// By how many times controls make the errors smaller, on the whole; 1: they were not used.
        double gain = 1;
        double mean_weight = 0;
        double mean_weight_error = 0;
    };
    [[nodiscard]] Estimate estimate() const;

    /// Bytes that sums over draws of these sizes take.
    static double bytes(Index quantities, Index controls);
    /// Fewest pairs from which that many controls can be fitted.
    static Index fewest_pairs(Index controls);

  private:
    static constexpr Index folds = 16;

    /// Sums over the pairs of a fold; the last quantity is the weight itself, the others are weighted.
    struct Sums {
        double pairs = 0;
        Vector values;            ///< [quantities + 1]
        Vector squares;           ///< [quantities + 1]
        Vector by_weight;         ///< value times weight [quantities + 1]
        Vector controls;          ///< [controls]
        Matrix control_products;  ///< [controls, controls]
        Matrix control_values;    ///< [controls, quantities + 1]

        Sums(Index quantities, Index controls);
        void add(const Sums& other, double sign);
    };

    [[nodiscard]] Sums total() const;
    [[nodiscard]] Matrix coefficients(const Sums& others) const;
    /// Sums over each fold of what the coefficients leave.
    [[nodiscard]] Estimate estimate_with(const std::vector<Matrix>& coefficients) const;

    Vector reference_;
    Index controls_;
    std::vector<Sums> folds_;
    double weights_ = 0;       // sum over draws
    Vector weighted_squares_;  // of the quantities, less the reference
};

}  // namespace attnpaths
