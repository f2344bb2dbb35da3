#pragma once

#include "analyses/samples/sample.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// What samplers differ in.
struct Sampler {
    std::string name;
    std::string posterior;            ///< "the posterior over all weights", for descriptions of columns
    std::string title;                ///< of its columns in the table
    std::vector<std::string> chains;  ///< names of its chains in checkpoints
    /// Samples a problem and enters the columns. @throws what the context's polls throw
    std::function<void(const SamplingProblem& problem, Context& context, Record& own)> sample;
    /// Brings some of the chains of a name to their goal.
    std::function<void(const SamplingProblem& problem, const std::string& name, std::span<const int> chains,
                       Context& context)>
        advance_chains;

    /// Of its columns.
    [[nodiscard]] std::string group() const { return "sampling/" + name; }
};

/// Makes the method of a sampler that has nothing but chains.
using MakeSamplingMethod =
    std::function<std::unique_ptr<SamplingMethod>(const Settings& settings, const SamplingProblem& problem)>;

/// A sampler that has nothing but chains of its own name.
Sampler chain_sampler(const std::string& name, const std::string& posterior, const std::string& title,
                      const MakeSamplingMethod& method);

/// Gives an analysis what all samplers have in common: needs, output options, columns, table and how it is
/// run. A failure of the sampler is a verdict.
void make_sampler(Analysis& analysis, const Sampler& sampler);

/// Transitions of all chains until the diagnostics are looked at for the first time.
double least_transitions(const SamplerSettings& settings);

}  // namespace attnpaths
