#include "farm/duration.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::string duration_text(double seconds) {
    if (seconds < 0.1) return fmt::format("{:.0f} ms", 1000 * seconds);
    if (seconds < 10) return fmt::format("{:.1f} s", seconds);
    if (seconds < 120) return fmt::format("{:.0f} s", seconds);
    if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

double parse_duration(const std::string& text) {
    constexpr std::pair<char, double> units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    std::string number = text;
    double factor = 1;
    for (const auto& [letter, seconds] : units) {
        if (number.empty() || number.back() != letter) continue;
        number.pop_back();
        factor = seconds;
        break;
    }
    double value = 0;
    if (!parse_number(number, value) || value < 0 || factor * value > longest_duration) return -1;
    return factor * value;
}

}  // namespace attnpaths
