#include "task/labels.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

namespace attnpaths {

namespace {

/// The values of a column, in ascending order, as far as `most + 1` of them.
std::vector<double> values_of(const Matrix& y, std::size_t most) {
    std::set<double> values;
    for (Index row = 0; row < y.rows() && values.size() <= most; ++row) values.insert(y(row, 0));
    return {values.begin(), values.end()};
}

std::string values_text(const std::vector<double>& values) {
    std::vector<std::string> texts;
    for (const double value : values) texts.push_back(exact_text(value));
    return fmt::format("{}", fmt::join(texts, " and "));
}

/// Whether a set's values are all among the training set's.
void check_test_labels(const ExampleSet& test, const std::vector<double>& values, const std::string& file) {
    for (Index row = 0; row < test.y.rows(); ++row)
        if (std::find(values.begin(), values.end(), test.y(row, 0)) == values.end())
            throw DataError(fmt::format(
                "{}: /test{}/y: example {} (counted from 0) has the label {}, but those of /train/y are {}; "
                "label all sets alike",
                file, suffix_of(test), row, exact_text(test.y(row, 0)), values_text(values)));
}

}  // namespace

void map_labels(Dataset& dataset, bool are_integers, const std::string& file) {
    if (dataset.outputs() != 1) return;
    constexpr std::size_t binary = 2;
    const std::vector<double> values = values_of(dataset.train.y, binary);
    if (are_integers && values.size() > binary)
        throw DataError(fmt::format(
            "{}: /train/y: holds more than two different whole numbers in one column; write k classes "
            "one-hot as [P, k], or regression targets as floating-point numbers",
            file));
    if (values.size() > binary) return;
    const std::vector<double> wanted = {-1, 1};
    if (values.size() == 1 && std::find(wanted.begin(), wanted.end(), values[0]) == wanted.end()) {
        if (!are_integers) return;
        throw DataError(fmt::format("{}: /train/y: all labels are {}; give examples of two classes", file,
                                    exact_text(values[0])));
    }
    const std::vector<double>& known = values.size() == 1 ? wanted : values;
    for (const ExampleSet& test : dataset.tests) check_test_labels(test, known, file);
    if (known == wanted) return;
    const auto map = [&](Matrix& y) {
        y = y.unaryExpr([&](double value) { return value == known[0] ? -1.0 : 1.0; }).eval();
    };
    map(dataset.train.y);
    for (ExampleSet& test : dataset.tests) map(test.y);
    dataset.notes.push_back(
        fmt::format("the labels {} are taken as the classes -1 and +1", values_text(known)));
}

}  // namespace attnpaths
