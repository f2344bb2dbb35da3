#include "base/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace attnpaths {

namespace {

/// Length of the UTF-8 character at the start of a text and the character; length 0 if it is none.
struct Character {
    std::size_t length;
    std::uint32_t code;
};

Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80U) return {1, lead};
    const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
    if (lead < 0xC2U || lead > 0xF4U || text.size() < length) return {0, 0};
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {0, 0};
        code = code << 6U | (byte(i) & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest[length] || code > 0x10FFFF || is_surrogate) return {0, 0};
    return {length, code};
}

bool is_within(std::uint32_t code, std::uint32_t first, std::uint32_t last) {
    return code >= first && code <= last;
}

/// Controls a terminal or the order in which characters are shown.
bool steers(std::uint32_t code) {
    return code < 0x20 || is_within(code, 0x7F, 0x9F) || code == 0x61C || is_within(code, 0x200B, 0x200F) ||
           is_within(code, 0x2028, 0x202E) || is_within(code, 0x2060, 0x206F) || code == 0xFEFF ||
           is_within(code, 0xE0000, 0xE007F);
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto [length, code] = first_character(text);
        if (length == 0) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
        } else if (!steers(code)) {
            result += text.substr(0, length);
        } else if (code < 0x80) {
            result += fmt::format("\\x{:02x}", code);
        } else {
            result += fmt::format("\\u{{{:04x}}}", code);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

std::string printable(std::string_view text, std::size_t longest) {
    if (text.size() <= longest) return printable(text);
    // Not within a character: continuation bytes of UTF-8 are 10xxxxxx.
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return printable(text.substr(0, end)) + "...";
}

}  // namespace attnpaths
