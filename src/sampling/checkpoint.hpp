#pragma once

#include "sampling/chain_ensemble.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace attnpaths {

/// How far the sampling of a point has come: the state of its chains, by sampling method. Methods that are
/// not there have not begun.
struct Checkpoint {
    std::map<std::string, EnsembleState> methods;

    [[nodiscard]] bool empty() const { return methods.empty(); }
    /// Wall time that went into all chains.
    [[nodiscard]] double seconds() const;
    /// Bytes of the saved chains.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Takes over the methods and chains that `newer` has; its empty chains change nothing.
    void merge(Checkpoint newer);
    /// The same with no chains but these.
    [[nodiscard]] Checkpoint only(const std::string& method, std::span<const int> chains) const;
};

std::string encode_checkpoint(const Checkpoint& checkpoint);

/// @throws DataError if the bytes are no checkpoint
Checkpoint decode_checkpoint(std::string_view bytes);

/// The checkpoint, or nothing if it cannot be used (of another version, damaged): the point then begins
/// again.
std::optional<Checkpoint> usable_checkpoint(std::string_view bytes);

}  // namespace attnpaths
