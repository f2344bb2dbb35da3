#pragma once

#include <array>
#include <cmath>
#include <cstddef>
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

    std::string numerics;  ///< that results were computed with (store/file/numerics_lines)

    // Seconds; NaN where they are not known.
    double nominal_theory = NAN;    ///< of all points planned, by a count of operations, chains aside
    double nominal_sampling = NAN;  ///< of their chains
    // Of the latest run, known when it has ended in order.
    double run_workers = NAN;
    double run_seconds = NAN;       ///< from its first to its last moment
    double run_busy_seconds = NAN;  ///< of all workers, at work
    double run_idle_at_end = NAN;   ///< of all workers, after their last points
};

/// The configuration as the store file has it: HDF5 keeps attributes below 64 KiB, and a longer one is cut.
inline std::string stored_configuration(const StoreHeader& header) {
    constexpr std::size_t longest = 60000;
    return header.configuration.substr(0, longest);
}

/// The numbers of a header by their names in file and journal.
struct HeaderNumber {
    const char* name;
    double StoreHeader::*value;
};
inline constexpr std::array<HeaderNumber, 6> header_numbers = {{
    {"nominal_theory", &StoreHeader::nominal_theory},
    {"nominal_sampling", &StoreHeader::nominal_sampling},
    {"run_workers", &StoreHeader::run_workers},
    {"run_seconds", &StoreHeader::run_seconds},
    {"run_busy_seconds", &StoreHeader::run_busy_seconds},
    {"run_idle_at_end", &StoreHeader::run_idle_at_end},
}};

}  // namespace attnpaths
