#include "run/cost_model.hpp"

#include "analyses/registry.hpp"
#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

constexpr const char* theory = "theory";
constexpr const char* sampling = "sampling";

/// Columns that hold the time of chains.
const std::vector<std::string>& chain_seconds() {
    static const std::vector<std::string> columns = [] {
        std::vector<std::string> found;
        for (const Analysis& analysis : analyses())
            if (!analysis.chain_seconds.empty()) found.push_back(analysis.chain_seconds);
        return found;
    }();
    return columns;
}

/// Value of a real column, 0 if it is missing.
double real_of(const Record& record, const std::string& column) {
    const auto entry = record.find(column);
    if (entry == record.end()) return 0;
    const double* value = std::get_if<double>(&entry->second);
    return value == nullptr || !std::isfinite(*value) ? 0 : *value;
}

/// Points of one octave are neighbours.
int octave(double value) {
    return static_cast<int>(std::lround(std::log2(value)));
}

}  // namespace

std::vector<double> sampling_seconds(const StoreView& store) {
    std::vector<double> sum(store.points(), 0);
    for (const std::string& column : chain_seconds()) {
        const std::vector<double> one = store.reals(column);
        for (std::size_t i = 0; i < one.size(); ++i)
            if (std::isfinite(one[i])) sum[i] += one[i];
    }
    return sum;
}

CostModel::Place CostModel::place_of(const GridPoint& point) {
    return {head_counts_text(point.architecture.heads), point.architecture.largest_width(),
            static_cast<double>(point.examples), point.temperature};
}

void CostModel::learn(const Record& record) {
    Times times{real_of(record, "point/nominal_theory"), real_of(record, "point/nominal_sampling"),
                real_of(record, "point/seconds"), 0};
    for (const std::string& column : chain_seconds()) times.sampling_seconds += real_of(record, column);
    learn(place_of(point_from_record(record)), times);
}

void CostModel::learn(const StoreView& store) {
    const std::vector<std::string> status = store.texts("point/status");
    const std::vector<ValueArray> heads = store.arrays("point/head_counts");
    const std::vector<double> widths = store.reals("point/width");
    const std::vector<std::int64_t> examples = store.integers("point/examples");
    const std::vector<double> temperatures = store.reals("point/temperature");
    const std::vector<double> nominal_theory = store.reals("point/nominal_theory");
    const std::vector<double> nominal_sampling = store.reals("point/nominal_sampling");
    const std::vector<double> seconds = store.reals("point/seconds");
    const std::vector<double> of_chains = sampling_seconds(store);
    for (std::size_t i = 0; i < store.points(); ++i) {
        if (status[i] != "done") continue;
        const std::vector<Index> counts(heads[i].values.begin(), heads[i].values.end());
        learn({head_counts_text(counts), widths[i], static_cast<double>(examples[i]), temperatures[i]},
              {nominal_theory[i], nominal_sampling[i], seconds[i], of_chains[i]});
    }
}

void CostModel::learn(const Place& place, const Times& times) {
    learn(place, theory, times.seconds - times.sampling_seconds, times.nominal_theory);
    learn(place, sampling, times.sampling_seconds, times.nominal_sampling);
}

void CostModel::learn(const Place& place, const char* kind, double seconds, double nominal) {
    if (!(seconds > 0 && nominal > 0)) return;
    for (const std::string& neighbourhood : neighbourhoods(place, kind)) {
        Mean& mean = means_[neighbourhood];
        mean.sum += std::log(seconds / nominal);
        ++mean.count;
    }
}

double CostModel::seconds(const GridPoint& point) const {
    double sum = indivisible_seconds(point);
    if (point.cost.sampling > 0) sum += point.cost.sampling * factor(point, sampling);
    return sum;
}

double CostModel::indivisible_seconds(const GridPoint& point) const {
    return point.cost.theory * factor(point, theory);
}

std::vector<std::string> CostModel::neighbourhoods(const Place& place, const char* kind) {
    std::vector<std::string> names = {kind};
    const auto add = [&](const std::string& narrower) { names.push_back(names.back() + narrower); };
    add(fmt::format(" heads {} P {}", place.heads, octave(place.examples)));
    add(fmt::format(" N {}", octave(place.width)));
    add(fmt::format(" T {}", octave(place.temperature)));
    std::reverse(names.begin(), names.end());
    return names;
}

double CostModel::factor(const GridPoint& point, const char* kind) const {
    for (const std::string& neighbourhood : neighbourhoods(place_of(point), kind)) {
        const auto known = means_.find(neighbourhood);
        if (known != means_.end()) return std::exp(known->second.sum / known->second.count);
    }
    return 1;
}

void note_costs(Store& store, const StoreView& finished, const NominalCost& missing) {
    NominalCost sum = missing;
    const auto add = [](double& total, const std::vector<double>& costs) {
        for (const double cost : costs)
            if (std::isfinite(cost)) total += cost;
    };
    add(sum.theory, finished.reals("point/nominal_theory"));
    add(sum.sampling, finished.reals("point/nominal_sampling"));
    store.note_costs(sum.theory, sum.sampling);
}

}  // namespace attnpaths
