#pragma once

#include "datasets/dataset.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// The hidden-Markov classification task (arXiv:2405.15926, section 5.1; theory section 8). A hidden state in
/// {+, -} starts uniform and stays with a probability that depends on the class; tokens are noisy copies of
/// the state's feature vector, v+ = sqrt(2) (1,..,1,0,..,0) or v- = sqrt(2) (0,..,0,1,..,1), after a
/// beginning-of-sequence token of zero features; one-hot positions are appended. The last token is read out.
struct HiddenMarkovTask {
    Index feature_width = 200;
    Index tokens = 30;           ///< without the beginning-of-sequence token
    Index examples = 100;        ///< of the training set, half of them of each class
    Index test_examples = 1000;  ///< likewise
    double stay_probability_plus = 0.7;
    double stay_probability_minus = 0.3;
    double noise_difference = 1;     ///< standard deviation along v+ - v-
    double noise_sum = 1;            ///< standard deviation along v+ + v-
    double noise_perpendicular = 1;  ///< standard deviation along each direction out of that plane
    double beta = 10;                ///< inverse temperature of all heads
    double random_strength = 1;      ///< of the random heads, relative to beta; 0 makes them attend uniformly
    double sequence_start_score = 1.5;  ///< score of the first token in the same-token head, relative to beta
    std::vector<Index> heads = {
        2, 2};  ///< per layer; layer 1: same-token + random, later layers: uniform + random
    std::uint64_t seed = 1;

    /// N0: features and one-hot positions, the beginning-of-sequence token's included.
    [[nodiscard]] Index input_width() const { return feature_width + tokens + 1; }
};

/// Makes the task's data set. Class +1 comes first. Every example and every random head has its own random
/// numbers: they do not depend on how many others are made, nor an example's standard normal numbers on the
/// noise strengths.
/// @returns train and test with x [N0, P * (tokens + 1)], y [P, 1] of +-1, heads with W [N0, N0]
/// @throws UsageError naming the key (task.feature_width, ...) of a parameter out of range
Dataset make_hidden_markov(const HiddenMarkovTask& task);

/// Names of the heads of every layer.
std::vector<std::vector<std::string>> hidden_markov_heads(const std::vector<Index>& heads);

/// Every parameter but training examples, heads and seed, as one canonical text: what of the task determines
/// a result.
std::string describe(const HiddenMarkovTask& task);

}  // namespace attnpaths
