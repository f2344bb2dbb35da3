#include "point/point_configuration.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "theory/fitting_storage.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

/// M that an analysis wants.
Index unlabelled_of(const Analysis& analysis, const Settings& settings) {
    return analysis.unlabelled_examples == nullptr ? 0 : analysis.unlabelled_examples(settings);
}

}  // namespace

Index needed_examples(const PointConfiguration& configuration, Index examples) {
    if (configuration.task->unlabelled_examples() > 0) return examples;
    Index most = 0;
    for (const Analysis* analysis : configuration.analyses)
        most = std::max(most, unlabelled_of(*analysis, configuration.settings));
    return examples + most;
}

void check_unlabelled_examples(const PointConfiguration& configuration, Index examples) {
    const Index own = configuration.task->unlabelled_examples();
    for (const Analysis* analysis : configuration.analyses) {
        const Index wanted = unlabelled_of(*analysis, configuration.settings);
        if (wanted == 0) continue;
        if (own == 0)
            configuration.task->check_examples(
                examples + wanted, fmt::format("analysis {}, which wants {} examples without labels beside "
                                               "the P = {}",
                                               analysis->name, wanted, examples));
        else if (wanted > own)
            throw UsageError(
                fmt::format("analysis {} wants {} examples without labels, {} has {}; choose "
                            "at most so many",
                            analysis->name, wanted, configuration.task->source(), own));
    }
}

double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage) {
    const Index paths = point.architecture.paths();
    return PathKernels::bytes(training_rows(point.examples, input_width * paths), input_width, paths,
                              storage);
}

KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width) {
    return fitting_storage(point.architecture, point.examples, input_width, configuration.memory_per_rank);
}

AnalysisInputs analysis_inputs(const PointConfiguration& configuration, const std::vector<Index>& heads) {
    return {configuration.settings, configuration.task->known_sub_networks(heads),
            configuration.memory_per_rank};
}

ProblemSize problem_size(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    const DataSize data = configuration.task->data_size(needed_examples(configuration, point.examples));
    return {point.architecture,
            point.examples,
            input_width,
            training_rows(point.examples, input_width * point.architecture.paths()),
            kernel_storage(configuration, point, input_width),
            data.examples,
            data.streamed_examples,
            data.streamed_numbers,
            data.streamed_tests};
}

}  // namespace attnpaths
