#include "point/point_memory.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr double real = sizeof(double);

double machine_bytes() {
    return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

double point_bytes(const PointConfiguration& configuration, const GridPoint& point) {
    const Index N0 = configuration.task->input_width();
    const Index paths = point.architecture.paths();
    const Index rows = training_rows(point.examples, N0 * paths);
    const auto width = static_cast<double>(N0 * paths);
    const DataSize data = configuration.task->data_size(point.examples);
    // Path features of all examples, and once more of those chosen; kernels hold these or are made of them.
    const double features = real * width * (data.examples + static_cast<double>(point.examples));
    const double kernels = kernel_bytes(point, N0, kernel_storage(configuration, point, N0));
    // The reduction to the span of the features: the factorisation of the examples' features and a copy.
    const double reduction =
        rows < point.examples ? 2 * real * static_cast<double>(point.examples) * width : 0;
    double at_work = reduction;
    double kept = 0;
    const ProblemSize size = problem_size(configuration, point, N0);
    const AnalysisInputs inputs = analysis_inputs(configuration, point.architecture.heads);
    for (const Analysis* analysis : configuration.analyses) {
        if (analysis->bytes != nullptr) at_work = std::max(at_work, analysis->bytes(size));
        if (analysis->kept_bytes != nullptr) kept += analysis->kept_bytes(size, inputs);
    }
    return real * data.numbers + features + kernels + kept + at_work;
}

void check_memory(const PointConfiguration& configuration, const GridPoint& point) {
    const double needed = point_bytes(configuration, point);
    const double budget = configuration.memory_per_rank;
    const double machine = machine_bytes();
    if (needed <= std::min(budget, machine)) return;
    const std::string advice =
        needed > budget
            ? fmt::format("the budget is {}: raise run.memory_per_rank or choose", memory_text(budget))
            : fmt::format("this machine has {}: choose", memory_text(machine));
    throw Error(ExitCode::internal,
                fmt::format("needs about {} of memory ({} examples, {} paths); {} "
                            "smaller grid.examples or grid.heads",
                            memory_text(needed), point.examples, point.architecture.paths(), advice));
}

}  // namespace attnpaths
