#include "task/balanced_subset.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace attnpaths {

namespace {

using Label = std::vector<double>;
/// Members of each class in the order of the set; the largest label first.
using Classes = std::map<Label, std::vector<Index>, std::greater<>>;

/// The classes of y, or none if its rows take too many values to be labels.
Classes classes_of(const Matrix& y) {
    const auto most = static_cast<std::size_t>(std::max<Index>(2, y.cols()));
    Classes classes;
    Label label(static_cast<std::size_t>(y.cols()));
    for (Index row = 0; row < y.rows(); ++row) {
        for (Index output = 0; output < y.cols(); ++output)
            label[static_cast<std::size_t>(output)] = y(row, output);
        classes[label].push_back(row);
        if (classes.size() > most) return {};
    }
    return classes;
}

std::string label_text(const Label& label) {
    std::vector<std::string> values;
    for (const double value : label) values.push_back(exact_text(value));
    return values.size() == 1 ? values[0] : fmt::format("({})", fmt::join(values, ", "));
}

std::vector<Index> first_ones(Index examples, Index available, const std::string& where) {
    if (examples > available)
        throw UsageError(fmt::format(
            "{}: examples = {} is more than the {} training examples there are; choose at most {}", where,
            examples, available, available));
    std::vector<Index> chosen(static_cast<std::size_t>(examples));
    std::iota(chosen.begin(), chosen.end(), Index{0});
    return chosen;
}

}  // namespace

bool labels_are_classes(const Matrix& y) {
    return !classes_of(y).empty();
}

std::vector<Index> balanced_subset(const Matrix& y, Index examples, const std::string& where) {
    if (examples < 1)
        throw UsageError(
            fmt::format("{}: examples = {} is not positive; choose at least 1", where, examples));
    const Classes classes = classes_of(y);
    if (classes.empty()) return first_ones(examples, y.rows(), where);

    const auto count = static_cast<Index>(classes.size());
    if (examples % count != 0)
        throw UsageError(
            count == 2
                ? fmt::format("{}: examples = {} is odd; the data have 2 classes, choose an even number",
                              where, examples)
                : fmt::format("{}: examples = {} is not a multiple of {}, the number of classes in the "
                              "data; choose a multiple of {}",
                              where, examples, count, count));
    const Index each = examples / count;
    Index smallest = y.rows();
    for (const auto& [label, members] : classes)
        smallest = std::min(smallest, static_cast<Index>(members.size()));
    std::vector<Index> chosen;
    for (const auto& [label, members] : classes) {
        if (each > static_cast<Index>(members.size()))
            throw UsageError(fmt::format(
                "{}: examples = {} needs {} of each class, class y = {} has {}; the largest possible is {}",
                where, examples, each, label_text(label), members.size(), smallest * count));
        chosen.insert(chosen.end(), members.begin(), members.begin() + each);
    }
    return chosen;
}

}  // namespace attnpaths
