#include "cli/prune_subjects.hpp"

#include "base/error.hpp"
#include "cli/dataset_command.hpp"
#include "training/pruning/network_lesion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace attnpaths::cli {

namespace {

/// The theory is slower than a sum over paths and needs no more to tell its spread.
constexpr Index most_theory_shuffles = 20;

Vector targets_of(const std::vector<Episode>& episodes) {
    Vector targets(static_cast<Index>(episodes.size()));
    for (std::size_t i = 0; i < episodes.size(); ++i) targets(static_cast<Index>(i)) = episodes[i].target;
    return targets;
}

}  // namespace

PrunedSubject study_network(const TrainedNetwork& network, const std::vector<Index>& ascending,
                            const ImageSet& images, const PruningSettings& settings) {
    const EpisodeTokens tokens(images, network.notes.patch, network.notes.label_vectors);
    const auto seed = checked_seed(settings.seed);
    const EpisodeStream stream(images, Split::test, seed, "pruning/episodes");
    std::vector<Episode> episodes;
    for (Index i = 0; i < settings.episodes; ++i) episodes.push_back(stream[static_cast<std::uint64_t>(i)]);
    const Matrix outputs = path_outputs(network, tokens, episodes);
    const PruningCases cases{targets_of(episodes), true, [&](const Lesion& lesion) -> Matrix {
                                 return lesioned_outputs(outputs, network.shape.heads, lesion);
                             }};
    return {"network",
            fmt::format("network, {} episodes of {} test classes of {}", settings.episodes,
                        images.classes_of(Split::test).size(), images.name),
            settings.episodes, study_pruning(network.shape.heads, ascending, settings.shuffles, seed, cases)};
}

void check_same_heads(const Dataset& dataset, const std::string& path, const TrainedNetwork& network,
                      const std::string& network_path) {
    const auto fail = [&] {
        return DataError(
            fmt::format("{}: its heads are not those of {}; give the store and the data set made "
                        "with this network's heads",
                        path, network_path));
    };
    if (dataset.heads() != network.shape.heads) throw fail();
    const WeightLayout layout(network.shape);
    for (Index number = 0; number < network.shape.head_count(); ++number) {
        const HeadPlace place = head_place(number, network.shape.heads);
        const AttentionHead& head = dataset.layers[place.layer][static_cast<std::size_t>(place.head)];
        const auto same = [&](const Matrix& theirs, const WeightBlock& block) {
            const Matrix ours = view(network.weights, block).cast<double>();
            return theirs.rows() == ours.rows() && theirs.cols() == ours.cols() &&
                   theirs.isApprox(ours, 1e-6);
        };
        if (!same(head.query, layout.query(number)) || !same(head.key, layout.key(number))) throw fail();
    }
}

std::vector<PrunedSubject> study_theory(const ScoredPoint& point, TheoryLesion& theory,
                                        const std::vector<Index>& ascending, const std::string& path,
                                        const PruningSettings& settings) {
    const Dataset& dataset = theory.training().data().dataset();
    if (point.solved.U.size() == 0)
        throw DataError(
            fmt::format("the store has no theory/order_parameter of point {} ({}), which the theory's lesion "
                        "needs; choose "
                        "--by evidence, or a network and --dataset none",
                        point.key, point.text));
    std::map<Lesion, std::vector<Matrix>> known;  // every lesion serves all test sets
    const auto means = [&](const Lesion& lesion) -> const std::vector<Matrix>& {
        auto found = known.find(lesion);
        if (found == known.end()) found = known.emplace(lesion, theory.predict(lesion)).first;
        return found->second;
    };
    const Matrix& whole = means(lesion_of({}, point.solved.heads)).front();
    const double bias = (whole - dataset.tests.front().y).squaredNorm() / static_cast<double>(whole.rows());
    if (!(std::abs(bias - point.bias) <= 1e-6 * (1 + std::abs(point.bias))))
        throw DataError(
            fmt::format("{}: is not the data set of this point: the predictor's squared error on its "
                        "test set is {:.6g}, the store has {:.6g}",
                        path, bias, point.bias));
    std::vector<PrunedSubject> subjects;
    for (std::size_t set = 0; set < dataset.tests.size(); ++set) {
        const ExampleSet& test = dataset.tests[set];
        const PruningCases cases{test.y, theory.training().has_classes(),
                                 [&](const Lesion& lesion) { return means(lesion)[set]; }};
        subjects.push_back(
            {"theory/" + test.name,
             fmt::format("theory's lesion, {} examples of test set {}", test.examples(), test.name),
             test.examples(),
             study_pruning(point.solved.heads, ascending, std::min(settings.shuffles, most_theory_shuffles),
                           checked_seed(settings.seed), cases)});
    }
    return subjects;
}

}  // namespace attnpaths::cli
