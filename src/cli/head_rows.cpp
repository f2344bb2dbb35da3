#include "cli/head_rows.hpp"

#include "base/error.hpp"
#include "datasets/names_text.hpp"
#include "point/schema.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

namespace attnpaths::cli {

namespace {

constexpr const char* score_column = "theory/head_scores";
constexpr const char* per_head = "[sum H_l]";  // shape of columns with a number for every head

/// Columns of the store with a number for every head, scores first.
std::vector<std::string> columns_per_head(const StoreView& store) {
    std::vector<std::string> found;
    for (const std::string& name : store.columns())
        if (analysis_of(name) != nullptr && find_column(name).shape == per_head) found.push_back(name);
    const auto score = std::find(found.begin(), found.end(), score_column);
    if (score == found.end())
        throw UsageError(store.path() +
                         ": has no head scores; sweep with the analysis scores, which is there by default");
    std::rotate(found.begin(), score, score + 1);
    return found;
}

/// Widths of the points of some rows: numbers, or where layers differ in one of them texts "20:50:30".
ShownColumn width_column(const StoreView& store, const std::vector<std::size_t>& point_of_row) {
    const ShownColumn lists{"width", store.arrays("point/widths")};
    const std::vector<double> largest = store.reals("point/width");
    std::vector<std::string> texts;
    std::vector<double> numbers;
    for (const std::size_t point : point_of_row) {
        texts.push_back(table_text(lists, point));
        numbers.push_back(largest[point]);
    }
    const bool have_lists = std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
        return text.find(':') != std::string::npos;
    });
    if (have_lists) return {"width", std::move(texts)};
    return {"width", std::move(numbers)};
}

/// Prior variances of the points of some rows; nothing where all are alike, as mostly.
std::optional<ShownColumn> variances_column(const StoreView& store,
                                            const std::vector<std::size_t>& point_of_row) {
    const ShownColumn lists{"variances", store.arrays("point/variances")};
    std::vector<std::string> texts;
    for (const std::size_t point : point_of_row) texts.push_back(table_text(lists, point));
    if (std::adjacent_find(texts.begin(), texts.end(), std::not_equal_to<>()) == texts.end()) return {};
    return ShownColumn{"variances", std::move(texts)};
}

/// Place of every head in the descending order of scores, from 1; of equal scores the first head's is first.
std::vector<std::int64_t> ranks(const std::vector<double>& scores) {
    std::vector<std::size_t> order(scores.size());
    for (std::size_t head = 0; head < order.size(); ++head) order[head] = head;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<std::int64_t> places(scores.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        places[order[place]] = static_cast<std::int64_t>(place) + 1;
    return places;
}

}  // namespace

std::vector<ShownColumn> head_rows(const StoreView& store, const std::vector<std::size_t>& points) {
    const std::vector<std::string> quantities = columns_per_head(store);
    std::vector<std::vector<ValueArray>> arrays;
    for (const std::string& name : quantities) arrays.push_back(store.arrays(name));
    const std::vector<ValueArray> counts = store.arrays("point/head_counts");
    const std::vector<std::int64_t> examples = store.integers("point/examples");
    const std::vector<double> temperatures = store.reals("point/temperature");
    const std::vector<std::int64_t> seeds = store.integers("point/seed");
    const std::vector<std::string> head_names = store.texts("point/head_names");

    std::vector<std::size_t> point_of_row;
    std::vector<double> temperature;
    std::vector<std::int64_t> P;
    std::vector<std::int64_t> seed;
    std::vector<std::int64_t> layers;
    std::vector<std::int64_t> numbers;
    std::vector<std::int64_t> rank;
    std::vector<std::string> names;
    std::vector<std::vector<double>> values(quantities.size());
    for (const std::size_t point : points) {
        const std::vector<Index> heads(counts[point].values.begin(), counts[point].values.end());
        const std::vector<double>& scores = arrays[0][point].values;
        const std::vector<std::int64_t> own_ranks = ranks(scores);
        const std::vector<std::string> own_names =
            names_of_text(head_names[point],
                          static_cast<std::size_t>(std::accumulate(heads.begin(), heads.end(), Index{0})));
        std::size_t head = 0;
        for (std::size_t layer = 0; layer < heads.size(); ++layer) {
            for (Index number = 1; number <= heads[layer] && head < scores.size(); ++number, ++head) {
                point_of_row.push_back(point);
                P.push_back(examples[point]);
                temperature.push_back(temperatures[point]);
                seed.push_back(seeds[point]);
                layers.push_back(static_cast<std::int64_t>(layer) + 1);
                numbers.push_back(number);
                names.push_back(own_names[head]);
                rank.push_back(own_ranks[head]);
                for (std::size_t quantity = 0; quantity < quantities.size(); ++quantity) {
                    const std::vector<double>& own = arrays[quantity][point].values;
                    values[quantity].push_back(head < own.size() ? own[head] : std::nan(""));
                }
            }
        }
    }
    std::vector<ShownColumn> columns = {width_column(store, point_of_row),
                                        {"examples", std::move(P)},
                                        {"temperature", std::move(temperature)},
                                        {"seed", std::move(seed)},
                                        {"layer", std::move(layers)},
                                        {"head", std::move(numbers)},
                                        {"name", std::move(names)},
                                        {"score", std::move(values[0])},
                                        {"rank", std::move(rank)}};
    if (std::optional<ShownColumn> variances = variances_column(store, point_of_row))
        columns.insert(columns.begin() + 2, std::move(*variances));
    for (std::size_t quantity = 1; quantity < quantities.size(); ++quantity)
        columns.push_back({quantities[quantity], std::move(values[quantity])});
    return columns;
}

std::size_t row_count(const std::vector<ShownColumn>& columns) {
    return std::visit([](const auto& values) { return values.size(); }, columns.front().values);
}

}  // namespace attnpaths::cli
