#pragma once

#include "analyses/context.hpp"
#include "analyses/nominal_cost.hpp"
#include "analyses/output_setting.hpp"
#include "base/column.hpp"
#include "base/error.hpp"
#include "base/record.hpp"
#include "base/settings.hpp"
#include "theory/problem.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// How large a problem is: all that cost and memory of an analysis are counted from.
struct ProblemSize {
    const Architecture& architecture;
    Index examples;     ///< P
    Index input_width;  ///< N0
    Index rows;         ///< R of the training set, min(P, N0 n)
    KernelStorage storage;
    double data_examples = 0;  ///< in all sets of the data
    /// Of these, and of the numbers that they are given by, what is handed out in blocks: features of such
    /// examples are made for a pass and not kept.
    double streamed_examples = 0;
    double streamed_numbers = 0;
    double streamed_tests = 0;  ///< of the streamed examples, those of test sets

    /// Whether the training set is folded into as many rows as features by passes over examples that are not
    /// held.
    [[nodiscard]] bool is_folded_by_passes() const { return streamed_examples > 0 && rows < examples; }

    /// Bytes of the whole features of test sets, for an analysis that asks for them (test_features), where
    /// they are not kept anyway.
    [[nodiscard]] double streamed_test_bytes() const {
        return sizeof(double) * streamed_tests * static_cast<double>(input_width * architecture.paths());
    }
    /// Rows of K: R D.
    [[nodiscard]] double system() const { return static_cast<double>(rows * architecture.outputs); }
    /// Rows of U_1: n D.
    [[nodiscard]] double order_parameter_rows() const {
        return static_cast<double>(architecture.paths() * architecture.outputs);
    }
    /// Columns of the features of all paths and outputs: N0 n D.
    [[nodiscard]] double feature_columns() const {
        return static_cast<double>(input_width) * order_parameter_rows();
    }
};

/// Thrown by an analysis that a problem is no case for, by its size or kind: nothing went wrong.
class NotApplicable : public Error {
  public:
    explicit NotApplicable(const std::string& reason) : Error(ExitCode::internal, reason) {}
};

/// What of a problem an analysis depends on.
enum class Scope {
    problem,  ///< all of it
    kernels   ///< all but the widths: problems that differ in these alone share the results
};

/// A column of the table that `attnpaths show` prints.
struct TableColumn {
    enum class Form { value, yes_or_no };

    std::string title;
    std::string column;
    Form form = Form::value;  ///< yes_or_no: "yes" of an integer that is not 0, else "NO"
};

/// One question about a problem: what it is told, what it answers and how. Declared in a folder of its own
/// and known to the rest of the program by its line in analyses/registry.cpp alone.
struct Analysis {
    std::string name;                ///< "saddle-point"
    std::string summary;             ///< what it computes, in a sentence
    std::string source;              ///< paper and equations
    std::vector<std::string> needs;  ///< analyses whose results it is given
    bool by_default = true;          ///< whether it is run where nothing else is asked for
    int revision = 1;                ///< to be raised when its results change
    Scope scope = Scope::problem;
    /// Whether it works with the Hessian at the saddle point, which such analyses hand on to each other
    /// (Problem::data_term_hessian): before all others it is let go of. Its bytes are among theirs.
    bool expands_at_saddle_point = false;
    std::vector<SettingKey> settings;    ///< that change its results
    std::vector<OutputSetting> outputs;  ///< that only choose what of them is kept
    std::vector<Column> columns;
    std::vector<TableColumn> table;
    std::vector<std::string> chains;  ///< of a sampler: names of its chains in checkpoints
    std::string chain_seconds;        ///< of a sampler: the column that holds the time of its chains

    /// Checks its settings. @throws UsageError naming the setting
    std::function<void(const Settings& settings)> check_settings;
    /// Checks them for a network of these heads; left out where heads do not matter.
    std::function<void(const AnalysisInputs& inputs, const std::vector<Index>& heads)> check_heads;
    /// The settings that change its results, as one text: the same for the same results. Left out: the values
    /// of `settings`.
    std::function<std::string(const AnalysisInputs& inputs)> identity;
    /// How many examples beside the P it looks at without their labels; left out: none.
    std::function<Index(const Settings& settings)> unlabelled_examples;
    std::function<NominalCost(const ProblemSize& size, const Settings& settings)> cost;
    /// Bytes that it leaves with the problem's kernels for the points that share them; left out: none.
    std::function<double(const ProblemSize& size, const AnalysisInputs& inputs)> kept_bytes;
    /// Bytes at work beyond those of the problem; left out: none to speak of.
    std::function<double(const ProblemSize& size)> bytes;
    /// Answers the question.
    /// @param needed  columns of the analyses in `needs`
    /// @param own     receives the columns
    /// @throws Error if there is no answer; NotApplicable; HandedBack; what the context's polls throw
    std::function<void(const Problem& problem, const Record& needed, Record& own, Context& context)> run;
    /// Of a sampler: whether with these settings its chains are too short for checkpoints to matter; left
    /// out: no.
    std::function<bool(const Settings& settings)> is_short;
    /// Brings some of a sampler's chains to their goal; left out for all others.
    /// @param name  one of the names in `chains`
    std::function<void(const Problem& problem, const Record& needed, const std::string& name,
                       std::span<const int> chains, Context& context)>
        advance_chains;
};

}  // namespace attnpaths
