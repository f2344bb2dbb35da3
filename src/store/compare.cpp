#include "store/compare.hpp"

#include "base/text.hpp"
#include "point/columns.hpp"
#include "store/file/result_checksum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

namespace attnpaths {

namespace {

bool same_bits(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) ||
           std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

double largest_magnitude(const std::vector<double>& values) {
    double largest = 0;
    for (const double value : values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    return largest;
}

/// @param margin  that the difference may have
bool is_close(double a, double b, double margin) {
    return same_bits(a, b) || std::abs(a - b) <= margin;
}

std::string array_difference(const ValueArray& a, const ValueArray& b, double tolerance) {
    if (a.shape != b.shape)
        return fmt::format("shape [{}] vs [{}]", fmt::join(a.shape, ", "), fmt::join(b.shape, ", "));
    const double scale = std::max({1., largest_magnitude(a.values), largest_magnitude(b.values)});
    std::size_t count = 0;
    std::size_t first = 0;
    for (std::size_t i = a.values.size(); i-- > 0;) {
        if (tolerance == 0 ? same_bits(a.values[i], b.values[i])
                           : is_close(a.values[i], b.values[i], tolerance * scale))
            continue;
        ++count;
        first = i;
    }
    if (count == 0) return "";
    return fmt::format("{} of {} values differ, the first is number {}: {} vs {}", count, a.values.size(),
                       first, exact_text(a.values[first]), exact_text(b.values[first]));
}

bool number_agrees(double a, double b, double tolerance) {
    if (tolerance == 0 || !std::isfinite(a) || !std::isfinite(b)) return same_bits(a, b);
    return is_close(a, b, tolerance * std::max({1., std::abs(a), std::abs(b)}));
}

bool matters(const std::string& column, const Value& value) {
    return !is_missing(value) && find_column(column).reproducible;
}

/// What compare_stores needs to know of every point, without holding its arrays.
struct Point {
    std::size_t number;
    std::string status;
    std::string checksum;
};

std::unordered_map<std::string, Point> points_of(const StoreView& store) {
    std::unordered_map<std::string, Point> points;
    for (std::size_t i = 0; i < store.points(); ++i) {
        const Record record = store.record(i);
        points.insert_or_assign(text_of(record, "point/key"),
                                Point{i, text_of(record, "point/status"), result_checksum(record)});
    }
    return points;
}

}  // namespace

std::string value_difference(const Value& a, const Value& b, double tolerance) {
    if (a.index() != b.index()) return "values of different types";
    if (const auto* real = std::get_if<double>(&a)) {
        const double other = std::get<double>(b);
        return number_agrees(*real, other, tolerance)
                   ? ""
                   : fmt::format("{} vs {}", exact_text(*real), exact_text(other));
    }
    if (const auto* array = std::get_if<ValueArray>(&a))
        return array_difference(*array, std::get<ValueArray>(b), tolerance);
    if (a == b) return "";
    if (const auto* integer = std::get_if<std::int64_t>(&a))
        return fmt::format("{} vs {}", *integer, std::get<std::int64_t>(b));
    return fmt::format("\"{}\" vs \"{}\"", std::get<std::string>(a), std::get<std::string>(b));
}

std::vector<std::string> record_differences(const Record& a, const Record& b, double tolerance) {
    std::vector<std::string> differences;
    for (const auto& [column, value] : a) {
        if (!matters(column, value)) continue;
        const auto other = b.find(column);
        const std::string text = other == b.end() || is_missing(other->second)
                                     ? "a value vs none"
                                     : value_difference(value, other->second, tolerance);
        if (!text.empty()) differences.push_back(column + ": " + text);
    }
    for (const auto& [column, value] : b) {
        const auto other = a.find(column);
        if (matters(column, value) && (other == a.end() || is_missing(other->second)))
            differences.push_back(column + ": no value vs one");
    }
    return differences;
}

std::vector<std::string> compare_stores(const StoreView& a, const StoreView& b, double tolerance) {
    // Checksums first, in the order of each store: only points that differ are read from both.
    const std::unordered_map<std::string, Point> in_b = points_of(b);
    std::vector<bool> matched(b.points(), false);
    std::vector<std::string> differences;
    for (std::size_t i = 0; i < a.points(); ++i) {
        const Record record = a.record(i);
        const auto found = in_b.find(text_of(record, "point/key"));
        if (found == in_b.end()) {
            differences.push_back(fmt::format("{}: only in {}", point_text(record), a.path()));
            continue;
        }
        matched[found->second.number] = true;
        const std::string& status = text_of(record, "point/status");
        if (status != found->second.status) {
            differences.push_back(
                fmt::format("{}: {} vs {}", point_text(record), status, found->second.status));
        } else if (result_checksum(record) != found->second.checksum) {
            for (const std::string& text :
                 record_differences(record, b.record(found->second.number), tolerance))
                differences.push_back(point_text(record) + ": " + text);
        }
    }
    for (std::size_t i = 0; i < b.points(); ++i)
        if (!matched[i])
            differences.push_back(fmt::format("{}: only in {}", point_text(b.record(i)), b.path()));
    return differences;
}

}  // namespace attnpaths
