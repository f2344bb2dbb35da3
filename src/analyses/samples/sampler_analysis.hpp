#pragma once

#include "analyses/samples/sample.hpp"

#include <functional>
#include <memory>
#include <string>

namespace attnpaths {

/// What samplers differ in.
struct Sampler {
    std::string name;       ///< in checkpoints and random streams
    std::string posterior;  ///< "the posterior over all weights", for descriptions of columns
    std::string title;      ///< of its columns in the table
    std::function<std::unique_ptr<SamplingMethod>(const Settings& settings, const SamplingProblem& problem)>
        method;

    /// Of its columns.
    [[nodiscard]] std::string group() const { return "sampling/" + name; }
};

/// Gives an analysis what all samplers have in common: needs, output options, columns, table and how it is
/// run. A failure of the sampler is a verdict.
void make_sampler(Analysis& analysis, const Sampler& sampler);

/// Transitions of all chains until the diagnostics are looked at for the first time.
double least_transitions(const SamplerSettings& settings);

}  // namespace attnpaths
