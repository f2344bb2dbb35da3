#pragma once

#include "base/record.hpp"
#include "store/file/result_checksum.hpp"

#include <string>

namespace attnpaths {

/// Checksum of the reproducible columns of a record (not: times, hosts, attempts), 16 hexadecimal digits: two
/// runs of one point agree bit for bit exactly when these agree.
std::string result_checksum(const Record& record);

/// Whether a record is what its point/checksum was made of, by this version or by one of those before, which
/// counted the name of the data set file (point/task) among the results.
bool matches_its_checksum(const Record& record);

}  // namespace attnpaths
