#include "store/strikes.hpp"

#include <fmt/format.h>

namespace attnpaths {

bool is_struck_out(const Store& store, const std::string& key) {
    const PointState* state = store.find(key);
    return state != nullptr && state->strikes >= most_strikes;
}

std::string strikes_text(const Store& store, const std::string& key) {
    const PointState* state = store.find(key);
    if (state == nullptr) return "";
    return fmt::format("{} attempts in vain, the last: {}", state->strikes, state->last_strike);
}

}  // namespace attnpaths
