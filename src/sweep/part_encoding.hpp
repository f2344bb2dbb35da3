#pragma once

#include "sweep/settings_file.hpp"

#include <string>
#include <string_view>
#include <utility>
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

/// The parts of a submission.
std::string encode_submitted_parts(const std::string& submission, const std::vector<EncodedPart>& parts);
/// @throws DataError if the bytes are no parts
std::pair<std::string, std::vector<EncodedPart>> decode_submitted_parts(std::string_view bytes);

}  // namespace attnpaths
