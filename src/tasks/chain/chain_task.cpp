#include "tasks/chain/chain_task.hpp"

#include "base/error.hpp"
#include "tasks/chain/chain.hpp"
#include "tasks/task_settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

namespace {

const SettingKey steps_setting = {"task.steps",       "2", "steps K of the chain a, f(a), f(f(a)), ...",
                                  SettingKind::whole, 1,   1000};
const SettingKey shown_setting = {
    "task.shown",       "0", "steps that the query shows already, fewer than task.steps",
    SettingKind::whole, 0,   999};

ChainTask chain_of(const Settings& settings) {
    ChainTask task;
    task.alphabet = settings.integer(alphabet_setting);
    task.steps = settings.integer(steps_setting);
    task.shown = settings.integer(shown_setting);
    task.random_deviation = settings.number(random_deviation_setting);
    task.test_examples = settings.integer(test_examples_setting);
    if (task.alphabet % 2 != 0)
        settings.fail(alphabet_setting.name,
                      fmt::format("{} is odd; half of the symbols are of each class, choose an even number",
                                  task.alphabet));
    if (task.shown >= task.steps)
        settings.fail(shown_setting.name, fmt::format("{} of {} steps are shown; leave one to the network",
                                                      task.shown, task.steps));
    if (task.test_examples % 2 != 0)
        settings.fail(
            test_examples_setting.name,
            fmt::format("{} is odd; half of the test points are of each class, choose an even number",
                        task.test_examples));
    return task;
}

class Chain : public Task {
  public:
    explicit Chain(ChainTask parameters) : parameters_(std::move(parameters)) {}

    [[nodiscard]] std::string content() const override { return describe(parameters_); }
    [[nodiscard]] Index input_width() const override { return 2 * parameters_.alphabet; }
    [[nodiscard]] HeadNames head_names(const std::vector<Index>& heads) const override {
        return names_of(chain_heads(heads));
    }
    [[nodiscard]] Index default_examples() const override { return parameters_.examples; }

    void check_examples(Index examples, const std::string& where) const override {
        if (examples % 2 != 0)
            throw UsageError(fmt::format(
                "{}: {} is odd; the chain task has two classes of equal size, choose an even number", where,
                examples));
    }

    [[nodiscard]] std::vector<std::string> known_sub_networks(
        const std::vector<Index>& heads) const override {
        return single_paths(chain_heads(heads));
    }

    [[nodiscard]] DataSize data_size(Index examples) const override {
        return symbol_data_size(examples, parameters_.test_examples, input_width(), parameters_.alphabet + 1);
    }

    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& request) const override {
        return std::make_shared<const Dataset>(make_chain(with_request(parameters_, request)));
    }

    /// The label follows from the context.
    [[nodiscard]] std::vector<ReferenceAccuracy> references(const DataRequest& /*request*/) const override {
        return {{"true", 1}};
    }

  private:
    ChainTask parameters_;  ///< heads, seed and examples aside
};

}  // namespace

TaskDeclaration chain_task() {
    return {
        "chain",
        "the end of a chain of steps over a permutation in the context, generated",
        {alphabet_setting, steps_setting, shown_setting, random_deviation_setting, test_examples_setting},
        [](const Settings& settings) { return std::make_shared<Chain>(chain_of(settings)); },
        "Makes reasoning in steps: a permutation of symbols is in the context, and the question is where so "
        "many "
        "steps\nlead from a start. A layer does one step; steps that are shown are written down already.\n\n"
        "example: attnpaths dataset chain --steps 3 --depth 3 -o chain.h5"};
}

}  // namespace attnpaths
