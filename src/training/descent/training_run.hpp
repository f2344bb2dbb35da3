#pragma once

#include "training/descent/training_settings.hpp"

namespace attnpaths {

/// A whole training run on this rank of an MPI world (MPI must be initialised): reads the images, goes on
/// from the output file if it is there, trains, validates now and then, keeps the best weights, writes the
/// file anew once in a while and at the end, and measures the accuracy on classes never seen. The weights
/// depend on the settings and the number of ranks, never on interruptions; on the number of ranks by rounding
/// only. Errors on any rank end all with one message.
/// @returns the exit code of the program
int run_training(const TrainingSettings& settings);

}  // namespace attnpaths
