#include "point/problem_cache.hpp"

#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

namespace {

/// What data of all P have in common.
std::string data_id(const GridPoint& point) {
    return fmt::format("seed {} heads {}", point.seed, head_counts_text(point.architecture.heads));
}

}  // namespace

const std::vector<ReferenceAccuracy>& ProblemCache::references_of(const GridPoint& point) {
    // Test sets do not depend on P.
    if (const std::string id = data_id(point); id != references_id_) {
        references_ = configuration_.task->references({point.architecture.heads, point.seed, point.examples});
        references_id_ = id;
    }
    return references_;
}

const std::shared_ptr<PathData>& ProblemCache::data_of(const GridPoint& point) {
    const Index needed = needed_examples(configuration_, point.examples);
    std::string id = data_id(point);
    // An example does not depend on how many are made: a later point may find enough here.
    if (data_ != nullptr && data_id_ == id && data_->dataset().train.examples() >= needed) return data_;
    // The old goes before the new comes: memory holds one of them.
    training_.reset();
    data_.reset();
    data_ = std::make_shared<PathData>(
        configuration_.task->data({point.architecture.heads, point.seed, needed}), point.architecture.heads);
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
