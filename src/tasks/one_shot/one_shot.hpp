#pragma once

#include "datasets/dataset.hpp"
#include "images/image_set.hpp"
#include "tasks/one_shot/episode_tokens.hpp"

#include <cstdint>
#include <vector>

namespace attnpaths {

/// One-shot classification of images in context (arXiv:2405.15926, section 5.2): three images as one sequence
/// of tokens, two with their labels and a third of either class, whose label is to be told.
struct OneShotTask {
    Index examples = 600;              ///< training episodes, half of each target, of training classes
    Index test_examples = 1000;        ///< of each test set, likewise; classes never seen in training
    Index validation_examples = 1000;  ///< of validation classes, test set "validation"; 0: none
    PatchShape patch;
    std::uint64_t seed = 1;
};

/// Makes the task's examples; heads are the caller's to add. Episodes are drawn from streams
/// "one-shot/train", "one-shot/test" and "one-shot/validation" of the task's seed: an example does not depend
/// on how many there are, and a smaller set is the beginning of a larger one.
/// @param images         training, validation and test classes
/// @param fixed          further image sets of two classes each, whose names become those of test sets of one
///                       fixed problem each (fixed_problem in episode.hpp); resized as `images`
/// @param label_vectors  [N0, 3], those of the network whose heads are to be used, or draw_label_vectors
/// @returns x [N0, P * tokens] of 32-bit numbers, y [P, 1] of +-1, tokens averaged over for the readout
/// @throws UsageError if a number is odd or out of range, or classes or images are too few
Dataset make_one_shot(const OneShotTask& task, const ImageSet& images, const std::vector<ImageSet>& fixed,
                      const Matrix& label_vectors);

}  // namespace attnpaths
