#pragma once

#include "network/lesion.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace attnpaths {

struct Estimate {
    double value = std::numeric_limits<double>::quiet_NaN();
    double error = std::numeric_limits<double>::quiet_NaN();  ///< standard error
};

/// Mean of the values of independent cases, and its standard error from their spread.
Estimate mean_of(const Vector& cases);

/// What a network without some heads is worth on test cases.
struct Performance {
    Estimate accuracy;  ///< fraction answered rightly; NaN where targets are not classes
    Estimate change;    ///< of the accuracy against the whole network, its error from paired cases
    Estimate loss;      ///< mean of |f - y|^2
};

/// Heads removed one after the other.
struct PruningCurve {
    std::vector<Index> order;              ///< heads by number, K of them
    std::vector<Performance> performance;  ///< after 0, ..., K removals
};

/// The mean over random orders.
struct RandomCurve {
    std::vector<PruningCurve> shuffles;
    std::vector<Performance> mean;  ///< after 0, ..., K removals; errors from cases and from shuffles
    std::vector<double> band;       ///< standard deviation of the accuracy among shuffles
};

/// How pruning in ascending order compares with its controls, in accuracy averaged over 1, ..., K removals:
/// the area between two curves, in units of accuracy. Where targets are not classes, in |f - y|^2 less than
/// theirs.
struct Advantage {
    Estimate over_random;      ///< error from paired cases and from shuffles, added in quadrature
    Estimate over_descending;  ///< error from paired cases
    Index shuffles_beaten = 0;
    Index shuffles_equalled = 0;
};

struct PruningStudy {
    std::vector<Performance> single;  ///< each head of all layers removed alone; NaN where it is the only one
                                      ///< of its layer
    PruningCurve ascending;
    PruningCurve descending;
    RandomCurve random;
    Advantage advantage;
};

/// 1 where the answer is right, else 0. With one output it has the sign of its target +-1 (an output of 0
/// counts as -1, as in training), with several the largest is that of the target.
/// @param outputs, targets  [cases, D]
Vector right_answers(const Matrix& outputs, const Matrix& targets);

/// Test cases that networks answer.
struct PruningCases {
    Matrix targets;                               ///< [cases, D]
    bool are_classes = true;                      ///< whether an accuracy makes sense
    std::function<Matrix(const Lesion&)> answer;  ///< outputs f of the network without some heads [cases, D]
};

/// Removes heads in an order, the other way round, in random orders, and each alone.
/// @param heads      H_1..H_L
/// @param ascending  all heads, the least important first
/// @param shuffles   random orders, at least 2
PruningStudy study_pruning(const std::vector<Index>& heads, const std::vector<Index>& ascending,
                           Index shuffles, std::uint64_t seed, const PruningCases& cases);

}  // namespace attnpaths
