#include "point/schema.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

namespace attnpaths {

namespace {

using enum ColumnType;

/// Columns that every analysis has.
constexpr std::array own_columns = {"status", "message", "key", "kept", "seconds"};

std::vector<Column> make_schema() {
    std::vector<Column> c = {
        {"point/key", text, "", "", "hash of its problem: data, heads, P, widths, prior variances, T"},
        {"point/part", text, "", "", "part of the sweep's configuration; empty if it has none", false},
        {"point/task", text, "", "", "task name, or data set file name", false},
        {"point/width", real, "", "", "largest of N_1..N_L, N_a (the width, where all are equal)"},
        {"point/widths", array, "[L+1]", "", "N_1..N_L, N_a"},
        {"point/examples", integer, "", "", "training examples P"},
        {"point/heads", integer, "", "",
         "largest head count of a layer (the head count, where all are equal)"},
        {"point/head_counts", array, "[L]", "", "H_1..H_L"},
        {"point/head_names", text, "", "",
         "names of the heads, layer 1 first, with ; between; empty if they have none", false},
        {"point/class_names", text, "", "",
         "names of the classes -1 and +1, or of outputs 1 to D, with ; between; empty if they have none",
         false},
        {"point/depth", integer, "", "", "attention layers L"},
        {"point/paths", integer, "", "", "attention paths n = prod H_l"},
        {"point/outputs", integer, "", "", "outputs D"},
        {"point/variances", array, "[L+2]", "", "prior variances sigma_0^2, sigma_1^2..sigma_L^2, sigma_a^2"},
        {"point/temperature", real, "", "", "T, variance of the Gaussian likelihood"},
        {"point/seed", integer, "", "", "seed of the generated data"},
        {"point/evaluation", text, "", "",
         "how kernels were evaluated: kernels (held in memory) or features"},
        {"point/status", text, "", "", "done or failed", false},
        {"point/message", text, "", "", "why the point failed; empty if done", false},
        {"point/attempts", integer, "", "", "runs in which the point was started", false},
        {"point/seconds", real, "", "s", "wall time of the point, its chains one after the other", false},
        {"point/nominal_theory", real, "", "s", "time by a count of operations, chains aside", false},
        {"point/nominal_sampling", real, "", "s", "time of the chains by a count of operations", false},
        {"point/finished", real, "", "s", "when the point ended, seconds since 1970", false},
        {"point/host", text, "", "", "machine that computed it", false},
        {"point/asked_by", text, "", "", "who asked for it first, user@host", false},
        {"point/submission", text, "", "", "submission that asked for it; empty: the sweep's own grid",
         false},
        {"point/checksum", text, "", "", "checksum of the reproducible columns", false},
        {"reference-NAME/accuracy", real, "", "",
         "accuracy on the test points of somebody who knows how the task makes its examples, in the way "
         "NAME"},
    };
    for (const Analysis& analysis : analyses()) {
        const std::string& name = analysis.name;
        c.push_back({name + "/status", text, "", "",
                     "done, failed, or left out: run by default where the problem is no case for it", false});
        c.push_back({name + "/message", text, "", "", "why it failed or was left out; empty if done", false});
        c.push_back({name + "/key", text, "", "",
                     "hash of its settings, revision and what it needs: with point/key of all that "
                     "determines its results"});
        c.push_back({name + "/kept", text, "", "", "what is kept of its results", false});
        c.push_back({name + "/seconds", real, "", "s", "wall time", false});
        c.insert(c.end(), analysis.columns.begin(), analysis.columns.end());
    }
    return c;
}

}  // namespace

const std::vector<Column>& schema() {
    static const std::vector<Column> columns = make_schema();
    return columns;
}

namespace {

/// The column of a name; null if there is none.
const Column* known_column(std::string_view name) {
    // Most names are exact; every column of every record is looked up here.
    static const std::unordered_map<std::string_view, const Column*> exact = [] {
        std::unordered_map<std::string_view, const Column*> columns;
        for (const Column& column : schema()) columns.emplace(column.name, &column);
        return columns;
    }();
    if (const auto found = exact.find(name); found != exact.end()) return found->second;
    const std::size_t slash = name.rfind('/');
    if (slash != std::string_view::npos) {
        const std::string_view group = name.substr(0, slash);
        const std::string_view quantity = name.substr(slash + 1);
        const std::string_view plain_quantity = quantity.substr(0, quantity.find('-'));
        // A group may have a hyphen of its own, as sampling/order-parameter, or one before its suffix, which
        // may stand for a name of the user's.
        const std::string_view stem = group.substr(0, group.find('-'));
        for (const std::string& plain_group :
             {std::string(group), fmt::format("{}-NAME", stem), std::string(stem)})
            if (const auto found = exact.find(fmt::format("{}/{}", plain_group, plain_quantity));
                found != exact.end())
                return found->second;
    }
    return nullptr;
}

}  // namespace

const Column& find_column(std::string_view name) {
    if (const Column* column = known_column(name)) return *column;
    throw DataError(fmt::format("column {} is not known to this version", name));
}

const Analysis* analysis_of(std::string_view name) {
    static const std::unordered_map<const Column*, const Analysis*> owners = [] {
        std::unordered_map<const Column*, const Analysis*> found;
        const auto add = [&](const Analysis& analysis, const std::string& column) {
            found.emplace(&find_column(column), &analysis);
        };
        for (const Analysis& analysis : analyses()) {
            for (const char* own : own_columns) add(analysis, fmt::format("{}/{}", analysis.name, own));
            for (const Column& column : analysis.columns) add(analysis, column.name);
        }
        return found;
    }();
    const Column* column = known_column(name);
    const auto owner = column == nullptr ? owners.end() : owners.find(column);
    return owner == owners.end() ? nullptr : owner->second;
}

}  // namespace attnpaths
