#include "cli/where.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/show_columns.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>

namespace attnpaths::cli {

namespace {

constexpr std::array<std::string_view, 6> operators = {"!=", "<=", ">=", "=", "<", ">"};

struct Condition {
    std::string text;
    std::string name;
    std::string_view comparison;
    std::vector<std::string> values;

    [[noreturn]] void fail(const std::string& reason) const {
        throw UsageError(fmt::format("--where \"{}\": {}", text, reason));
    }
};

Condition parse(const std::string& text) {
    Condition condition{text, "", "", {}};
    std::size_t at = std::string::npos;
    for (const std::string_view candidate : operators)
        if (const std::size_t found = text.find(candidate); found < at) {
            at = found;
            condition.comparison = candidate;
        }
    const std::vector<std::string> names = split(text.substr(0, at), " \t");
    if (at != std::string::npos)
        condition.values = split(text.substr(at + condition.comparison.size()), " \t");
    if (names.size() != 1 || condition.values.empty())
        condition.fail("write NAME=VALUE (or !=, <, <=, >, >=)");
    condition.name = names.front();
    return condition;
}

double number_of(const std::string& word, const Condition& condition) {
    double value = 0;
    if (!parse_number(word, value)) condition.fail(word + " is not a number");
    return value;
}

bool are_equal(double a, double b) {
    constexpr double tolerance = 1e-9;
    return a == b || std::abs(a - b) <= tolerance * std::abs(b);
}

using Test = std::function<bool(std::size_t)>;

/// One of the prior variances of every point, by the key that sets it; empty if `name` is none.
std::vector<double> variances_named(const StoreView& store, const std::string& name) {
    const bool is_input = name == "variance_input";
    std::vector<double> found;
    if (!is_input && name != "variance_readout") return found;
    for (const ValueArray& variances : store.arrays("point/variances"))
        found.push_back(variances.values.empty() ? std::nan("")
                        : is_input               ? variances.values.front()
                                                 : variances.values.back());
    return found;
}

/// Lists, "20:50:30"; one number stands for a list of any length.
Test list_test(std::vector<ValueArray> lists, const Condition& condition) {
    std::vector<std::vector<double>> wanted;
    for (const std::string& value : condition.values) {
        wanted.emplace_back();
        for (const std::string& word : split(value, ":")) wanted.back().push_back(number_of(word, condition));
    }
    const bool is_equal = condition.comparison == "=";
    return [lists = std::move(lists), wanted = std::move(wanted), is_equal](std::size_t point) {
        const std::vector<double>& list = lists[point].values;
        const bool found = std::any_of(wanted.begin(), wanted.end(), [&](const std::vector<double>& one) {
            if (one.size() != 1)
                return std::equal(list.begin(), list.end(), one.begin(), one.end(), are_equal);
            return !list.empty() &&
                   std::all_of(list.begin(), list.end(), [&](double x) { return are_equal(x, one[0]); });
        });
        return found == is_equal;
    };
}

Test text_test(std::vector<std::string> texts, const Condition& condition) {
    if (condition.comparison != "=" && condition.comparison != "!=")
        condition.fail(condition.name + " is text, use = or !=");
    const bool is_equal = condition.comparison == "=";
    return [texts = std::move(texts), wanted = condition.values, is_equal](std::size_t point) {
        return (std::find(wanted.begin(), wanted.end(), texts[point]) != wanted.end()) == is_equal;
    };
}

/// A missing number, NaN, satisfies nothing but !=.
Test number_test(std::vector<double> numbers, const Condition& condition) {
    std::vector<double> wanted;
    for (const std::string& word : condition.values) wanted.push_back(number_of(word, condition));
    const std::string_view comparison = condition.comparison;
    if (comparison != "=" && comparison != "!=" && wanted.size() > 1)
        condition.fail(fmt::format("{} compares with one number", comparison));
    return [numbers = std::move(numbers), wanted = std::move(wanted), comparison](std::size_t point) {
        const double number = numbers[point];
        if (comparison == "<") return number < wanted[0];
        if (comparison == "<=") return number <= wanted[0];
        if (comparison == ">") return number > wanted[0];
        if (comparison == ">=") return number >= wanted[0];
        const bool found =
            std::any_of(wanted.begin(), wanted.end(), [&](double value) { return are_equal(number, value); });
        return found == (comparison == "=");
    };
}

Test test_of(const StoreView& store, const Condition& condition) {
    const bool is_equality = condition.comparison == "=" || condition.comparison == "!=";
    if (is_equality && condition.name == "width") return list_test(store.arrays("point/widths"), condition);
    if (is_equality && condition.name == "heads")
        return list_test(store.arrays("point/head_counts"), condition);
    if (is_equality && condition.name == "variances")
        return list_test(store.arrays("point/variances"), condition);
    if (std::vector<double> variances = variances_named(store, condition.name); !variances.empty())
        return number_test(std::move(variances), condition);
    ShownColumn column = std::move(read_columns(store, {condition.name})[0]);
    if (auto* texts = std::get_if<std::vector<std::string>>(&column.values))
        return text_test(std::move(*texts), condition);
    if (auto* reals = std::get_if<std::vector<double>>(&column.values))
        return number_test(std::move(*reals), condition);
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        std::vector<double> numbers;
        for (const std::int64_t value : *integers)
            numbers.push_back(value == missing_integer ? std::nan("") : static_cast<double>(value));
        return number_test(std::move(numbers), condition);
    }
    condition.fail(column.name + " holds an array per point");
}

}  // namespace

void add_where_option(boost::program_options::options_description& options) {
    options.add_options()(
        "where",
        boost::program_options::value<std::vector<std::string>>()->composing()->value_name("CONDITION"),
        "only points with temperature=0.01, \"width>=30\", \"seed=1 2\", heads=2:1, ...; may be repeated");
}

std::vector<std::string> where_of(const boost::program_options::variables_map& values) {
    return values.count("where") > 0 ? values["where"].as<std::vector<std::string>>()
                                     : std::vector<std::string>{};
}

std::vector<std::size_t> points_where(const StoreView& store, const std::vector<std::size_t>& points,
                                      const std::vector<std::string>& conditions) {
    std::vector<std::size_t> fitting = points;
    for (const std::string& text : conditions) {
        const Test test = test_of(store, parse(text));
        std::erase_if(fitting, [&](std::size_t point) { return !test(point); });
    }
    return fitting;
}

}  // namespace attnpaths::cli
