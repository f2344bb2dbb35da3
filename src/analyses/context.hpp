#pragma once

#include "base/settings.hpp"
#include "network/architecture.hpp"
#include "sampling/checkpoint.hpp"

#include <any>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// What an analysis is told of a point besides the problem.
struct AnalysisInputs {
    const Settings& settings;
    /// Sub-networks "NAME=1.1,2.1" that the task is known for, of the point's heads.
    std::vector<std::string> known_sub_networks;
    double memory_budget = 0;  ///< bytes
};

/// How the work on a point talks to the world while it goes on.
struct PointHooks {
    /// Called often; throws Interrupted to give the point up.
    std::function<void()> poll = [] {};
    /// Called between transitions of chains and blocks of strands, where nothing is lost: throws Interrupted
    /// on lesser occasions too.
    std::function<void()> poll_chain = [] {};
    /// Whether it is time to save a checkpoint, and what to do with it.
    std::function<bool()> wants_checkpoint = [] { return false; };
    std::function<void(const Checkpoint&)> save = [](const Checkpoint&) {};
    /// Whether others are idle and could take part in this point.
    std::function<bool()> others_are_idle = [] { return false; };
    /// Told in one line what the user should know of this point and what is no failure of it.
    std::function<void(const std::string&)> say = [](const std::string&) {};
};

/// Thrown to give up the present point; not an error.
struct Interrupted {};

/// Thrown to hand the point back, so that others can take part in it, or because the part that was asked for
/// is done; the checkpoint says how far it has come.
struct HandedBack {};

/// What an analysis works with at one point.
struct Context {
    const AnalysisInputs& inputs;
    const PointHooks& hooks;
    const std::string& point;  ///< its key, for messages
    std::string analysis_key;  ///< of the analysis at work
    /// Hash of the problem, of which the random streams are: with the analysis' name as purpose.
    std::uint64_t stream_seed = 0;
    /// Hand the point back instead of beginning another round of draws.
    bool is_spread = false;
    /// What samplers keep for further tasks of this point in this process, by names of their own; results do
    /// not depend on it.
    std::map<std::string, std::any>& memo;
    /// How far the chains have come; brought up to date before anything is thrown, and whenever the hooks
    /// want it saved.
    Checkpoint& checkpoint;
};

}  // namespace attnpaths
