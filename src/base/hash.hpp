#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace attnpaths {

/// XXH3, 64 bits, of a byte range: the checksum of journal entries, records and stores.
std::uint64_t checksum(const void* data, std::size_t bytes);

/// Lower-case hexadecimal text of a 64-bit value, 16 digits.
std::string to_hex(std::uint64_t value);

/// XXH3, 128 bits, fed piece by piece: content hashes (data sets) and point keys.
class ContentHash {
  public:
    ContentHash();
    ~ContentHash();
    ContentHash(const ContentHash&) = delete;
    ContentHash& operator=(const ContentHash&) = delete;

    void add(const void* data, std::size_t bytes);
    /// Adds the length too, so that consecutive texts cannot run into each other.
    void add(std::string_view text);

    /// The hash of all that was added so far, 32 hexadecimal digits.
    [[nodiscard]] std::string hex() const;

  private:
    void* state_;
};

}  // namespace attnpaths
