#include "datasets/labels.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/balanced_subset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace attnpaths {

namespace {

const std::vector<double> theory_labels = {-1, 1};

/// The values of a column, in ascending order.
std::vector<double> values_of(const Matrix& y) {
    const std::set<double> values(y.data(), y.data() + y.rows());
    return {values.begin(), values.end()};
}

std::string name_of(double value, const LabelRules& rules) {
    return rules.names.empty() ? exact_text(value) : rules.names.at(static_cast<std::size_t>(value));
}

/// "0, 1 and 2"
std::string list_text(const std::vector<std::string>& names) {
    constexpr std::size_t most = 12;
    if (names.size() > most)
        return fmt::format("{}, ... and {}", fmt::join(names.begin(), names.begin() + most, ", "),
                           names.back());
    return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

/// Whether a set's values are all among the training set's.
void check_test_labels(const ExampleSet& test, const std::vector<double>& values, const LabelRules& rules,
                       const std::vector<std::string>& names, const std::string& file) {
    for (Index row = 0; row < test.y.rows(); ++row)
        if (!std::binary_search(values.begin(), values.end(), test.y(row, 0)))
            throw DataError(fmt::format(
                "{}: /test{}/y: example {} (counted from 0) has the label {}, but those of /train/y are {}; "
                "label all sets alike",
                file, suffix_of(test), row, name_of(test.y(row, 0), rules), list_text(names)));
}

/// Labels that are given one-hot: every class of a test set must be one of the training set.
void check_one_hot(const Dataset& dataset, const std::string& file) {
    if (!labels_are_classes(dataset.train.y)) return;
    std::set<Index> known;
    Index largest = 0;
    for (Index row = 0; row < dataset.train.y.rows(); ++row) {
        dataset.train.y.row(row).maxCoeff(&largest);
        known.insert(largest);
    }
    if (known.size() == 1)
        throw DataError(
            fmt::format("{}: /train/y: all examples are of class {} (counted from 0); give "
                        "examples of two classes",
                        file, *known.begin()));
    for (const ExampleSet& test : dataset.tests)
        for (Index row = 0; row < test.y.rows(); ++row) {
            test.y.row(row).maxCoeff(&largest);
            if (!known.contains(largest))
                throw DataError(
                    fmt::format("{}: /test{}/y: example {} is of class {} (counted from 0), of "
                                "which /train/y has no example; leave it out, or train on it",
                                file, suffix_of(test), row, largest));
        }
}

void check_quantities(const Dataset& dataset, const std::string& file) {
    if (labels_are_classes(dataset.train.y))
        throw DataError(
            fmt::format("{}: attribute target = \"regression\", but /train/y holds nothing but the "
                        "labels of classes, -1 and +1 or one-hot; remove the attribute",
                        file));
}

/// Many classes of few examples each are quantities that somebody counted.
void check_number_of_classes(std::size_t classes, Index examples, const std::string& file) {
    constexpr std::size_t always = 10;
    if (classes > always && 2 * static_cast<Index>(classes) > examples)
        throw DataError(fmt::format(
            "{}: /train/y: holds {} different labels in {} examples; set the root attribute target = "
            "\"regression\" if they are quantities",
            file, classes, examples));
}

Matrix one_hot(const Matrix& y, const std::vector<double>& values) {
    Matrix rows = Matrix::Zero(y.rows(), static_cast<Index>(values.size()));
    for (Index row = 0; row < y.rows(); ++row)
        rows(row, std::lower_bound(values.begin(), values.end(), y(row, 0)) - values.begin()) = 1;
    return rows;
}

}  // namespace

std::vector<std::string> number_texts(std::vector<RawLabels>& sets, const std::vector<std::string>& groups,
                                      const std::string& file) {
    const bool are_texts = !sets.front().texts.empty();
    const std::set<std::string> known(sets.front().texts.begin(), sets.front().texts.end());
    for (std::size_t set = 0; set < sets.size(); ++set) {
        std::vector<std::string>& texts = sets[set].texts;
        if (texts.empty() == are_texts)
            throw DataError(fmt::format("{}: {}/y holds {}, /train/y {}; label all sets alike", file,
                                        groups[set], are_texts ? "numbers" : "texts",
                                        are_texts ? "texts" : "numbers"));
        if (!are_texts) continue;
        Matrix& numbers = sets[set].numbers;
        numbers.resize(static_cast<Index>(texts.size()), 1);
        for (std::size_t row = 0; row < texts.size(); ++row) {
            const auto found = known.find(texts[row]);
            if (found == known.end())
                throw DataError(
                    fmt::format("{}: {}/y: example {} (counted from 0) has the label {}, but those "
                                "of /train/y are {}; label all sets alike",
                                file, groups[set], row, texts[row], list_text({known.begin(), known.end()})));
            numbers(static_cast<Index>(row), 0) = static_cast<double>(std::distance(known.begin(), found));
        }
    }
    return {known.begin(), known.end()};
}

void map_labels(Dataset& dataset, const LabelRules& rules, const std::string& file) {
    if (rules.are_quantities) return check_quantities(dataset, file);
    if (dataset.outputs() != 1) {
        if (rules.one_class_is_wrong) check_one_hot(dataset, file);
        return;
    }
    const std::vector<double> values = values_of(dataset.train.y);
    if (!rules.are_integers && values.size() > theory_labels.size()) return;
    const bool is_known = values.size() == 1 && rules.names.empty() && !rules.one_class_is_wrong &&
                          std::binary_search(theory_labels.begin(), theory_labels.end(), values[0]);
    if (values.size() == 1 && !is_known) {
        if (!rules.are_integers && !std::binary_search(theory_labels.begin(), theory_labels.end(), values[0]))
            return;
        throw DataError(fmt::format("{}: /train/y: all labels are {}; give examples of two classes", file,
                                    name_of(values[0], rules)));
    }
    check_number_of_classes(values.size(), dataset.train.examples(), file);
    const std::vector<double>& known = values.size() == 1 ? theory_labels : values;
    std::vector<std::string> names;
    for (const double value : known) names.push_back(name_of(value, rules));
    for (const ExampleSet& test : dataset.tests) check_test_labels(test, known, rules, names, file);
    if (known == theory_labels) return;
    dataset.class_names = names;
    const bool is_binary = known.size() == theory_labels.size();
    const auto map = [&](Matrix& y) {
        y = is_binary ? y.unaryExpr([&](double value) { return value == known[0] ? -1.0 : 1.0; }).eval()
                      : one_hot(y, known);
    };
    map(dataset.train.y);
    for (ExampleSet& test : dataset.tests) map(test.y);
    dataset.notes.push_back(
        is_binary ? fmt::format("the labels {} are taken as the classes -1 and +1", list_text(names))
                  : fmt::format("the labels {} are taken as {} classes, one output each", list_text(names),
                                names.size()));
}

}  // namespace attnpaths
