#include "sweep/sweep_parts.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace attnpaths {

std::vector<SweepPart> load_parts(std::vector<PartSettings> settings) {
    std::vector<SweepPart> parts;
    for (PartSettings& part : settings) {
        parts.push_back({understand(std::move(part.settings)), nullptr});
        parts.back().configuration.part = std::move(part.name);
    }
    std::map<std::string, std::pair<std::shared_ptr<const Dataset>, std::string>> read;  // with its hash
    for (SweepPart& part : parts) {
        TaskConfiguration& task = part.configuration.task;
        const auto known = read.find(task.file);
        if (known != read.end()) {
            std::tie(part.dataset, task.content) = known->second;
            continue;
        }
        part.dataset = load_dataset(part.configuration);
        if (part.dataset != nullptr) read[task.file] = {part.dataset, task.content};
    }
    return parts;
}

std::vector<GridPoint> grid_points(const std::vector<SweepPart>& parts) {
    std::vector<GridPoint> points;
    std::set<std::string> keys;
    for (const SweepPart& part : parts) {
        for (GridPoint& point : grid_points(part.configuration, part.dataset.get())) {
            if (keys.insert(point.key).second) points.push_back(std::move(point));
        }
    }
    return points;
}

PointSolver& PartsSolver::solver_for(const GridPoint& point) {
    if (solver_ == nullptr || present_ != point.part) {
        const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const SweepPart& candidate) {
            return candidate.configuration.part == point.part;
        });
        if (part == parts_.end())
            throw Error(ExitCode::internal, fmt::format("there is no part \"{}\"", point.part));
        solver_.reset();
        solver_ = std::make_unique<PointSolver>(part->configuration, part->dataset);
        present_ = point.part;
    }
    return *solver_;
}

}  // namespace attnpaths
