#pragma once

#include "training/descent/descent.hpp"
#include "training/network_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// One point of the training curve.
struct CurvePoint {
    std::int64_t episodes = 0;
    double train_loss = 0;  ///< mean over the episodes since the last point, each before the step on it
    double train_accuracy = 0;
    double validation_loss = 0;
    double validation_accuracy = 0;
    double seconds = 0;  ///< of training so far
};

/// Accuracy on classes never seen, of the last weights and of the best.
struct TestResult {
    std::int64_t episodes = 0;
    double last = 0;
    double best = 0;
};

/// What a topology is, and how far ranks are apart.
struct TopologyNumbers {
    double spectral_gap = 0;
    double curvature = 0;             ///< of the loss along its gradient, where this start began
    double decay = 0;                 ///< gamma of learning rate and curvature
    double effective_neighbours = 0;  ///< n_W(gamma)
    double consensus_distance = 0;    ///< relative to the norm of the mean
};

/// Everything that a run needs to go on exactly where it was, and all it has found.
struct TrainingState {
    std::map<std::string, std::string> settings;  ///< those that determine the weights, as texts
    std::int64_t steps = 0;
    WeightVector<float> weights;
    WeightVector<float> mean;    ///< of Adam
    WeightVector<float> square;  ///< of Adam
    Score since_validation;
    double seconds = 0;

    TrainedNetwork best;  ///< by validation accuracy; the present weights before the first validation
    std::int64_t best_episodes = 0;
    double best_accuracy = -1;  ///< on validation classes; -1 before the first validation
    std::vector<CurvePoint> curve;
    std::optional<TestResult> test;

    // With a topology.
    std::vector<WeightVector<float>> rank_weights;  ///< of every rank; `weights` is their mean
    std::optional<TopologyNumbers> topology;
};

/// Writes a training file: the best network (network_file.hpp), and under /training the curve, the settings,
/// the results, and the state of the descent. It appears whole or not at all.
/// @throws CreateError, OutputError
void write_training_file(const std::string& path, const TrainingState& state);

/// @throws InputError, DataError if the file is missing, damaged or something else
TrainingState read_training_file(const std::string& path);

}  // namespace attnpaths
