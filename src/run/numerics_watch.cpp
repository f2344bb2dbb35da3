#include "run/numerics_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

void NumericsWatch::take(const std::string& fingerprint, const std::string& who) {
    const std::vector<std::string> known = store_.numerics();
    const auto other =
        std::find_if(known.begin(), known.end(), [&](const std::string& one) { return one != fingerprint; });
    if (other != known.end() && !has_warned_) {
        has_warned_ = true;
        progress_.message(fmt::format(
            "note: {} computes with {}, but {} has results or workers with {}: they agree to rounding only, "
            "not to the bit (attnpaths verify A B --tolerance 1e-9)",
            who, fingerprint, store_.path(), *other));
    }
    store_.note_numerics(fingerprint);
}

}  // namespace attnpaths
