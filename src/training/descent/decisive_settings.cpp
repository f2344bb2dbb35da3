#include "training/descent/decisive_settings.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "datasets/head_counts.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

std::string content_of(const ImageSet& images) {
    ContentHash hash;
    for (const ImageClass& one : images.classes) {
        hash.add(one.name);
        hash.add(split_name(one.split));
        hash.add(&one.first, sizeof one.first);
        hash.add(&one.count, sizeof one.count);
    }
    hash.add(images.pixels.data(), images.pixels.size());
    hash.add(&images.deviation, sizeof images.deviation);
    return hash.hex();
}

std::string content_of(const WeightVector<float>& weights) {
    ContentHash hash;
    hash.add(weights.data(), static_cast<std::size_t>(weights.size()) * sizeof(float));
    return hash.hex();
}

}  // namespace

std::map<std::string, std::string> decisive_settings(const TrainingSettings& settings, const ImageSet& images,
                                                     const TrainedNetwork& start, const Matrix& gossip) {
    std::map<std::string, std::string> texts = {
        {"images", fmt::format("{} {}", images.name, content_of(images))},
        {"image-size", fmt::to_string(settings.images.size)},
        {"patch-size", fmt::to_string(settings.patch.size)},
        {"channels", fmt::to_string(settings.patch.channels)},
        {"heads", head_counts_text(start.shape.heads)},
        {"query-width", fmt::to_string(start.shape.query_width)},
        {"width", fmt::to_string(start.shape.width)},
        {"batch", fmt::to_string(settings.batch)},
        {"learning-rate", exact_text(settings.adam.learning_rate)},
        {"weight-decay", exact_text(settings.adam.decay)},
        {"seed", fmt::to_string(settings.seed)}};
    if (settings.adam.plain) texts["optimiser"] = "sgd";
    if (gossip.size() > 0) {
        ContentHash hash;
        hash.add(gossip.data(), static_cast<std::size_t>(gossip.size()) * sizeof(double));
        texts["topology"] = fmt::format("{} of {} ranks ({})", settings.topology, gossip.rows(), hash.hex());
    }
    if (!settings.from.empty()) texts["from"] = content_of(start.weights);
    return texts;
}

void check_same_settings(const std::string& path, const std::map<std::string, std::string>& theirs,
                         const std::map<std::string, std::string>& ours) {
    const auto text = [](const std::map<std::string, std::string>& settings, const std::string& key) {
        const auto found = settings.find(key);
        return found == settings.end() ? std::string("none") : found->second;
    };
    std::map<std::string, std::string> keys = theirs;
    keys.insert(ours.begin(), ours.end());
    for (const auto& [key, unused] : keys)
        if (text(theirs, key) != text(ours, key))
            throw UsageError(fmt::format(
                "{}: holds a run with --{} = {}, this one has {}; repeat its options to go on with it, or "
                "choose another --output",
                path, key, text(theirs, key), text(ours, key)));
}

}  // namespace attnpaths
