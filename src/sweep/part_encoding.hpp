#pragma once

#include "sweep/settings_file.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// A part of a sweep as it travels: from the master to workers, and from a submitter to the sweep.
struct EncodedPart {
    PartSettings settings;
    std::string content;  ///< hash of its data as the sender read them; "" if the sender does not say
};

/// Parts as a JSON array, with every setting's text and the place where it was given, for messages.
/// @throws UsageError naming place and key of a setting whose text is not UTF-8
std::string encode_parts(const std::vector<EncodedPart>& parts);

/// Inverse of encode_parts.
/// @throws DataError if the text is something else
std::vector<EncodedPart> decode_parts(const std::string& text);

}  // namespace attnpaths
