#pragma once

#include <cstdint>
#include <string>

namespace attnpaths {

/// What a store says of itself as a whole: the root attributes of the HDF5 file.
struct StoreHeader {
    std::int64_t planned = 0;     ///< points wanted in total
    std::string configuration;    ///< of the latest run
    std::string program_version;  ///< of the latest run
    std::string git_hash;         ///< of the latest run
    std::string host;             ///< of the latest run
    std::string created;          ///< when the store was made, ISO 8601, UTC
    std::string updated;          ///< when the file was last written
    std::string run_started;      ///< when the latest run began
};

}  // namespace attnpaths
