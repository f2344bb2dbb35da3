#include "base/value_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace attnpaths {

namespace {

constexpr std::string_view blanks = " \t";

bool is_blank(char character) {
    return blanks.find(character) != std::string_view::npos;
}
bool is_quote(char character) {
    return character == '"' || character == '\'';
}
bool is_letter(char character) {
    return std::isalpha(static_cast<unsigned char>(character)) != 0;
}

/// Where the quotation that begins at `begin` ends: behind its closing quote, or npos.
std::size_t end_of_quotation(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        if (text[i] != quote) continue;
        if (i + 1 == text.size() || text[i + 1] != quote) return i + 1;
        ++i;  // a doubled quote
    }
    return std::string_view::npos;
}

/// The content of a quotation with both its quotes.
std::string content(std::string_view quotation) {
    const char quote = quotation.front();
    std::string text;
    for (std::size_t i = 1; i + 1 < quotation.size(); ++i) {
        text += quotation[i];
        if (quotation[i] == quote) ++i;
    }
    return text;
}

[[noreturn]] void refuse_open_quote(char quote) {
    throw ValueSyntaxError(
        fmt::format("the quote {} is not closed; put a name that begins with it between {}", quote,
                    quote == '"' ? "'...'" : "\"...\""));
}

bool is_separating_comma(std::string_view text, std::size_t i) {
    return text[i] == ',' && (i + 1 == text.size() || is_blank(text[i + 1]) || is_letter(text[i + 1]));
}

/// One element of a list, which begins at `begin`, and where it ends.
std::pair<std::string, std::size_t> element_at(std::string_view text, std::size_t begin) {
    if (is_quote(text[begin])) {
        const std::size_t end = end_of_quotation(text, begin);
        if (end == std::string_view::npos) refuse_open_quote(text[begin]);
        if (end < text.size() && !is_blank(text[end]) && text[end] != ',')
            throw ValueSyntaxError(fmt::format("there is text right behind the closing quote of {}",
                                               text.substr(begin, end - begin)));
        return {content(text.substr(begin, end - begin)), end};
    }
    std::size_t end = begin;
    while (end < text.size() && !is_blank(text[end]) && !is_separating_comma(text, end)) ++end;
    return {std::string(text.substr(begin, end - begin)), end};
}

/// Bytes of the UTF-8 character that begins the text; 0 if none does.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    // Longer than need be, a surrogate, or beyond U+10FFFF.
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
        (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
        return 0;
    return length;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool begins_a_word =
            i == 0 || is_blank(line[i - 1]) || line[i - 1] == '=' || line[i - 1] == ',';
        if (begins_a_word && is_quote(line[i])) {
            const std::size_t end = end_of_quotation(line, i);
            if (end == std::string_view::npos) return line;  // the value's reader says what is wrong
            i = end - 1;
        } else if ((i == 0 || is_blank(line[i - 1])) && (line[i] == '#' || line[i] == ';')) {
            return line.substr(0, i);
        }
    }
    return line;
}

std::string unquoted(std::string_view value) {
    value = trimmed(value);
    if (value.empty() || !is_quote(value.front())) return std::string(value);
    const std::size_t end = end_of_quotation(value, 0);
    if (end == std::string_view::npos) refuse_open_quote(value.front());
    if (end < value.size()) throw ValueSyntaxError("the quotes do not enclose all of the value");
    return content(value);
}

std::string quoted_if_needed(const std::string& text) {
    if (!text.empty() && !is_quote(text.front()) && trimmed(text) == text && without_comment(text) == text)
        return text;
    std::string quotation = "\"";
    for (const char character : text) quotation.append(character == '"' ? 2 : 1, character);
    return quotation + "\"";
}

std::vector<std::string> list_elements(std::string_view value) {
    std::vector<std::string> elements;
    bool comma = false;  // since the last element
    std::size_t i = 0;
    while (i < value.size()) {
        if (is_blank(value[i])) {
            ++i;
        } else if (value[i] == ',') {
            if (comma || elements.empty()) throw ValueSyntaxError("has nothing before a comma");
            comma = true;
            ++i;
        } else {
            auto [element, end] = element_at(value, i);
            elements.push_back(std::move(element));
            comma = false;
            i = end;
        }
    }
    if (comma) throw ValueSyntaxError("has nothing after a comma");
    return elements;
}

std::string forbidden_characters(std::string_view text) {
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text.front());
        const std::size_t length = utf8_length(text);
        if (length == 0) return fmt::format("bytes that are not UTF-8 text (0x{:02x})", first);
        const bool is_control = (first < 0x20 && first != '\t') || first == 0x7F ||
                                (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
        if (is_control)
            return fmt::format("a control character (0x{:02x})",
                               first == 0xC2 ? static_cast<unsigned char>(text[1]) : first);
        text.remove_prefix(length);
    }
    return "";
}

}  // namespace attnpaths
