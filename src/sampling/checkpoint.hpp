#pragma once

#include "sampling/chain_ensemble.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace attnpaths {

/// The name, among the methods of a checkpoint, of the folding of a training set into the span of its
/// features.
inline constexpr const char* folding_method = "folding";

/// The name of a pass over the examples of a training set that an analysis makes.
/// @param analysis  its key;  @param number  of the pass, from 1
std::string pass_method(const std::string& analysis, int number);
/// The key of the analysis that makes a pass; "" if the method is none.
std::string analysis_of_pass(std::string_view method);

/// How far those works of a point have come that can be done in parts: the states of its chains, by sampling
/// method, and of the strands of passes over its examples, which count as chains. Methods that are not there
/// have not begun.
struct Checkpoint {
    std::map<std::string, EnsembleState> methods;
    std::string point = {};  ///< whose it is, in words for people; may be empty

    [[nodiscard]] bool empty() const { return methods.empty(); }
    /// Wall time that went into all chains.
    [[nodiscard]] double seconds() const;
    /// Bytes of the saved chains.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Takes over the methods and chains that `newer` has; its empty chains change nothing, nor do its words.
    void merge(Checkpoint newer);
    /// The same with no chains but these.
    [[nodiscard]] Checkpoint only(const std::string& method, std::span<const int> chains) const;
    /// The same with all that these chains may rest on: the folding, and other passes of their analysis.
    [[nodiscard]] Checkpoint for_part(const std::string& method, std::span<const int> chains) const;
    /// What is worth keeping for later runs: no passes of analyses, which are sooner made again, and no
    /// folding beside chains, which are saved more often.
    [[nodiscard]] Checkpoint lasting() const;
};

std::string encode_checkpoint(const Checkpoint& checkpoint);

/// @throws DataError if the bytes are no checkpoint
Checkpoint decode_checkpoint(std::string_view bytes);

/// The checkpoint, or nothing if it cannot be used (of another version, damaged): the point then begins
/// again.
std::optional<Checkpoint> usable_checkpoint(std::string_view bytes);

}  // namespace attnpaths
