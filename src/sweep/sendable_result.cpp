#include "sweep/sendable_result.hpp"

#include "sweep/compute_point.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::string encode_sendable(PointResult result, const GridPoint& point, std::size_t largest) {
    std::string bytes = encode_result(result);
    if (bytes.size() <= largest) return bytes;
    if (result.outcome == Outcome::interrupted || result.outcome == Outcome::overdue) {
        result.checkpoint = {};
        return encode_result(std::move(result));
    }
    return encode_result(failed_point(
        point, fmt::format("its result of {:.1f} GiB is more than a message holds; store fewer draws "
                           "(store.thin) or predictions",
                           static_cast<double>(bytes.size()) / 1073741824)));
}

}  // namespace attnpaths
