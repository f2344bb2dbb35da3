#include "point/problem_cache.hpp"

#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

const std::shared_ptr<PathData>& ProblemCache::data_of(const GridPoint& point) {
    std::string id = fmt::format("seed {} heads {}", point.seed, head_counts_text(point.architecture.heads));
    // An example does not depend on how many are made: a later point may find enough here.
    if (data_ != nullptr && data_id_ == id && data_->dataset().train.examples() >= point.examples)
        return data_;
    // The old goes before the new comes: memory holds one of them.
    training_.reset();
    data_.reset();
    data_ = std::make_shared<PathData>(
        configuration_.task->data({point.architecture.heads, point.seed, point.examples}),
        point.architecture.heads);
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
            kernel_storage(configuration_, point, data->dataset().input_width), "grid.examples");
        training_id_ = std::move(id);
    }
    return {architecture, point.temperature, training_};
}

}  // namespace attnpaths
