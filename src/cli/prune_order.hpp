#pragma once

#include "cli/prune_output.hpp"
#include "cli/prune_point.hpp"

#include <optional>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// What orders the heads.
enum class By { scores, evidence };

/// How the order of removal is found.
struct RemovalSettings {
    By by = By::scores;
    std::vector<std::string> kept;  ///< heads that stay, "2.5" for head 5 of layer 2
};

/// @throws UsageError if the word is neither scores nor evidence
By parse_by(const std::string& text);

/// The data set of a point, if the user wants it to be read.
struct PointData {
    std::string path;
    std::optional<TheoryLesion> theory;
};

/// @param store  its path, for messages
/// @param given  path of the data set as the user gives it; "none": not to be read; nothing: as the store
/// names it,
///               or beside the store
/// @throws InputError if it is not there
PointData read_point_data(const ScoredPoint& point, const std::string& store,
                          const std::optional<std::string>& given);

/// Sets what heads are ordered by.
/// @returns all of them, the least important first
/// @throws UsageError or DataError if the order cannot be had
std::vector<Index> order_heads(const ScoredPoint& point, PointData& data, const RemovalSettings& settings,
                               const std::string& store, PruningResults& results);

}  // namespace attnpaths::cli
