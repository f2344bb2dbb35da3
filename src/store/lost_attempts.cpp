#include "store/lost_attempts.hpp"

#include <fmt/format.h>

namespace attnpaths {

bool has_lost_too_often(const Store& store, const std::string& key) {
    const PointState* state = store.find(key);
    return state != nullptr && state->lost_attempts >= most_lost_attempts;
}

std::string lost_attempts_text(const Store& store, const std::string& key) {
    const PointState* state = store.find(key);
    if (state == nullptr) return "";
    return fmt::format("{} attempts were lost, the last: {}", state->lost_attempts, state->last_loss);
}

}  // namespace attnpaths
