#pragma once

#include "sampling/calibration/joint_model.hpp"

namespace attnpaths::testing {

struct JointDistributionOptions {
    int chains = 400;
    int iterations = 50;      ///< per chain
    int transitions = 2;      ///< of the sampler between two data sets
    int prior_draws = 40000;  ///< of unknowns and data
    std::uint64_t seed = 1;
};

/// A moment under exact simulation and under the alternation.
struct MomentComparison {
    std::string moment;
    double exact = 0;
    double alternating = 0;
    double z = 0;  ///< their difference in Monte Carlo standard errors
};

struct JointDistributionTest {
    std::vector<MomentComparison> moments;  ///< of first and second order of asinh of the model's quantities

    /// The moment that differs most.
    [[nodiscard]] const MomentComparison& worst() const;
};

/// Joint distribution test (Geweke 2004, "Getting it right", J. Am. Stat. Assoc. 99, section 3.2): drawing
/// data given the unknowns exactly and moving the unknowns given the data by the sampler, in turn, leaves the
/// joint law of both unchanged if and only if the sampler leaves the posterior unchanged. The sampler's step
/// size and metric stay fixed, so that every transition is one of a Markov chain.
///
/// Every chain starts from an exact draw and thus has the joint law from the first iteration on, however
/// slowly it moves: the means over chains are independent, and their scatter is the error. One long chain
/// would have to estimate it from draws that seldom reach the tails. For the same reason moments are those of
/// asinh q, which is q where it is small and log 2q where it is large: U_1 is a product of chi-squares, of
/// which a few draws would decide the moments.
JointDistributionTest joint_distribution_test(const JointModel& model,
                                              const JointDistributionOptions& options);

}  // namespace attnpaths::testing
