#include "store/joined_row.hpp"

#include "analyses/plan.hpp"
#include "point/columns.hpp"
#include "point/schema.hpp"
#include "store/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace attnpaths {

namespace {

constexpr std::array times = {"point/seconds", "point/nominal_theory", "point/nominal_sampling"};
constexpr std::array of_who_asked = {"point/asked_by", "point/submission"};

/// Value of a real column, 0 if it is missing.
double real_of(const Record& record, const std::string& column) {
    const auto found = record.find(column);
    const double* value = found == record.end() ? nullptr : std::get_if<double>(&found->second);
    return value == nullptr || std::isnan(*value) ? 0 : *value;
}

}  // namespace

Record joined_row(Record row, Record newer) {
    const Answers answers = answers_of(newer);
    if (answers.empty()) return newer;
    const std::vector<const Analysis*> fallen = outdated(answers_of(row), answers);
    std::set<const Analysis*> replaced(fallen.begin(), fallen.end());
    for (const Answer& answer : answers) replaced.insert(answer.analysis);
    for (const char* column : times) {
        const double sum = real_of(row, column) + real_of(newer, column);
        if (row.contains(column) || newer.contains(column)) newer[column] = sum;
    }
    for (const char* column : of_who_asked) newer.erase(column);
    std::erase_if(row, [&](const auto& entry) {
        const Analysis* analysis = analysis_of(entry.first);
        return analysis != nullptr && replaced.contains(analysis);
    });
    row.erase("point/message");
    newer.merge(row);
    set_status(newer);
    return newer;
}

Union union_of(const Record& a, const Record& b) {
    const Answers in_a = answers_of(a);
    const Answers in_b = answers_of(b);
    Record from_b = b;
    std::set<const Analysis*> taken;  // from b
    for (const Answer& answer : in_b) {
        const std::string& name = answer.analysis->name;
        const Answer* other = find_answer(in_a, *answer.analysis);
        if (other == nullptr || (answer.is_done() && !other->is_done())) {
            taken.insert(answer.analysis);
            continue;
        }
        if (!other->is_done() || !answer.is_done()) continue;
        if (other->key != answer.key) return {{}, name + " was computed with different settings"};
        if (other->kept != answer.kept && covers(*answer.analysis, answer.kept, other->kept))
            taken.insert(answer.analysis);
        for (const auto& [column, value] : a) {
            const auto same = b.find(column);
            if (analysis_of(column) == answer.analysis && same != b.end() &&
                find_column(column).reproducible && !value_difference(value, same->second).empty())
                return {{}, column + ": " + value_difference(value, same->second)};
        }
    }
    if (taken.empty()) return {a, ""};
    std::erase_if(from_b, [&](const auto& entry) {
        const Analysis* analysis = analysis_of(entry.first);
        return analysis != nullptr && !taken.contains(analysis);
    });
    return {joined_row(a, std::move(from_b)), ""};
}

void set_status(Record& row) {
    if (answers_of(row).empty()) return;
    const std::string failure = failure_text(row);
    row["point/status"] = std::string(failure.empty() ? "done" : "failed");
    row.erase("point/message");
    if (!failure.empty()) row["point/message"] = failure;
}

}  // namespace attnpaths
