#include "cli/prune_output.hpp"

#include "base/text.hpp"
#include "training/pruning/removal_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace attnpaths::cli {

namespace {

std::string estimate_text(const Estimate& estimate, bool with_sign) {
    if (std::isnan(estimate.value)) return "-";
    return with_sign ? fmt::format("{:+.4f} +- {:.4f}", estimate.value, estimate.error)
                     : fmt::format("{:.4f} +- {:.4f}", estimate.value, estimate.error);
}

/// Rows of right-aligned cells under their titles.
class Table {
  public:
    explicit Table(std::vector<std::string> titles) { rows_.push_back(std::move(titles)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    [[nodiscard]] std::string text() const {
        std::string text;
        for (const std::vector<std::string>& row : rows_) {
            for (std::size_t column = 0; column < row.size(); ++column)
                text += fmt::format("{}{:>{}}", column > 0 ? "  " : "", row[column], width(column));
            text += '\n';
        }
        return text;
    }

  private:
    [[nodiscard]] std::size_t width(std::size_t column) const {
        std::size_t width = 0;
        for (const std::vector<std::string>& row : rows_) width = std::max(width, row[column].size());
        return width;
    }

    std::vector<std::vector<std::string>> rows_;
};

/// Layer, place and score of a head.
std::vector<std::string> head_cells(const PruningResults& results, Index number) {
    const HeadPlace place = head_place(number, results.heads);
    return {fmt::to_string(place.layer + 1), fmt::to_string(place.head + 1),
            fmt::format("{:.4f}", results.scores(number))};
}

std::string singles_table(const PruningResults& results) {
    std::vector<std::string> titles = {"layer", "head", results.measure};
    for (const PrunedSubject& subject : results.subjects) titles.push_back(subject.name);
    Table table(titles);
    for (const Index number : ascending_order(results.scores)) {
        std::vector<std::string> row = head_cells(results, number);
        for (const PrunedSubject& subject : results.subjects)
            row.push_back(estimate_text(subject.study.single[static_cast<std::size_t>(number)].change, true));
        table.add(row);
    }
    return table.text();
}

/// Number of removals, and the head that the last of them took.
std::vector<std::string> removal_cells(const PruningResults& results, const std::vector<Index>& order,
                                       std::size_t removals) {
    std::vector<std::string> cells(3);
    if (removals > 0) cells = head_cells(results, order[removals - 1]);
    cells.insert(cells.begin(), fmt::to_string(removals));
    return cells;
}

std::string network_table(const PruningResults& results) {
    const PruningStudy& study = results.subjects.front().study;
    Table table({"removed", "layer", "head", results.measure, "accuracy", "change", "loss", "descending",
                 "random", "band"});
    for (std::size_t k = 0; k < study.ascending.performance.size(); ++k) {
        std::vector<std::string> row = removal_cells(results, study.ascending.order, k);
        row.push_back(estimate_text(study.ascending.performance[k].accuracy, false));
        row.push_back(k == 0 ? "" : estimate_text(study.ascending.performance[k].change, true));
        row.push_back(fmt::format("{:.4f}", study.ascending.performance[k].loss.value));
        row.push_back(estimate_text(study.descending.performance[k].accuracy, false));
        row.push_back(estimate_text(study.random.mean[k].accuracy, false));
        row.push_back(std::isnan(study.random.band[k]) ? "-" : fmt::format("{:.4f}", study.random.band[k]));
        table.add(row);
    }
    return table.text();
}

/// Accuracies of the theory in ascending order, a column per test set.
std::string theory_table(const PruningResults& results) {
    const std::vector<PrunedSubject> theory(results.subjects.begin() + 1, results.subjects.end());
    std::vector<std::string> titles = {"removed", "layer", "head", results.measure};
    for (const PrunedSubject& subject : theory) titles.push_back(subject.name);
    Table table(titles);
    for (std::size_t k = 0; k < theory.front().study.ascending.performance.size(); ++k) {
        std::vector<std::string> row = removal_cells(results, theory.front().study.ascending.order, k);
        for (const PrunedSubject& subject : theory)
            row.push_back(estimate_text(subject.study.ascending.performance[k].accuracy, false));
        table.add(row);
    }
    return table.text();
}

std::string elimination_table(const PruningResults& results) {
    const Elimination& elimination = *results.elimination;
    Table table({"removed", "layer", "head", results.measure, "log evidence", "temperature", "variance"});
    for (std::size_t k = 0; k < elimination.evidence.size(); ++k) {
        std::vector<std::string> row = removal_cells(results, elimination.order, k);
        row.push_back(fmt::format("{:.4f}", elimination.evidence[k].log_evidence));
        row.push_back(fmt::format("{:.4g}", elimination.evidence[k].temperature));
        row.push_back(fmt::format("{:.4g}", elimination.evidence[k].variance));
        table.add(row);
    }
    return table.text();
}

/// "0.0310 +- 0.0020 more" or "... less", of what speaks for an order where it is large, or against it.
std::string difference_text(const Estimate& estimate, bool speaks_for) {
    return fmt::format("{:.4f} +- {:.4f} {}", std::abs(estimate.value), estimate.error,
                       (estimate.value < 0) == speaks_for ? "less" : "more");
}

std::string statement(const PrunedSubject& subject) {
    const PruningStudy& study = subject.study;
    const Advantage& advantage = study.advantage;
    const bool is_accuracy = !std::isnan(study.ascending.performance.front().accuracy.value);
    return fmt::format(
        "{}: averaged over 1 to {} removals, ascending order {} {} {} than random order\n"
        "  and {} than descending order; it beats {} of {} shuffles and equals {}\n",
        subject.name, study.ascending.order.size(), is_accuracy ? "keeps" : "makes",
        difference_text(advantage.over_random, is_accuracy), is_accuracy ? "accuracy" : "squared error",
        difference_text(advantage.over_descending, is_accuracy), advantage.shuffles_beaten,
        study.random.shuffles.size(), advantage.shuffles_equalled);
}

/// A measure as name of a column.
std::string column_of(std::string measure) {
    std::replace(measure.begin(), measure.end(), ' ', '_');
    return measure;
}

class CsvRows {
  public:
    explicit CsvRows(const PruningResults& results) : results_(results) {
        text_ = "subject,order,shuffle,removed,layer,head," + column_of(results.measure) +
                ",accuracy,accuracy_error,change,change_error,loss,"
                "loss_error\n";
    }

    /// @param shuffle  counted from 1; 0 for none
    /// @param number   head removed last; -1 for none
    void add(const std::string& subject, const char* order, std::size_t shuffle, std::size_t removed,
             Index number, const Performance& performance) {
        text_ +=
            fmt::format("{},{},{},{},", subject, order, shuffle > 0 ? fmt::to_string(shuffle) : "", removed);
        if (number >= 0) {
            const HeadPlace place = head_place(number, results_.heads);
            text_ += fmt::format("{},{},{}", place.layer + 1, place.head + 1, results_.scores(number));
        } else {
            text_ += ",,";
        }
        for (const Estimate& estimate : {performance.accuracy, performance.change, performance.loss})
            text_ += "," + cell(estimate.value) + "," + cell(estimate.error);
        text_ += '\n';
    }

    void add(const std::string& subject, const char* order, std::size_t shuffle, const PruningCurve& curve) {
        for (std::size_t k = 0; k < curve.performance.size(); ++k)
            add(subject, order, shuffle, k, k > 0 ? curve.order[k - 1] : -1, curve.performance[k]);
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    static std::string cell(double value) { return std::isnan(value) ? "" : exact_text(value); }

    const PruningResults& results_;
    std::string text_;
};

}  // namespace

std::string tables_text(const PruningResults& results) {
    std::string text;
    if (results.elimination)
        text += fmt::format(
            "heads removed one after the other, the evidence of the infinitely wide network without each at "
            "the "
            "best\ntemperature and variance; log Bayes factor: of this head alone against the whole "
            "network\n{}",
            elimination_table(results));
    if (results.subjects.empty()) return text;
    if (!text.empty()) text += '\n';
    const PrunedSubject& network = results.subjects.front();
    text += fmt::format(
        "change of accuracy by each head removed alone\n{}\n"
        "{}: accuracy with heads removed one after the other in ascending order,\n"
        "in descending order, and the mean of {} random orders with their standard deviation\n{}",
        singles_table(results), network.description, network.study.random.shuffles.size(),
        network_table(results));
    if (results.subjects.size() > 1)
        text += fmt::format("\ntheory's lesion: accuracy with the same heads silenced, by test set\n{}",
                            theory_table(results));
    text += '\n';
    for (const PrunedSubject& subject : results.subjects) text += statement(subject);
    return text;
}

std::string csv_text(const PruningResults& results) {
    CsvRows rows(results);
    for (const auto& [name, description, cases, study] : results.subjects) {
        for (std::size_t number = 0; number < study.single.size(); ++number)
            rows.add(name, "single", 0, 1, static_cast<Index>(number), study.single[number]);
        rows.add(name, "ascending", 0, study.ascending);
        rows.add(name, "descending", 0, study.descending);
        for (std::size_t k = 0; k < study.random.mean.size(); ++k)
            rows.add(name, "random-mean", 0, k, -1, study.random.mean[k]);
        for (std::size_t shuffle = 0; shuffle < study.random.shuffles.size(); ++shuffle)
            rows.add(name, "random", shuffle + 1, study.random.shuffles[shuffle]);
    }
    return rows.take();
}

}  // namespace attnpaths::cli
