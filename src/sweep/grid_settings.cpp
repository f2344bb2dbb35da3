#include "sweep/grid_settings.hpp"

#include "base/text.hpp"
#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

constexpr double largest_width = 0x1p53;
constexpr double smallest_temperature = std::numeric_limits<double>::min();
constexpr double largest_temperature = 1e15;

const SettingKey width = {
    "grid.width", "",
    "list: 30 for all widths, 20:50:30 for N_1:N_2:N_a; lists may have ranges, 1..9, 10..100..10 or "
    "10..1000..log5"};
const SettingKey examples = {"grid.examples",     "", "list: training examples P (100; all of a data set)",
                             SettingKind::wholes, 1,  1e9};
const SettingKey heads = {"grid.heads", "",
                          "list: 2 for every layer, 2:1 for layer 1 : layer 2 (2; all of a data set)"};
const SettingKey depth = {"grid.depth",        "", "list: attention layers L (2; all of a data set)",
                          SettingKind::wholes, 1,  1000};
const SettingKey temperature = {"grid.temperature",
                                "0.01",
                                "list: T (0.01..1..log9: nine values with equal ratios)",
                                SettingKind::reals,
                                smallest_temperature,
                                largest_temperature};
const SettingKey readout_variance = {"grid.variance_readout",
                                     "",
                                     "list: prior variances sigma_a^2 of the readout, in place of "
                                     "theory.variance_readout; only the product of all prior variances "
                                     "matters to the theory",
                                     SettingKind::reals,
                                     std::numeric_limits<double>::min(),
                                     1e15};
const SettingKey seed = {"grid.seed",         "1", "list: seeds of generated data (1..20)",
                         SettingKind::wholes, 0,   0x1p63};

}  // namespace

std::vector<SettingKey> grid_settings() {
    return {width, examples, heads, depth, temperature, readout_variance, seed};
}

/// Pieces of "20:50:30", one per layer; an empty one ("20:", "20::30") is an error.
std::vector<std::string> layer_pieces(const Settings& settings, const std::string& key,
                                      const std::string& word) {
    std::vector<std::string> pieces = split(word, ":");
    const auto separators = static_cast<std::size_t>(std::count(word.begin(), word.end(), ':'));
    if (pieces.size() != separators + 1)
        settings.fail(key, fmt::format("\"{}\" has nothing before or after a colon; write one number for "
                                       "all, or one each as in 20:50:30",
                                       word));
    return pieces;
}

Grid read_grid(const Settings& settings) {
    Grid grid;
    grid.widths = settings.words(width.name, Numbers::whole);
    for (const std::string& word : grid.widths) parse_widths(settings, word);
    if (settings.has(examples.name))
        for (const long long count : settings.integers(examples)) grid.examples.push_back(count);
    if (settings.has(heads.name)) grid.heads = settings.words(heads.name, Numbers::whole);
    for (const std::string& word : grid.heads) parse_head_counts(word, settings.place(heads.name));
    if (settings.has(depth.name))
        for (const long long layers : settings.integers(depth)) grid.depths.push_back(layers);
    grid.temperatures = settings.numbers(temperature);
    if (settings.has(readout_variance.name)) grid.readout_variances = settings.numbers(readout_variance);
    for (const long long number : settings.integers(seed)) grid.seeds.push_back(number);
    return grid;
}

std::vector<double> parse_widths(const Settings& settings, const std::string& word) {
    std::vector<double> widths;
    for (const std::string& piece : layer_pieces(settings, width.name, word)) {
        double value = 0;
        if (!parse_number(piece, value) || value != std::floor(value))  // 1e6 and 30.0 are whole numbers too
            settings.fail(width.name, fmt::format("\"{}\" is not a whole number", piece));
        if (value < 1)
            settings.fail(width.name, fmt::format("{} is not a width; widths are at least 1", piece));
        if (value > largest_width)
            settings.fail(width.name,
                          fmt::format("{} is too large; widths are whole numbers up to 2^53 = {:.0f}, "
                                      "beyond which neighbours are the same number",
                                      piece, largest_width));
        widths.push_back(value);
    }
    return widths;
}

}  // namespace attnpaths
