#include "training/descent/training_report.hpp"

#include "datasets/head_counts.hpp"
#include "farm/duration.hpp"

#include <fmt/format.h>

#include <cmath>

namespace attnpaths {

namespace {

/// Counts in lines for people: 5280000 as 5.280M.
std::string episodes_text(std::int64_t episodes) {
    return episodes < 10'000
               ? fmt::to_string(episodes)
               : fmt::format("{:.{}f}{}", static_cast<double>(episodes) / (episodes < 1'000'000 ? 1e3 : 1e6),
                             episodes < 1'000'000 ? 0 : 3, episodes < 1'000'000 ? "k" : "M");
}

/// Of a fraction of independent episodes.
double standard_error(double accuracy, std::int64_t episodes) {
    return std::sqrt(accuracy * (1 - accuracy) / static_cast<double>(episodes));
}

}  // namespace

std::string network_text(bool going_on, const NetworkShape& shape, const std::string& images,
                         std::size_t train_classes, int ranks) {
    return fmt::format("{} a network of {} heads, G = {}, N = {} ({} weights) on {}, {} classes; {} rank{}",
                       going_on ? "going on with" : "training", head_counts_text(shape.heads),
                       shape.query_width, shape.width, WeightLayout(shape).weights(), images, train_classes,
                       ranks, ranks == 1 ? "" : "s");
}

std::string topology_text(const std::string& name, const TopologyNumbers& numbers, double learning_rate) {
    const std::string gap = fmt::format("topology {}: spectral gap {:.4g}", name, numbers.spectral_gap);
    if (std::isnan(numbers.decay))
        return fmt::format(
            "{}; learning rate {:.3g} is beyond 2 / {:.3g}, the curvature along the gradient: "
            "nothing decays",
            gap, learning_rate, numbers.curvature);
    return fmt::format(
        "{}, effective number of neighbours {:.3g} at gamma = (1 - {:.3g} x {:.3g})^2 = {:.4g}, "
        "by learning rate and curvature along the gradient",
        gap, numbers.effective_neighbours, learning_rate, numbers.curvature, numbers.decay);
}

std::string going_on_text(const TrainingProgress& progress) {
    return fmt::format("{} of {} episodes done", episodes_text(progress.episodes),
                       episodes_text(progress.goal));
}

std::string progress_text(const TrainingProgress& progress, const Score& recent, double best_accuracy,
                          bool last) {
    std::string text =
        fmt::format("{}/{} episodes", episodes_text(progress.episodes), episodes_text(progress.goal));
    if (recent.episodes > 0)
        text += fmt::format(", loss {:.4f}, accuracy {:.3f}", recent.mean_loss(), recent.accuracy());
    if (best_accuracy >= 0) text += fmt::format(", best validation {:.3f}", best_accuracy);
    if (progress.rate > 0) {
        text += fmt::format(", {:.0f} episodes/s", progress.rate);
        if (!last)
            text += fmt::format(
                ", {} left",
                duration_text(static_cast<double>(progress.goal - progress.episodes) / progress.rate));
    }
    return text;
}

std::string validation_text(const CurvePoint& point, bool is_best) {
    return fmt::format(
        "{} episodes: training loss {:.4f} accuracy {:.4f}; validation loss {:.4f} accuracy {:.4f}{}",
        episodes_text(point.episodes), point.train_loss, point.train_accuracy, point.validation_loss,
        point.validation_accuracy, is_best ? ", the best" : "");
}

std::string stopped_text(const TrainingProgress& progress, const std::string& reason) {
    const std::int64_t left = progress.goal - progress.episodes;
    return fmt::format("stopped by {} with {} left; the same command goes on", reason,
                       left > 0 ? episodes_text(left) + " episodes" : std::string("validation or test"));
}

std::string result_text(const TrainingProgress& progress, const TrainingState& state) {
    std::string text =
        fmt::format("{} episodes in {}", episodes_text(progress.episodes), duration_text(state.seconds));
    if (!state.curve.empty())
        text += fmt::format("; validation accuracy {:.4f} at the end, best {:.4f} after {} episodes",
                            state.curve.back().validation_accuracy, state.best_accuracy,
                            episodes_text(state.best_episodes));
    if (state.test)
        text += fmt::format(
            "; accuracy on classes never seen {:.4f} +- {:.4f} of the best, {:.4f} of the last",
            state.test->best, standard_error(state.test->best, state.test->episodes), state.test->last);
    if (state.topology)
        text += fmt::format("; consensus distance {:.3g} of the weights' norm",
                            state.topology->consensus_distance);
    return text;
}

}  // namespace attnpaths
