#pragma once

#include "store/store_view.hpp"
#include "training/pruning/theory_lesion.hpp"

#include <optional>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// Which point of a store is meant; what is not given may have any value.
struct PointChoice {
    std::string key;  ///< the beginning of it is enough
    std::optional<double> width;
    std::optional<double> examples;
    std::optional<double> temperature;
};

/// What pruning needs to know of a grid point.
struct ScoredPoint {
    std::string key;
    std::string text;  ///< "width 10, P 600, T 0.5"
    std::string task;  ///< file of the data set
    double width = 0;
    SolvedPoint solved;
    Vector scores;  ///< theory/head_scores; empty where they are not stored
    double bias;    ///< theory/bias on the test set "test", by which the data set is recognised
};

/// Finds the one finished point of a network with these heads; of any heads if none are given.
/// Scores and order parameter are left empty where the store has none.
/// @throws UsageError if no point or more than one fits, DataError if the store is of other heads
ScoredPoint choose_point(const StoreView& store, const PointChoice& choice, const std::vector<Index>& heads);

}  // namespace attnpaths::cli
