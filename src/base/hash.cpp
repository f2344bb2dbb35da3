#include "base/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <new>

namespace attnpaths {

std::uint64_t checksum(const void* data, std::size_t bytes) {
    return XXH3_64bits(data, bytes);
}

std::string to_hex(std::uint64_t value) {
    return fmt::format("{:016x}", value);
}

namespace {
XXH3_state_t* state_of(void* state) {
    return static_cast<XXH3_state_t*>(state);
}
}  // namespace

ContentHash::ContentHash() : state_(XXH3_createState()) {
    if (state_ == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state_of(state_));
}

ContentHash::~ContentHash() {
    XXH3_freeState(state_of(state_));
}

void ContentHash::add(const void* data, std::size_t bytes) {
    if (bytes > 0) XXH3_128bits_update(state_of(state_), data, bytes);
}

void ContentHash::add(std::string_view text) {
    const std::uint64_t size = text.size();
    add(&size, sizeof size);
    add(text.data(), text.size());
}

std::string ContentHash::hex() const {
    const XXH128_hash_t digest = XXH3_128bits_digest(state_of(state_));
    return to_hex(digest.high64) + to_hex(digest.low64);
}

}  // namespace attnpaths
