#pragma once

#include "store/file/store_header.hpp"

#include <string>

namespace attnpaths {

/// A plan entry of the journal: the header that the next store file will have, and the size of the run.
struct RunPlan {
    StoreHeader header;
    int ranks = 1;
};

/// The plan as JSON, and back.
/// @throws DataError naming `where` if the text is no plan
std::string encode_plan(const RunPlan& plan);
RunPlan decode_plan(const std::string& json, const std::string& where);

}  // namespace attnpaths
