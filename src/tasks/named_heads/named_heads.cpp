#include "tasks/named_heads/named_heads.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace attnpaths {

std::string NamedHead::name() const {
    return number == 1 ? kind : fmt::format("{}-{}", kind, number);
}

const SettingKey& layers_setting() {
    static const SettingKey setting = {"task.layers", "",
                                       "heads by name, layer 1 | layer 2 | ..., as in \"next random | match "
                                       "random\"; empty: the task's own"};
    return setting;
}

NamedLayers named_layers_of(const Settings& settings, const std::string& own,
                            const std::function<bool(const std::string& kind)>& is_known,
                            const std::string& known) {
    const std::string& key = layers_setting().name;
    const std::string text = settings.is_given(key) ? settings.text(key) : own;
    NamedLayers layers;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('|', begin), text.size());
        std::map<std::string, Index> seen;
        std::vector<NamedHead> layer;
        for (const std::string& kind : split(text.substr(begin, end - begin))) {
            if (!is_known(kind))
                settings.fail(key, fmt::format("there is no head \"{}\"; choose from {}", kind, known));
            layer.push_back({kind, ++seen[kind]});
        }
        if (layer.empty())
            settings.fail(key,
                          fmt::format("\"{}\" has a layer without heads; name at least one for each", text));
        layers.push_back(std::move(layer));
        begin = end + 1;
    }
    return layers;
}

NamedLayers leading_heads(const NamedLayers& layers, const std::vector<Index>& heads) {
    NamedLayers leading;
    for (std::size_t layer = 0; layer < std::min(heads.size(), layers.size()); ++layer) {
        const Index count = std::min(heads[layer], std::ssize(layers[layer]));
        leading.emplace_back(layers[layer].begin(), layers[layer].begin() + count);
    }
    return leading;
}

HeadNames names_of(const NamedLayers& layers) {
    HeadNames names;
    for (const std::vector<NamedHead>& layer : layers) {
        names.emplace_back();
        for (const NamedHead& head : layer) names.back().push_back(head.name());
    }
    return names;
}

std::vector<std::string> single_paths(const NamedLayers& layers) {
    constexpr Index most = 16;
    const std::vector<Index> heads = head_counts_of(layers);
    const Index paths = path_count(heads);
    std::vector<std::string> single;
    for (Index path = 0; path < paths && paths > 1 && paths <= most; ++path) {
        const std::vector<Index> chosen = path_heads(path, heads);
        std::vector<std::string> names;
        for (std::size_t layer = 0; layer < layers.size(); ++layer)
            names.push_back(layers[layer][static_cast<std::size_t>(chosen[layer])].name());
        std::string name = fmt::format("{}", fmt::join(names, "."));
        std::replace(name.begin(), name.end(), '-', '_');
        single.push_back(fmt::format("{}={}", name, path_label(path, heads)));
    }
    return single;
}

std::vector<std::string> single_paths(const NamedLayers& layers, const std::vector<Index>& heads) {
    const NamedLayers leading = leading_heads(layers, heads);
    return head_counts_of(leading) == heads ? single_paths(leading) : std::vector<std::string>{};
}

HeadLayers empty_heads(const NamedLayers& layers) {
    HeadLayers heads;
    for (const std::vector<NamedHead>& layer : layers) {
        heads.emplace_back();
        for (const NamedHead& head : layer) heads.back().push_back({head.name(), {}, {}, {}});
    }
    return heads;
}

}  // namespace attnpaths
