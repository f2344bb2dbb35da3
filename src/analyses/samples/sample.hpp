#pragma once

#include "analyses/analysis.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/samples/sampling_method.hpp"

#include <span>
#include <string>

namespace attnpaths {

/// What a sampler works on.
struct SamplingProblem {
    const Problem& problem;
    const SaddlePoint& theory;
    double memory_budget;  ///< bytes
    std::uint64_t stream_seed;
};

/// Samples from the checkpoint on until the diagnostics are satisfied or the limit is reached, and enters the
/// columns of sampling_columns(). A failure of the sampler is a verdict.
/// @param name   of the sampler in checkpoints and random streams
/// @param group  of its columns
/// @throws HandedBack, and whatever the context's polls throw: the checkpoint is up to date
void sample(const std::string& name, const std::string& group, const SamplingMethod& method,
            const SamplingProblem& problem, Context& context, Record& record);

/// Brings some of the chains to their goal.
void advance_chains(const std::string& name, const SamplingMethod& method, std::span<const int> chains,
                    Context& context);

}  // namespace attnpaths
