#include "tasks/hidden_markov/hidden_markov_task.hpp"

#include "base/error.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"
#include "tasks/task_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths {

namespace {

constexpr double largest = 1e15;

const SettingKey feature_width = {"task.feature_width", "200", "width of the feature vectors v+ and v-",
                                  SettingKind::whole,   2,     1000000};
const SettingKey tokens = {"task.tokens",      "30", "tokens after the beginning-of-sequence token",
                           SettingKind::whole, 1,    100000};
const SettingKey stay_plus = {"task.stay_probability_plus",
                              "0.7",
                              "probability that the hidden state stays, class +1",
                              SettingKind::real,
                              0,
                              1};
const SettingKey stay_minus = {
    "task.stay_probability_minus", "0.3", "the same, class -1", SettingKind::real, 0, 1};
const SettingKey noise_difference = {"task.noise_difference", "1", "noise strength along v+ - v-",
                                     SettingKind::real,       0,   largest};
const SettingKey noise_sum = {"task.noise_sum",  "1", "noise strength along v+ + v-",
                              SettingKind::real, 0,   largest};
const SettingKey noise_perpendicular = {"task.noise_perpendicular", "1", "noise strength out of that plane",
                                        SettingKind::real,          0,   largest};
const SettingKey beta = {"task.beta",       "10",     "inverse temperature of the attention scores",
                         SettingKind::real, -largest, largest};
const SettingKey random_strength = {"task.random_strength", "1", "strength of the random heads",
                                    SettingKind::real,      0,   largest};
const SettingKey start_score = {
    "task.sequence_start_score", "1.5",    "score of the first token in the same-token head",
    SettingKind::real,           -largest, largest};

HiddenMarkovTask parameters(const Settings& settings) {
    HiddenMarkovTask task;
    task.feature_width = settings.integer(feature_width);
    task.tokens = settings.integer(tokens);
    task.test_examples = settings.integer(test_examples_setting);
    task.stay_probability_plus = settings.number(stay_plus);
    task.stay_probability_minus = settings.number(stay_minus);
    task.noise_difference = settings.number(noise_difference);
    task.noise_sum = settings.number(noise_sum);
    task.noise_perpendicular = settings.number(noise_perpendicular);
    task.beta = settings.number(beta);
    task.random_strength = settings.number(random_strength);
    task.sequence_start_score = settings.number(start_score);
    return task;
}

class GeneratedSequences : public Task {
  public:
    explicit GeneratedSequences(HiddenMarkovTask parameters) : parameters_(std::move(parameters)) {}

    [[nodiscard]] std::string content() const override { return describe(parameters_); }
    [[nodiscard]] Index input_width() const override { return parameters_.input_width(); }
    [[nodiscard]] HeadNames head_names(const std::vector<Index>& heads) const override {
        return hidden_markov_heads(heads);
    }
    [[nodiscard]] Index default_examples() const override { return parameters_.examples; }

    void check_examples(Index examples, const std::string& where) const override {
        if (examples % 2 != 0)
            throw UsageError(
                fmt::format("{}: {} is odd; the hidden-markov task has two classes of equal size, "
                            "choose an even number",
                            where, examples));
    }

    [[nodiscard]] std::vector<std::string> known_sub_networks(
        const std::vector<Index>& heads) const override {
        if (heads.front() < 2 || path_count(heads) < 3) return {};
        // The good path goes through the first head of every layer; the denoising one starts at a random head
        // instead.
        const std::string later = fmt::format("{}", fmt::join(std::vector<int>(heads.size() - 1, 1), "."));
        const std::string tail = later.empty() ? "" : "." + later;
        return {"good=1" + tail, "good+denoising=1" + tail + ",2" + tail};
    }

    [[nodiscard]] DataSize data_size(Index examples) const override {
        DataSize size;
        const auto size_of = [&](Index of_set, bool is_test) {
            return computed_set_size(of_set, parameters_.input_width(), parameters_.tokens + 1, is_test);
        };
        size.add(size_of(examples, false));
        size.add(size_of(parameters_.test_examples, true));
        return size;
    }

    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& request) const override {
        return std::make_shared<const Dataset>(make_hidden_markov(with_request(parameters_, request)));
    }

  private:
    HiddenMarkovTask parameters_;  ///< heads, seed and examples aside
};

}  // namespace

TaskDeclaration hidden_markov_task() {
    return {
        "hidden-markov",
        "two classes of sequences of tokens, generated",
        {feature_width, tokens, test_examples_setting, stay_plus, stay_minus, noise_difference, noise_sum,
         noise_perpendicular, beta, random_strength, start_score},
        [](const Settings& settings) { return std::make_shared<GeneratedSequences>(parameters(settings)); },
        "Makes the hidden-Markov classification task: two classes of token sequences that differ in how "
        "often a\n"
        "hidden state changes, with the attention heads that detect it and random ones.\n\n"
        "example: attnpaths dataset hidden-markov --examples 100 --heads 2:2 --seed 1 -o markov.h5"};
}

}  // namespace attnpaths
