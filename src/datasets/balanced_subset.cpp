#include "datasets/balanced_subset.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

namespace attnpaths {

namespace {

using Label = std::vector<double>;
/// Members of each class in the order of the set; the largest label first.
using Classes = std::map<Label, std::vector<Index>, std::greater<>>;

/// Which class a label means by the rule that accuracies follow: the sign of one output, the largest of
/// several; -1 if it means none.
Index meaning_of(const Label& label) {
    if (label.size() == 1) return label[0] == 1 ? 1 : (label[0] == -1 ? 0 : -1);
    const auto largest = std::max_element(label.begin(), label.end());
    return std::count(label.begin(), label.end(), *largest) == 1 ? largest - label.begin() : -1;
}

/// The classes of y, or none if its rows are not the labels of so many classes.
Classes classes_of(const Matrix& y) {
    const auto most = static_cast<std::size_t>(std::max<Index>(2, y.cols()));
    Classes classes;
    std::set<Index> meanings;
    Label label(static_cast<std::size_t>(y.cols()));
    for (Index row = 0; row < y.rows(); ++row) {
        for (Index output = 0; output < y.cols(); ++output)
            label[static_cast<std::size_t>(output)] = y(row, output);
        std::vector<Index>& members = classes[label];
        if (members.empty() &&
            (classes.size() > most || meaning_of(label) < 0 || !meanings.insert(meaning_of(label)).second))
            return {};
        members.push_back(row);
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

LargestSubset largest_balanced_subset(const Matrix& y) {
    const Classes classes = classes_of(y);
    if (classes.empty()) return {y.rows(), ""};
    Index smallest = y.rows();
    for (const auto& [label, members] : classes)
        smallest = std::min(smallest, static_cast<Index>(members.size()));
    const auto count = static_cast<Index>(classes.size());
    std::vector<std::string> surplus;
    for (const auto& [label, members] : classes)
        if (const Index more = static_cast<Index>(members.size()) - smallest; more > 0)
            surplus.push_back(fmt::format("{} with y = {}", more, label_text(label)));
    return {smallest * count, surplus.empty() ? ""
                                              : fmt::format("{} of each class; {} left out", smallest,
                                                            fmt::join(surplus, ", "))};
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
    std::vector<Index> chosen;
    for (const auto& [label, members] : classes) {
        if (each > static_cast<Index>(members.size()))
            throw UsageError(fmt::format(
                "{}: examples = {} needs {} of each class, class y = {} has {}; the largest possible is {}",
                where, examples, each, label_text(label), members.size(),
                largest_balanced_subset(y).examples));
        chosen.insert(chosen.end(), members.begin(), members.begin() + each);
    }
    return chosen;
}

}  // namespace attnpaths
