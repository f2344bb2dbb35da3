#include "cli/prune_order.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/data_file.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "training/pruning/removal_order.hpp"

#include <fmt/format.h>

#include <memory>

namespace attnpaths::cli {

namespace {

std::string dataset_path(const ScoredPoint& point, const std::string& store) {
    if (const std::optional<std::string> path = data_file_of(store, point.task)) return *path;
    throw InputError(
        fmt::format("{}: was made of the data set {}, which is not there; give --dataset FILE "
                    "where it is now, or --dataset none",
                    store, point.task));
}

/// Heads by number of their names "2.5".
std::vector<Index> kept_heads(const std::vector<std::string>& words, const std::vector<Index>& heads) {
    std::vector<Index> numbers;
    for (const std::string& word : words) {
        const std::vector<std::string> parts = split(word, ".");
        std::int64_t layer = 0;
        std::int64_t head = 0;
        const bool is_known = parts.size() == 2 && parse_integer(parts[0], layer) &&
                              parse_integer(parts[1], head) && layer >= 1 &&
                              layer <= static_cast<std::int64_t>(heads.size()) && head >= 1 &&
                              head <= heads[static_cast<std::size_t>(layer - 1)];
        if (!is_known)
            throw UsageError(fmt::format("--keep {}: is no head of {}; write 2.1 for head 1 of layer 2", word,
                                         head_counts_text(heads)));
        numbers.push_back(head_number({static_cast<std::size_t>(layer - 1), head - 1}, heads));
    }
    return numbers;
}

}  // namespace

By parse_by(const std::string& text) {
    if (text == "scores") return By::scores;
    if (text == "evidence") return By::evidence;
    throw UsageError(fmt::format("--by {}: is not known; choose scores or evidence", text));
}

PointData read_point_data(const ScoredPoint& point, const std::string& store,
                          const std::optional<std::string>& given) {
    PointData data;
    if (given && *given == "none") return data;
    data.path = given ? *given : dataset_path(point, store);
    data.theory.emplace(std::make_shared<const Dataset>(read_dataset_file(data.path)), point.solved);
    return data;
}

std::vector<Index> order_heads(const ScoredPoint& point, PointData& data, const RemovalSettings& settings,
                               const std::string& store, PruningResults& results) {
    const std::vector<Index> kept = kept_heads(settings.kept, results.heads);
    if (settings.by == By::evidence) {
        if (!data.theory) throw UsageError("--by evidence needs the data set; leave --dataset none out");
        results.elimination = eliminate_by_evidence(data.theory->training(), kept);
        results.measure = "log Bayes factor";
        results.scores = results.elimination->log_bayes_factors;
        return whole_order(*results.elimination, results.heads);
    }
    if (!kept.empty()) throw UsageError("--keep is for --by evidence");
    if (point.scores.size() == 0)
        throw DataError(
            fmt::format("{}: point {} ({}) has no theory/head_scores; sweep with the analysis scores, or "
                        "choose --by evidence",
                        store, point.key, point.text));
    results.measure = "score";
    results.scores = point.scores;
    return ascending_order(point.scores);
}

}  // namespace attnpaths::cli
