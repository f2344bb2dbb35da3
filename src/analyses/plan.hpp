#pragma once

#include "analyses/analysis.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attnpaths {

/// An analysis that is wanted of a point.
struct PlannedAnalysis {
    const Analysis* analysis = nullptr;
    std::string key;   ///< of how it answers: with the problem all that its results depend on
    std::string kept;  ///< what of them is to be kept (kept_text)
    /// Whether it was asked for by name, or is needed by one that was: it may not be left out.
    bool is_required = false;
};

/// What is wanted of a point, in the order of the registry: what an analysis needs comes before it.
using Plan = std::vector<PlannedAnalysis>;

/// How an analysis ended: left out where it was not asked for by name and the problem is no case for it.
enum class AnswerStatus { done, left_out, failed };

/// "done", "left out" or "failed".
std::string_view to_text(AnswerStatus status);
AnswerStatus answer_status(std::string_view text);

/// What a row of the store has of an analysis.
struct Answer {
    const Analysis* analysis = nullptr;
    std::string key;
    std::string kept;
    AnswerStatus status = AnswerStatus::failed;

    [[nodiscard]] bool is_done() const noexcept { return status == AnswerStatus::done; }
};
using Answers = std::vector<Answer>;

/// Answers of a row by its columns ANALYSIS/status, ANALYSIS/key and ANALYSIS/kept, in the order of the
/// registry.
Answers answers_of(const Record& row);

/// The answer of an analysis; null if there is none.
const Answer* find_answer(const Answers& answers, const Analysis& analysis);

/// Whether a row with these answers has to be worked on for one of the plan: it has no answer, or one of
/// another key, or less of it than is to be kept, or one that was left out and is required, or one without
/// results that is tried again.
bool is_missing(const PlannedAnalysis& planned, const Answers& answers, bool retry_failed);

/// Answers of a row that no longer stand when newer ones are entered: one that they need, at however many
/// removes, is answered with another key, and the newer ones do not answer them again.
std::vector<const Analysis*> outdated(const Answers& row, const Answers& newer);

/// Whether who has all of one plan has all of another too.
bool includes(const Plan& plan, const Plan& other);

/// The output settings of an analysis that matter, "NAME=VALUE" with blanks between.
std::string kept_text(const Analysis& analysis, const Settings& settings);

/// Whether what was kept includes all that is wanted.
bool covers(const Analysis& analysis, std::string_view kept, std::string_view wanted);

/// A plan as one text, and back.
/// @throws DataError if the text is no plan
std::string plan_text(const Plan& plan);
Plan plan_of_text(std::string_view text);

/// Enters an answer into a row's columns.
/// @param message  why it failed or was left out; empty if it is done
void enter_answer(Record& row, const PlannedAnalysis& planned, AnswerStatus status,
                  const std::string& message, double seconds);

/// "NAME: why" of the first analysis of a row that failed; empty if none did.
std::string failure_text(const Record& row);

/// The analyses of a row that were left out, with their reasons.
std::vector<std::pair<std::string, std::string>> left_out(const Record& row);

}  // namespace attnpaths
