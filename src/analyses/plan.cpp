#include "analyses/plan.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace attnpaths {

namespace {

constexpr const char* required_word = "required";

std::string_view text_in(const Record& row, const std::string& column) {
    const auto found = row.find(column);
    const auto* text = found == row.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// "NAME=VALUE NAME=VALUE" as a map.
std::map<std::string, std::string> values_of(std::string_view kept) {
    std::map<std::string, std::string> values;
    for (const std::string& word : split(std::string(kept), " ")) {
        const std::size_t sign = word.find('=');
        if (sign != std::string::npos) values.emplace(word.substr(0, sign), word.substr(sign + 1));
    }
    return values;
}

}  // namespace

std::string_view to_text(AnswerStatus status) {
    switch (status) {
        case AnswerStatus::done:
            return "done";
        case AnswerStatus::left_out:
            return "left out";
        case AnswerStatus::failed:
            break;
    }
    return "failed";
}

AnswerStatus answer_status(std::string_view text) {
    for (const AnswerStatus status : {AnswerStatus::done, AnswerStatus::left_out})
        if (text == to_text(status)) return status;
    return AnswerStatus::failed;
}

Answers answers_of(const Record& row) {
    Answers answers;
    for (const Analysis& analysis : analyses()) {
        const std::string_view status = text_in(row, analysis.name + "/status");
        if (status.empty()) continue;
        answers.push_back({&analysis, std::string(text_in(row, analysis.name + "/key")),
                           std::string(text_in(row, analysis.name + "/kept")), answer_status(status)});
    }
    return answers;
}

const Answer* find_answer(const Answers& answers, const Analysis& analysis) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const Answer& candidate) { return candidate.analysis == &analysis; });
    return found == answers.end() ? nullptr : &*found;
}

bool is_missing(const PlannedAnalysis& planned, const Answers& answers, bool retry_failed) {
    const Answer* answer = find_answer(answers, *planned.analysis);
    if (answer == nullptr || answer->key != planned.key) return true;
    switch (answer->status) {
        case AnswerStatus::done:
            return !covers(*planned.analysis, answer->kept, planned.kept);
        case AnswerStatus::left_out:
            return retry_failed || planned.is_required;
        case AnswerStatus::failed:
            break;
    }
    return retry_failed;
}

std::vector<const Analysis*> outdated(const Answers& row, const Answers& newer) {
    std::vector<const Analysis*> found;
    std::set<std::string_view> changed;
    for (const Answer& answer : row) {  // what an answer needs comes before it
        const std::vector<std::string>& needs = answer.analysis->needs;
        if (const Answer* next = find_answer(newer, *answer.analysis)) {
            if (next->key != answer.key) changed.insert(answer.analysis->name);
        } else if (std::any_of(needs.begin(), needs.end(),
                               [&](const std::string& need) { return changed.contains(need); })) {
            changed.insert(answer.analysis->name);
            found.push_back(answer.analysis);
        }
    }
    return found;
}

bool includes(const Plan& plan, const Plan& other) {
    Answers answers;
    for (const PlannedAnalysis& planned : plan)
        answers.push_back({planned.analysis, planned.key, planned.kept, AnswerStatus::done});
    return std::none_of(other.begin(), other.end(),
                        [&](const PlannedAnalysis& planned) { return is_missing(planned, answers, false); });
}

std::string kept_text(const Analysis& analysis, const Settings& settings) {
    std::string text;
    for (const OutputSetting& output : analysis.outputs) {
        if (output.matters != nullptr && !output.matters(settings)) continue;
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", output.key.name,
                            canonical_text(settings, output.key.name));
    }
    return text;
}

bool covers(const Analysis& analysis, std::string_view kept, std::string_view wanted) {
    if (kept == wanted) return true;
    const std::map<std::string, std::string> has = values_of(kept);
    const std::map<std::string, std::string> wants = values_of(wanted);
    return std::all_of(wants.begin(), wants.end(), [&](const auto& want) {
        const auto own = has.find(want.first);
        const auto output =
            std::find_if(analysis.outputs.begin(), analysis.outputs.end(),
                         [&](const OutputSetting& candidate) { return candidate.key.name == want.first; });
        return output != analysis.outputs.end() &&
               output->covers(own == has.end() ? "" : own->second, want.second);
    });
}

std::string plan_text(const Plan& plan) {
    std::string text;
    for (const PlannedAnalysis& planned : plan)
        text += fmt::format("{}\t{}\t{}\t{}\n", planned.analysis->name, planned.key, planned.kept,
                            planned.is_required ? required_word : "");
    return text;
}

Plan plan_of_text(std::string_view text) {
    Plan plan;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::vector<std::string> words = fields(line, '\t');
        const Analysis* analysis = find_analysis(words.front());
        if (words.size() != 4 || analysis == nullptr)
            throw DataError(fmt::format("\"{}\" is no analysis of a plan", line));
        plan.push_back({analysis, words[1], words[2], words[3] == required_word});
    }
    return plan;
}

void enter_answer(Record& row, const PlannedAnalysis& planned, AnswerStatus status,
                  const std::string& message, double seconds) {
    const std::string& name = planned.analysis->name;
    row[name + "/status"] = std::string(to_text(status));
    row[name + "/message"] = message;
    row[name + "/key"] = planned.key;
    row[name + "/kept"] = planned.kept;
    row[name + "/seconds"] = seconds;
}

std::string failure_text(const Record& row) {
    for (const Answer& answer : answers_of(row))
        if (answer.status == AnswerStatus::failed)
            return fmt::format("{}: {}", answer.analysis->name,
                               text_in(row, answer.analysis->name + "/message"));
    return "";
}

std::vector<std::pair<std::string, std::string>> left_out(const Record& row) {
    std::vector<std::pair<std::string, std::string>> reasons;
    for (const Answer& answer : answers_of(row))
        if (answer.status == AnswerStatus::left_out)
            reasons.emplace_back(answer.analysis->name, text_in(row, answer.analysis->name + "/message"));
    return reasons;
}

}  // namespace attnpaths
