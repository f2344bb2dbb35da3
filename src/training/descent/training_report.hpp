#pragma once

#include "training/descent/training_state.hpp"

#include <cstdint>
#include <string>

namespace attnpaths {

// What a training run tells people; every text is one line, without the newline at its end.

/// How far a run is.
struct TrainingProgress {
    std::int64_t episodes = 0;  ///< trained on so far, since the first step
    std::int64_t goal = 0;      ///< of them
    double rate = 0;            ///< episodes per second since this start; not positive if unknown
};

/// "training a network of 4:4 heads, ... (2621440 weights) on omniglot, 964 classes; 2 ranks"
/// @param images         their name
/// @param train_classes  number of classes to learn from
std::string network_text(bool going_on, const NetworkShape& shape, const std::string& images,
                         std::size_t train_classes, int ranks);

/// "topology ring: spectral gap 0.195; ..."
/// @param name  of the topology
std::string topology_text(const std::string& name, const TopologyNumbers& numbers, double learning_rate);

/// "12k of 1.000M episodes done"
std::string going_on_text(const TrainingProgress& progress);

/// The state of a run while it works.
/// @param recent         score of the latest steps; left out if of no episodes
/// @param best_accuracy  on validation classes; left out if negative
/// @param last           no more work follows, so that no time is left
std::string progress_text(const TrainingProgress& progress, const Score& recent, double best_accuracy,
                          bool last);

/// A validation. @param is_best  of all so far
std::string validation_text(const CurvePoint& point, bool is_best);

/// Why there is work left, and how much. @param reason  "a signal"
std::string stopped_text(const TrainingProgress& progress, const std::string& reason);

/// What a finished run has found.
std::string result_text(const TrainingProgress& progress, const TrainingState& state);

}  // namespace attnpaths
