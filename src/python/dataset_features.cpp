#include "python/dataset_features.hpp"

#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "theory/path_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <utility>

namespace attnpaths::python {

namespace {

const ExampleSet& set_named(const Dataset& dataset, const std::string& name, const std::string& path) {
    if (name == dataset.train.name) return dataset.train;
    std::vector<std::string> names = {dataset.train.name};
    for (const ExampleSet& set : dataset.tests) {
        if (set.name == name) return set;
        names.push_back(set.name);
    }
    throw UsageError(fmt::format("{}: has no set {}; choose {}", path, name, fmt::join(names, " or ")));
}

}  // namespace

ExampleFeatures features_of_set(const std::string& path, const std::string& set) {
    const auto dataset = std::make_shared<const Dataset>(read_dataset_file(path));
    const ExampleSet& examples = set_named(*dataset, set, path);
    std::vector<Index> heads = dataset->heads();
    Matrix features = PathData(dataset, heads).features_of(examples);
    return {std::move(features), examples.y, std::move(heads)};
}

}  // namespace attnpaths::python
