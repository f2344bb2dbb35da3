#include "point/point_memory.hpp"

#include "analyses/analysis.hpp"
#include "datasets/head_counts.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr double real = sizeof(double);

double machine_bytes() {
    return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// What is held while analyses are at work.
double held_bytes(const PointConfiguration& configuration, const GridPoint& point) {
    const Index N0 = configuration.task->input_width();
    const auto width = static_cast<double>(N0 * point.architecture.paths());
    const DataSize data = configuration.task->data_size(needed_examples(configuration, point.examples));
    const ProblemSize size = problem_size(configuration, point, N0);
    // Path features of all examples that are kept; the training set's own are counted with the kernels, which
    // hold them or are made of them.
    const double features = real * width * (data.examples - data.streamed_examples);
    // Targets, numbers of the chosen, a predictor's mean and variance.
    const auto outputs = static_cast<double>(point.architecture.outputs);
    double lists = real * data.examples * (4 * outputs + 4);
    // What passes over examples that are not held find, at work and in checkpoints.
    if (size.is_folded_by_passes()) lists += 18 * real * data.examples * outputs;
    const double kernels = kernel_bytes(point, N0, kernel_storage(configuration, point, N0));
    double kept = 0;
    const AnalysisInputs inputs = analysis_inputs(configuration, point.architecture.heads);
    for (const Analysis* analysis : configuration.analyses)
        if (analysis->kept_bytes != nullptr) kept += analysis->kept_bytes(size, inputs);
    return real * (data.numbers - data.streamed_numbers) + features + lists + kernels + kept;
}

double limit_of(const PointConfiguration& configuration) {
    return std::min(configuration.memory_per_rank, machine_bytes());
}

using BytesOf = std::function<double(const GridPoint&)>;

/// " (HEADS fit)" with as many of the point's heads as do; "" where there is no such choice.
std::string fitting_heads(const PointConfiguration& configuration, GridPoint point, const BytesOf& bytes_of,
                          double limit) {
    if (configuration.task->given_heads().all_or_nothing) return "";
    std::vector<Index>& heads = point.architecture.heads;
    for (Index most = *std::max_element(heads.begin(), heads.end()) - 1; most > 0; --most) {
        for (Index& count : heads) count = std::min(count, most);
        if (bytes_of(point) <= limit) return fmt::format(" ({} fit)", head_counts_text(heads));
    }
    return "";
}

/// Why a point's bytes are too many; "" if they are not.
/// @param others  what else could be done about it
std::string refusal(const PointConfiguration& configuration, const GridPoint& point, const BytesOf& bytes_of,
                    const std::string& others) {
    const double budget = configuration.memory_per_rank;
    const double machine = machine_bytes();
    const double needed = bytes_of(point);
    const double limit = limit_of(configuration);
    if (needed <= limit) return "";
    const std::string advice =
        needed > budget
            ? fmt::format("the budget is {}: raise run.memory_per_rank or choose", memory_text(budget))
            : fmt::format("this machine has {}: choose", memory_text(machine));
    return fmt::format(
        "needs about {} of memory ({} examples, {} paths); {} smaller grid.examples or "
        "grid.heads{}{}",
        memory_text(needed), point.examples, point.architecture.paths(), advice,
        fitting_heads(configuration, point, bytes_of, limit), others);
}

}  // namespace

double problem_bytes(const PointConfiguration& configuration, const GridPoint& point) {
    const Index width = configuration.task->input_width() * point.architecture.paths();
    const double reduction = training_rows(point.examples, width) < point.examples
                                 ? TrainingFold::bytes(point.examples, width, point.architecture.outputs)
                                 : 0;
    return held_bytes(configuration, point) + reduction;
}

double analysis_bytes(const PointConfiguration& configuration, const GridPoint& point,
                      const Analysis& analysis) {
    const ProblemSize size = problem_size(configuration, point, configuration.task->input_width());
    return held_bytes(configuration, point) + (analysis.bytes == nullptr ? 0 : analysis.bytes(size));
}

double point_bytes(const PointConfiguration& configuration, const GridPoint& point) {
    double most = problem_bytes(configuration, point);
    for (const Analysis* analysis : configuration.analyses)
        if (const double bytes = analysis_bytes(configuration, point, *analysis);
            bytes <= limit_of(configuration))
            most = std::max(most, bytes);
    return most;
}

std::string memory_refusal(const PointConfiguration& configuration, const GridPoint& point) {
    if (problem_bytes(configuration, point) <= limit_of(configuration)) return "";
    // Whoever makes room makes it for the first analysis, too, on which the others rest.
    const auto bytes_of = [&](const GridPoint& other) {
        double bytes = problem_bytes(configuration, other);
        if (!configuration.analyses.empty())
            bytes = std::max(bytes, analysis_bytes(configuration, other, *configuration.analyses.front()));
        return bytes;
    };
    return refusal(configuration, point, bytes_of, "");
}

std::string memory_refusal(const PointConfiguration& configuration, const GridPoint& point,
                           const Analysis& analysis) {
    return refusal(
        configuration, point,
        [&](const GridPoint& other) { return analysis_bytes(configuration, other, analysis); },
        fmt::format(", or leave {} out of analyses.run", analysis.name));
}

}  // namespace attnpaths
