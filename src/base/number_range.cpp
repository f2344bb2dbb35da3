#include "base/number_range.hpp"

#include "base/checked_count.hpp"
#include "base/text.hpp"
#include "base/value_syntax.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace attnpaths {

namespace {

constexpr std::string_view dots = "..";

/// mantissa * 10^exponent, exactly what was written.
struct Decimal {
    std::int64_t mantissa = 0;
    int exponent = 0;
};

[[noreturn]] void refuse(std::string_view range, const std::string& problem) {
    throw ValueSyntaxError(fmt::format("\"{}\" {}", range, problem));
}

Decimal parse_decimal(std::string_view text, std::string_view range) {
    double value = 0;
    if (!parse_number(text, value))
        refuse(range, fmt::format("is not a range: \"{}\" is not a number", text));
    const std::size_t e = std::min(text.find_first_of("eE"), text.size());
    std::string digits;
    Decimal decimal;
    bool behind_the_point = false;
    for (const char character : text.substr(0, e)) {
        if (character == '.') {
            behind_the_point = true;
            continue;
        }
        digits += character;
        if (behind_the_point) --decimal.exponent;
    }
    std::int64_t exponent = 0;
    std::string_view written = e < text.size() ? text.substr(e + 1) : std::string_view("0");
    if (written.starts_with('+')) written.remove_prefix(1);
    if (!parse_integer(digits, decimal.mantissa) || !parse_integer(written, exponent) ||
        std::abs(exponent) > 400)
        refuse(range, fmt::format("cannot be counted exactly: \"{}\" has too many digits", text));
    decimal.exponent += static_cast<int>(exponent);
    return decimal;
}

/// The mantissa for a smaller exponent.
std::int64_t mantissa_at(const Decimal& decimal, int exponent, std::string_view range) {
    std::optional<std::int64_t> mantissa = decimal.mantissa;
    for (int e = decimal.exponent; e > exponent && mantissa && *mantissa != 0; --e)
        mantissa = checked_product(std::array{*mantissa, std::int64_t{10}});
    if (!mantissa) refuse(range, "cannot be counted exactly: its numbers differ by too many digits");
    return *mantissa;
}

std::string number_word(std::int64_t mantissa, int exponent, Numbers kind) {
    if (kind == Numbers::whole && exponent == 0) return std::to_string(mantissa);
    double value = 0;
    parse_number(fmt::format("{}e{}", mantissa, exponent), value);  // rounds once, correctly
    const bool is_whole = kind == Numbers::whole && value == std::floor(value);
    return is_whole ? fmt::format("{:.0f}", value) : exact_text(value);
}

std::vector<std::string> arithmetic(std::string_view range, const Decimal& first, const Decimal& last,
                                    const Decimal& step, Numbers kind) {
    // Whole numbers in units of one at most, so that they are written without an exponent.
    const int exponent = std::min({first.exponent, last.exponent, step.exponent, 0});
    const std::int64_t from = mantissa_at(first, exponent, range);
    const std::int64_t to = mantissa_at(last, exponent, range);
    const std::int64_t by = mantissa_at(step, exponent, range);
    std::int64_t distance = 0;
    if (by == 0 || (from != to && (from < to) != (by > 0)))
        refuse(range, "is not a range: its steps never lead to its end");
    if (__builtin_sub_overflow(to, from, &distance) || distance == INT64_MIN)
        refuse(range, "cannot be counted exactly: its ends are too far apart");
    const std::int64_t steps = distance / by;
    if (steps >= most_list_values)
        refuse(range, fmt::format("has {} values; a range has at most {}",
                                  static_cast<std::uint64_t>(steps) + 1, most_list_values));
    std::vector<std::string> words;
    for (std::int64_t i = 0; i <= steps; ++i) words.push_back(number_word(from + i * by, exponent, kind));
    return words;
}

std::vector<std::string> geometric(std::string_view range, std::string_view first, std::string_view last,
                                   std::string_view count_text, Numbers kind) {
    double from = 0;
    double to = 0;
    std::int64_t count = 0;
    if (!parse_number(first, from) || !parse_number(last, to) || from <= 0 || to <= 0)
        refuse(range, "is not a logarithmic range: its ends must be positive numbers");
    if (!parse_integer(count_text, count) || count < 2 || count > most_list_values)
        refuse(range,
               fmt::format("is not a logarithmic range: write logN with N from 2 to {}", most_list_values));
    std::vector<std::string> words;
    for (std::int64_t i = 0; i < count; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(count - 1);
        double value = i == 0           ? from
                       : i == count - 1 ? to
                                        : std::exp(std::log(from) + part * (std::log(to) - std::log(from)));
        if (i > 0 && i < count - 1) parse_number(fmt::format("{:.12g}", value), value);
        if (kind == Numbers::whole) value = std::round(value);
        const std::string word = kind == Numbers::whole ? fmt::format("{:.0f}", value) : exact_text(value);
        if (words.empty() || words.back() != word) words.push_back(word);
    }
    return words;
}

}  // namespace

bool is_range(std::string_view word) {
    return word.find(dots) != std::string_view::npos;
}

std::vector<std::string> expand_range(std::string_view word, Numbers kind) {
    std::vector<std::string_view> pieces;
    std::string_view rest = word;
    for (std::size_t at = rest.find(dots); at != std::string_view::npos; at = rest.find(dots)) {
        pieces.push_back(rest.substr(0, at));
        rest.remove_prefix(at + dots.size());
    }
    pieces.push_back(rest);
    const bool three_dots = word.find("...") != std::string_view::npos;
    if (pieces.size() < 2 || pieces.size() > 3 || three_dots)
        refuse(word,
               "is not a range; write FIRST..LAST..STEP as in 10..100..10, or FIRST..LAST..logN as in "
               "0.01..1..log9");
    constexpr std::string_view logarithmic = "log";
    if (pieces.size() == 3 && pieces[2].starts_with(logarithmic))
        return geometric(word, pieces[0], pieces[1], pieces[2].substr(logarithmic.size()), kind);
    const Decimal first = parse_decimal(pieces[0], word);
    const Decimal last = parse_decimal(pieces[1], word);
    if (pieces.size() == 3) return arithmetic(word, first, last, parse_decimal(pieces[2], word), kind);
    if (first.exponent < 0 || last.exponent < 0) refuse(word, "needs a step, as in 0.1..0.5..0.1");
    return arithmetic(word, first, last, {1, 0}, kind);
}

std::string number_as_written_here(const std::string& word, Numbers kind) {
    if (word.find(',') != std::string::npos) {
        const std::vector<std::string> pieces = split(word, ",");
        const std::string apart = fmt::format("{}", fmt::join(pieces, " "));
        return kind == Numbers::real && pieces.size() == 2
                   ? fmt::format("write {} or {}", fmt::join(pieces, "."), apart)
                   : fmt::format("write {}", apart);
    }
    // Colons make lists of whole numbers here, such as widths.
    const std::vector<std::string> pieces = split(word, ":");
    if (pieces.size() == 3 && (pieces[2].starts_with("log") || kind == Numbers::real))
        return fmt::format("a range is written with dots, {}", fmt::join(pieces, ".."));
    return "";
}

}  // namespace attnpaths
