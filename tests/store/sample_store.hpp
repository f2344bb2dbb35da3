#pragma once

#include "base/record.hpp"
#include "h5/handle.hpp"
#include "store/file/result_checksum.hpp"
#include "store/store.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace attnpaths {

/// Writing a store needs the HDF5 library ready.
inline const bool hdf5_is_ready = [] {
    h5::initialise();
    return true;
}();

inline std::string sample_key(int point) {
    return fmt::format("{:032x}", point + 1);
}

inline std::vector<std::string> sample_keys(int points) {
    std::vector<std::string> keys;
    for (int i = 0; i < points; ++i) keys.push_back(sample_key(i));
    return keys;
}

inline SweepPlan sample_plan(int points, int ranks = 4) {
    return {sample_keys(points), "[grid]\nwidth = 10 30\n", "0.1.0", "abc123", ranks};
}

/// A finished point whose values follow from its number, some of them missing, sizes of arrays differing
/// between points.
inline Record sample_record(int point) {
    const auto x = static_cast<double>(point);
    const auto paths = static_cast<std::size_t>(1 + point % 4);
    std::vector<double> matrix(paths * paths);
    for (std::size_t i = 0; i < matrix.size(); ++i) matrix[i] = std::sin(x + static_cast<double>(i));
    Record record = {{"point/key", sample_key(point)},
                     {"point/status", std::string("done")},
                     {"point/task", std::string("hidden-markov")},
                     {"point/width", 10 * (x + 1)},
                     {"point/widths", ValueArray{{3}, {10 * (x + 1), 10 * (x + 1), 10 * (x + 1)}}},
                     {"point/examples", std::int64_t{100 + point}},
                     {"point/heads", std::int64_t{2}},
                     {"point/depth", std::int64_t{2}},
                     {"point/temperature", 0.01},
                     {"point/seed", std::int64_t{point}},
                     {"point/seconds", 0.5 + x},
                     {"theory/action", std::exp(-x)},
                     {"theory/accuracy", 1 / (x + 1)},
                     {"theory/order_parameter", ValueArray{{paths, paths}, matrix}}};
    if (point % 3 == 0) record["theory/hessian_min"] = -0.0;
    if (point % 5 == 0)
        record["gp/eigenvalues"] = ValueArray{{2}, {std::numeric_limits<double>::infinity(), x}};
    return record;
}

inline Record failed_record(int point, const std::string& message) {
    return {{"point/key", sample_key(point)},
            {"point/status", std::string("failed")},
            {"point/message", message},
            {"point/width", 10 * (static_cast<double>(point) + 1)}};
}

/// The record as a store gives it back: with checksum and attempts.
inline Record stored_record(Record record, int attempts = 1) {
    record["point/attempts"] = std::int64_t{attempts};
    record["point/checksum"] = result_checksum(record);
    return record;
}

inline std::string read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A store with the first `points` sample points, compacted or all in the journal.
inline void write_sample_store(const std::string& path, int points, bool compacted, int planned = -1) {
    Store store = Store::open(path, sample_plan(planned < 0 ? points : planned));
    for (int i = 0; i < points; ++i) store.finish(sample_record(i));
    store.sync();
    if (compacted) store.compact();
}

}  // namespace attnpaths
