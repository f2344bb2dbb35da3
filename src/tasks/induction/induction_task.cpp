#include "tasks/induction/induction_task.hpp"

#include "base/error.hpp"
#include "tasks/induction/induction.hpp"
#include "tasks/task_settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

namespace {

const SettingKey length_setting = {"task.length",      "128", "tokens of a sequence (task induction)",
                                   SettingKind::whole, 4,     10000};
const SettingKey order_setting = {"task.order",       "1", "symbols that the next one depends on",
                                  SettingKind::whole, 1,   3};
const SettingKey alpha_setting = {
    "task.alpha",      "0.3", "Dirichlet parameter of the transition probabilities: small is predictable",
    SettingKind::real, 1e-3,  1e6};
const SettingKey classes_setting = {"task.classes", "halves",
                                    "what is predicted of the next symbol: halves (of the alphabet, two "
                                    "classes) or symbols (one output each)"};

InductionTask induction_of(const Settings& settings) {
    InductionTask task;
    task.alphabet = settings.integer(alphabet_setting);
    task.length = settings.integer(length_setting);
    task.order = settings.integer(order_setting);
    task.alpha = settings.number(alpha_setting);
    task.random_deviation = settings.number(random_deviation_setting);
    task.test_examples = settings.integer(test_examples_setting);
    const std::string labels = settings.text(classes_setting.name);
    if (labels != "halves" && labels != "symbols")
        settings.fail(classes_setting.name,
                      fmt::format("\"{}\" is not known; choose halves or symbols", labels));
    task.two_classes = labels == "halves";
    if (task.two_classes && task.alphabet % 2 != 0)
        settings.fail(
            alphabet_setting.name,
            fmt::format("{} symbols have no halves; choose an even number, or task.classes = symbols",
                        task.alphabet));
    if (task.test_examples % task.classes() != 0)
        settings.fail(test_examples_setting.name,
                      fmt::format("{} is not a multiple of {}, the number of classes", task.test_examples,
                                  task.classes()));
    task.layers = named_layers_of(settings, "next random | match random", is_induction_head,
                                  "next, previous, match, match-1, match-2, match-3, uniform, random");
    return task;
}

class Induction : public Task {
  public:
    explicit Induction(InductionTask parameters) : parameters_(std::move(parameters)) {}

    [[nodiscard]] std::string content() const override { return describe(parameters_); }
    [[nodiscard]] Index input_width() const override { return parameters_.alphabet + parameters_.length; }
    [[nodiscard]] Index outputs() const override {
        return parameters_.two_classes ? 1 : parameters_.alphabet;
    }
    [[nodiscard]] GivenHeads given_heads() const override { return {head_counts_of(parameters_.layers)}; }
    [[nodiscard]] HeadNames head_names(const std::vector<Index>& heads) const override {
        return names_of(leading_heads(parameters_.layers, heads));
    }
    [[nodiscard]] std::vector<std::string> known_sub_networks(
        const std::vector<Index>& heads) const override {
        return single_paths(parameters_.layers, heads);
    }
    [[nodiscard]] Index default_examples() const override { return parameters_.examples; }

    void check_examples(Index examples, const std::string& where) const override {
        if (examples % parameters_.classes() != 0)
            throw UsageError(fmt::format(
                "{}: {} is not a multiple of {}; the induction task has as many classes of equal size", where,
                examples, parameters_.classes()));
    }

    [[nodiscard]] DataSize data_size(Index examples) const override {
        return symbol_data_size(examples, parameters_.test_examples, input_width(), parameters_.length);
    }

    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& request) const override {
        return std::make_shared<const Dataset>(make_induction(asked(request)));
    }

    [[nodiscard]] std::vector<ReferenceAccuracy> references(const DataRequest& request) const override {
        const InductionReferences found = induction_references(asked(request));
        return {{"true", found.true_transitions}, {"counted", found.counted_transitions}};
    }

  private:
    [[nodiscard]] InductionTask asked(const DataRequest& request) const {
        InductionTask task = with_request(parameters_, request);
        task.layers = leading_heads(parameters_.layers, request.heads);
        return task;
    }

    InductionTask parameters_;  ///< seed and examples aside
};

}  // namespace

TaskDeclaration induction_task() {
    return {"induction",
            "the next symbol of Markov chains in context, generated",
            {alphabet_setting, length_setting, order_setting, alpha_setting, classes_setting,
             layers_setting(), random_deviation_setting, test_examples_setting},
            [](const Settings& settings) { return std::make_shared<Induction>(induction_of(settings)); },
            "Makes in-context prediction of the next symbol, the task of induction heads: every sequence has "
            "transition\nprobabilities of its own, which only its own past can tell.\n\n"
            "example: attnpaths dataset induction --alphabet 8 --length 128 --examples 400 -o induction.h5"};
}

}  // namespace attnpaths
