#pragma once

#include "base/error.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace attnpaths {

static_assert(std::endian::native == std::endian::little,
              "the encodings write numbers as they lie in memory");

/// Appends plain numbers and texts to a byte string, little-endian, without padding.
class ByteWriter {
  public:
    template <class T>
    void number(T value) {
        static_assert(std::is_arithmetic_v<T>);
        bytes(&value, sizeof value);
    }
    void bytes(const void* data, std::size_t count) { text_.append(static_cast<const char*>(data), count); }
    /// Length (32 bits) and bytes of a text. @throws OutputError if the length does not fit
    void text(std::string_view value) {
        if (value.size() > std::numeric_limits<std::uint32_t>::max())
            throw OutputError("a text of " + std::to_string(value.size()) +
                              " bytes is more than a message or record can hold");
        number(static_cast<std::uint32_t>(value.size()));
        bytes(value.data(), value.size());
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

/// Reads what ByteWriter wrote. Reading past the end sets `failed` and gives zeros, so that a caller checks
/// once.
class ByteReader {
  public:
    explicit ByteReader(std::string_view text) : rest_(text) {}

    template <class T>
    T number() {
        static_assert(std::is_arithmetic_v<T>);
        T value{};
        bytes(&value, sizeof value);
        return value;
    }
    void bytes(void* target, std::size_t count) {
        if (count > rest_.size()) {
            fail();
            return;
        }
        if (count > 0) std::memcpy(target, rest_.data(), count);
        rest_.remove_prefix(count);
    }
    std::string_view text() {
        const auto count = number<std::uint32_t>();
        if (count > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view value = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return value;
    }
    void fail() {
        failed_ = true;
        rest_ = {};
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace attnpaths
