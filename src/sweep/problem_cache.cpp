#include "sweep/problem_cache.hpp"

#include "task/head_counts.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

ProblemCache::ProblemCache(const Configuration& configuration, std::shared_ptr<const Dataset> dataset)
    : configuration_(configuration), file_dataset_(std::move(dataset)) {}

const std::shared_ptr<PathData>& ProblemCache::data_of(const GridPoint& point) {
    std::string id = fmt::format("seed {} heads {}", point.seed, head_counts_text(point.architecture.heads));
    // An example does not depend on how many are made: a later point may find enough here.
    if (data_ != nullptr && data_id_ == id &&
        (file_dataset_ != nullptr || data_->dataset().train.examples() >= point.examples))
        return data_;
    // The old goes before the new comes: memory holds one of them.
    training_.reset();
    data_.reset();
    std::shared_ptr<const Dataset> dataset = file_dataset_;
    if (dataset == nullptr) {
        HiddenMarkovTask task = configuration_.task.hidden_markov;
        task.heads = point.architecture.heads;
        task.seed = static_cast<std::uint64_t>(point.seed);
        task.examples = point.examples;
        dataset = std::make_shared<const Dataset>(make_hidden_markov(task));
    }
    data_ = std::make_shared<PathData>(std::move(dataset), point.architecture.heads);
    data_id_ = std::move(id);
    return data_;
}

Problem ProblemCache::problem_of(const GridPoint& point) {
    const std::shared_ptr<PathData>& data = data_of(point);
    const Architecture& architecture = point.architecture;
    std::string id = fmt::format("{} P {}", data_id_, point.examples);
    if (training_ == nullptr || training_id_ != id) {
        training_.reset();
        training_ = std::make_shared<TrainingKernels>(
            data, point.examples, architecture.variances.input,
            kernel_storage(configuration_.point, point, data->dataset().input_width), "grid.examples");
        training_id_ = std::move(id);
    }
    return {architecture, point.temperature, training_};
}

}  // namespace attnpaths
