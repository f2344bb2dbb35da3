#include "base/error.hpp"
#include "base/interpolated_maximum.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/print_columns.hpp"
#include "cli/unread.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// What one temperature of a grid line has.
struct Candidate {
    double temperature;
    double log_evidence;
    double quality;
};

/// Points that differ in their temperature alone.
struct GridLine {
    std::string width;  ///< "inf": the Gaussian process
    std::vector<std::string> others;
    double prior_variance;              ///< product of all, on which the evidence depends
    std::vector<Candidate> candidates;  ///< ascending
};

/// What is to be chosen by besides the evidence: a column of the predictor, and that of the Gaussian process.
struct Quality {
    std::string name;  ///< "accuracy", "mse-validation"
    bool is_error;     ///< the smaller the better

    [[nodiscard]] std::string column(const std::string& group) const { return group + "/" + name; }
    [[nodiscard]] bool is_better(double a, double b) const { return is_error ? a < b : a > b; }
};

const std::vector<std::string> other_titles = {"examples", "heads", "variances", "seed", "task"};
constexpr std::size_t variances_place = 2;

/// Columns that are the same along a line, as people read them.
std::vector<ShownColumn> line_columns(const StoreView& store) {
    return read_columns(
        store, {"point/examples", "point/head_counts", "point/variances", "point/seed", "point/task"});
}

std::vector<GridLine> grid_lines(const StoreView& store, const Quality& quality) {
    const std::vector<ShownColumn> others = line_columns(store);
    const ShownColumn widths = read_columns(store, {"point/widths"})[0];
    const std::vector<double> temperatures = store.reals("point/temperature");
    const std::vector<ValueArray> variances = store.arrays("point/variances");
    struct Estimate {
        bool is_infinite;
        std::vector<double> log_evidence, quality;
    };
    const std::vector<Estimate> estimates = {
        {false, store.reals("evidence/ratio"), store.reals(quality.column("theory"))},
        {true, store.reals("evidence/gaussian_process"), store.reals(quality.column("gp"))}};
    std::vector<GridLine> lines;
    std::map<std::vector<std::string>, std::size_t> places;
    for (const Estimate& estimate : estimates)
        for (const std::size_t point : grid_order(store)) {
            if (std::isnan(estimate.log_evidence[point])) continue;
            std::vector<std::string> names;
            for (const ShownColumn& column : others) names.push_back(table_text(column, point));
            const std::string width = estimate.is_infinite ? "inf" : table_text(widths, point);
            std::vector<std::string> place = names;
            place.push_back(width);
            const auto [known, is_new] = places.try_emplace(std::move(place), lines.size());
            if (is_new) {
                const std::vector<double>& all = variances[point].values;
                lines.push_back(
                    {width, names, std::accumulate(all.begin(), all.end(), 1.0, std::multiplies<>()), {}});
            }
            std::vector<Candidate>& candidates = lines[known->second].candidates;
            // Points of all widths have the same Gaussian process.
            if (std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
                    return other.temperature == temperatures[point];
                }))
                candidates.push_back(
                    {temperatures[point], estimate.log_evidence[point], estimate.quality[point]});
        }
    for (GridLine& line : lines)
        std::sort(line.candidates.begin(), line.candidates.end(),
                  [](const Candidate& a, const Candidate& b) { return a.temperature < b.temperature; });
    return lines;
}

/// The temperature of greatest evidence along a line, by log T.
struct Selection {
    double temperature;
    double factor;  ///< by which the temperature is uncertain
    double log_evidence;
    bool is_at_edge;
    const Candidate* nearest;  ///< on the grid
};

Selection selection_of(const GridLine& line) {
    std::vector<double> log_temperature;
    std::vector<double> log_evidence;
    for (const Candidate& candidate : line.candidates) {
        log_temperature.push_back(std::log(candidate.temperature));
        log_evidence.push_back(candidate.log_evidence);
    }
    const InterpolatedMaximum maximum = interpolated_maximum(log_temperature, log_evidence);
    const auto nearest = std::min_element(
        log_temperature.begin(), log_temperature.end(),
        [&](double a, double b) { return std::abs(a - maximum.position) < std::abs(b - maximum.position); });
    return {std::exp(maximum.position), std::exp(maximum.position_error), maximum.value, maximum.is_at_edge,
            &line.candidates[static_cast<std::size_t>(nearest - log_temperature.begin())]};
}

/// Of the lines that differ in their prior variances alone the one of greatest evidence is told so; where
/// there is no choice nothing is said.
std::vector<std::string> variance_notes(const std::vector<GridLine>& lines,
                                        const std::vector<Selection>& selections) {
    std::map<std::vector<std::string>, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::vector<std::string> group = lines[i].others;
        group[variances_place] = lines[i].width;
        groups[group].push_back(i);
    }
    std::vector<std::string> notes(lines.size());
    for (auto& [names, members] : groups) {
        if (members.size() == 1) continue;
        std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
            return lines[a].prior_variance < lines[b].prior_variance;
        });
        const std::size_t best =
            *std::max_element(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
                return selections[a].log_evidence < selections[b].log_evidence;
            });
        const bool is_at_edge = best == members.front() || best == members.back();
        notes[best] = is_at_edge ? "greatest over the variances, at their edge: widen grid.variance_readout"
                                 : "greatest over the variances";
    }
    return notes;
}

/// The best by the quality; none if it is nowhere known.
std::optional<Candidate> best_of(const GridLine& line, const Quality& quality) {
    std::optional<Candidate> best;
    for (const Candidate& candidate : line.candidates)
        if (!std::isnan(candidate.quality) && (!best || quality.is_better(candidate.quality, best->quality)))
            best = candidate;
    return best;
}

std::vector<ShownColumn> selections(const std::vector<GridLine>& lines, const Quality& quality) {
    std::vector<std::string> widths;
    std::vector<std::vector<std::string>> others(other_titles.size());
    std::vector<std::string> notes;
    std::map<std::string, std::vector<double>> numbers;
    std::vector<Selection> of_lines;
    for (const GridLine& line : lines) of_lines.push_back(selection_of(line));
    const std::vector<std::string> of_variances = variance_notes(lines, of_lines);
    for (std::size_t number = 0; number < lines.size(); ++number) {
        const GridLine& line = lines[number];
        const Selection& selection = of_lines[number];
        widths.push_back(line.width);
        for (std::size_t i = 0; i < other_titles.size(); ++i) others[i].push_back(line.others[i]);
        const std::optional<Candidate> best = best_of(line, quality);
        numbers["T"].push_back(selection.temperature);
        numbers["factor"].push_back(selection.is_at_edge ? missing : selection.factor);
        numbers["log evidence"].push_back(selection.log_evidence);
        numbers["there"].push_back(selection.nearest->quality);
        numbers["T best"].push_back(best ? best->temperature : missing);
        numbers["best"].push_back(best ? best->quality : missing);
        std::vector<std::string> note;
        if (!of_variances[number].empty()) note.push_back(of_variances[number]);
        if (selection.is_at_edge) note.emplace_back("at the edge of the grid: widen grid.temperature");
        notes.push_back(fmt::format("{}", fmt::join(note, "; ")));
    }
    std::vector<ShownColumn> columns = {{"width", widths}};
    for (std::size_t i = 0; i < other_titles.size(); ++i) {
        const bool varies =
            std::adjacent_find(others[i].begin(), others[i].end(), std::not_equal_to<>()) != others[i].end();
        if (varies || other_titles[i] == "examples" || other_titles[i] == "heads")
            columns.push_back({other_titles[i], others[i]});
    }
    const auto add = [&](const std::string& title, const std::string& key) {
        columns.push_back({title, numbers[key]});
    };
    add("T of evidence", "T");
    add("within factor", "factor");
    add("log evidence", "log evidence");
    add(quality.name + " there", "there");
    add("T of " + quality.name, "T best");
    add(quality.name, "best");
    columns.push_back({"note", notes});
    return columns;
}

Quality quality_of(const StoreView& store, const po::variables_map& values) {
    const bool has_accuracy =
        std::find(store.columns().begin(), store.columns().end(), "theory/accuracy") != store.columns().end();
    const std::string name = values.count("by") > 0 ? values["by"].as<std::string>()
                             : has_accuracy         ? "accuracy"
                                                    : "mse";
    const Quality quality{name, !name.starts_with("accuracy")};
    static_cast<void>(read_columns(store, {quality.column("theory")}));
    return quality;
}

void select(const StoreView& store, const po::variables_map& values, RowFormat format) {
    const Quality quality = quality_of(store, values);
    const std::vector<GridLine> lines = grid_lines(store, quality);
    if (lines.empty())
        throw DataError(store.path() +
                        ": no point has an evidence; sweep with analyses.run = evidence default");
    const std::vector<ShownColumn> columns = selections(lines, quality);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < lines.size(); ++i) order.push_back(i);
    print_rows(columns, order, format);
}

}  // namespace

int run_select(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()(
        "by", po::value<std::string>()->value_name("QUALITY"),
        "choose by this besides: accuracy (the default where there is one), mse, bias, with "
        "-SET for a further test set: accuracy-validation");
    options.add_options()("csv", "comma-separated values, every number exact");
    options.add_options()("json", "a list of objects; missing values are null");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("store", po::value<std::string>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("store", 1), "select");
    if (values.count("help") > 0) {
        print_help(
            "select STORE [--by QUALITY] [--csv | --json]",
            "The temperature of greatest evidence for every line of points that differ in temperature "
            "alone, interpolated\n"
            "between them (the factor says how far to trust that), and beside it the one that does best "
            "on a test set.\n"
            "Width inf is the Gaussian process, the infinitely wide network. A note says which of the lines "
            "that differ in\n"
            "their prior variances alone (grid.variance_readout) has the greatest evidence.\n\n"
            "example: attnpaths sweep --grid.temperature 0.001..10..log13 --store t.h5 && attnpaths select "
            "t.h5",
            options);
        return 0;
    }
    if (values.count("store") == 0) throw UsageError("give a store; see attnpaths select --help");
    const RowFormat format = row_format(values);
    const StoreView store = read_store(values["store"].as<std::string>());
    select(store, values, format);
    return report_unread(store, "select");
}

}  // namespace attnpaths::cli
