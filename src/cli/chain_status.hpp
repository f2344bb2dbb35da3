#pragma once

#include "sampling/chain_progress.hpp"
#include "store/store_view.hpp"

#include <string>
#include <utility>
#include <vector>

namespace attnpaths::cli {

/// How far the chains of an unfinished point, or the strands of its examples, have come by its latest
/// checkpoint.
struct ChainStatus {
    std::string key;     ///< of the point
    std::string point;   ///< its text; empty in checkpoints that say none
    std::string method;  ///< of sampling, or folding_method
    ChainProgress progress;
};

/// By key. Checkpoints that are damaged or of another version are left out: their points begin again.
std::vector<ChainStatus> chain_status(const StoreView& store);

/// Name and value of a line each for people, of the first points.
std::vector<std::pair<std::string, std::string>> chain_lines(const std::vector<ChainStatus>& chains);

}  // namespace attnpaths::cli
