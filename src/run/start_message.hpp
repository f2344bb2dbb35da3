#pragma once

#include "sweep/part_encoding.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What the master tells every worker before the first point.
struct StartMessage {
    std::vector<EncodedPart> parts;  ///< of the sweep itself, with the hashes of their data
    double checkpoint_period = 0;    ///< seconds
    double seconds_left = 0;         ///< of the run; infinite without a limit
    std::string invitation;          ///< to the master's LivenessMonitor
};

std::string encode_start(const StartMessage& start);
/// @throws DataError if the text is something else
StartMessage decode_start(const std::string& text);

}  // namespace attnpaths
