#pragma once

#include <array>
#include <cmath>
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

    // Seconds; NaN where they are not known.
    double nominal_theory = NAN;    ///< of all points planned, by a count of operations, chains aside
    double nominal_sampling = NAN;  ///< of their chains
    // Of the latest run, known when it has ended in order.
    double run_workers = NAN;
    double run_seconds = NAN;       ///< from its first to its last moment
    double run_busy_seconds = NAN;  ///< of all workers, at work
    double run_idle_at_end = NAN;   ///< of all workers, after their last points
};

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
