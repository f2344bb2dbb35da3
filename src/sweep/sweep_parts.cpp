#include "sweep/sweep_parts.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace attnpaths {

namespace {

/// The settings of a part's task, as one text.
std::string task_text(const Settings& settings) {
    std::string text;
    for (const auto& [key, setting] : settings.values())
        if (key.starts_with("task.")) text += fmt::format("{} = {}\n", key, setting.text);
    return text;
}

/// Of two parts that ask for one point, takes the one that asks for more.
void take_fuller(GridPoint& present, GridPoint other) {
    if (present.plan == nullptr || other.plan == nullptr || includes(*present.plan, *other.plan)) return;
    if (!includes(*other.plan, *present.plan))
        throw UsageError(fmt::format(
            "parts {} and {} ask for different analyses of one point ({}), or for one analysis with "
            "different settings; ask for all of it in one part, or use two stores",
            present.part, other.part, point_text(present)));
    present = std::move(other);
}

}  // namespace

std::vector<Configuration> load_parts(std::vector<PartSettings> settings) {
    std::vector<Configuration> parts;
    for (PartSettings& part : settings) {
        parts.push_back(read_configuration(std::move(part.settings)));
        parts.back().part = std::move(part.name);
    }
    std::map<std::string, std::shared_ptr<Task>> loaded;
    for (Configuration& part : parts) {
        std::shared_ptr<Task>& task = loaded[task_text(part.settings)];
        if (task == nullptr) {
            task = part.task;
            task->load();
        }
        part.task = task;
    }
    return parts;
}

std::vector<GridPoint> grid_points(const std::vector<Configuration>& parts) {
    std::vector<GridPoint> points;
    std::unordered_map<std::string, std::size_t> places;  // in points, by key
    std::int64_t size = 0;
    for (const Configuration& part : parts) size += grid_size(part);
    if (size > most_points)
        throw UsageError(
            fmt::format("the parts of the sweep have {} points; at most {} can be asked for at a time", size,
                        most_points));
    for (const Configuration& part : parts) {
        for (GridPoint& point : grid_points(part)) {
            const auto [found, is_new] = places.try_emplace(point.key, points.size());
            if (is_new)
                points.push_back(std::move(point));
            else
                take_fuller(points[found->second], std::move(point));
        }
    }
    return points;
}

std::vector<EncodedPart> encodable(const std::vector<Configuration>& parts) {
    std::vector<EncodedPart> encoded;
    for (const Configuration& part : parts)
        encoded.push_back({{part.part, part.settings}, part.task->content()});
    return encoded;
}

std::vector<Configuration> load_same_parts(const std::vector<EncodedPart>& parts) {
    std::vector<PartSettings> settings;
    for (const EncodedPart& part : parts) settings.push_back(part.settings);
    std::vector<Configuration> loaded = load_parts(std::move(settings));
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (loaded[i].task->content() != parts[i].content)
            throw DataError(
                fmt::format("{}: a worker on {} reads other data than the master; put one and the same file "
                            "where all nodes see it",
                            loaded[i].task->source(), host_name()));
    return loaded;
}

void PartsSolver::add(const std::string& submission, std::vector<EncodedPart> parts) {
    submitted_[submission] = std::move(parts);
}

const std::vector<Configuration>& PartsSolver::parts_of(const std::string& submission) {
    if (submission.empty()) {
        present_submitted_.clear();
        return parts_;
    }
    if (present_submission_ != submission || present_submitted_.empty()) {
        present_submitted_.clear();
        const auto known = submitted_.find(submission);
        if (known == submitted_.end())
            throw Error(ExitCode::internal, fmt::format("there is no submission {}", submission));
        present_submitted_ = load_same_parts(known->second);
    }
    return present_submitted_;
}

PointSolver& PartsSolver::solver_for(const GridPoint& point) {
    if (solver_ == nullptr || present_part_ != point.part || present_submission_ != point.submission) {
        solver_.reset();
        const std::vector<Configuration>& parts = parts_of(point.submission);
        present_submission_ = point.submission;
        present_part_ = point.part;
        const auto part = std::find_if(parts.begin(), parts.end(), [&](const Configuration& candidate) {
            return candidate.part == point.part;
        });
        if (part == parts.end())
            throw Error(ExitCode::internal, fmt::format("there is no part \"{}\"", point.part));
        solver_ = std::make_unique<PointSolver>(*part);
    }
    return *solver_;
}

}  // namespace attnpaths
