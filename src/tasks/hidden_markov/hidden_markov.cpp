#include "tasks/hidden_markov/hidden_markov.hpp"

#include "base/error.hpp"
#include "base/random_stream.hpp"
#include "base/text.hpp"
#include "datasets/computed_tokens.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace attnpaths {

namespace {

void check_even(const char* key, Index value, const char* reason) {
    if (value < 2 || value % 2 != 0)
        throw UsageError(fmt::format("{} = {}: {}; choose an even number of at least 2", key, value, reason));
}

void check_probability(const char* key, double value) {
    if (!(value >= 0 && value <= 1))
        throw UsageError(fmt::format("{} = {} is not a probability; choose 0 to 1", key, value));
}

void check_strength(const char* key, double value) {
    if (!(value >= 0) || !std::isfinite(value))
        throw UsageError(
            fmt::format("{} = {} is not a strength; choose a finite number of at least 0", key, value));
}

void check_finite(const char* key, double value) {
    if (!std::isfinite(value)) throw UsageError(fmt::format("{} = {} is not finite", key, value));
}

void check_task(const HiddenMarkovTask& task) {
    check_even("task.feature_width", task.feature_width, "v+ and v- take half of the features each");
    if (task.tokens < 1)
        throw UsageError(fmt::format("task.tokens = {} is not positive; choose at least 1", task.tokens));
    check_even("examples", task.examples, "half of the training examples are of each class");
    check_even("task.test_examples", task.test_examples, "half of the test examples are of each class");
    check_probability("task.stay_probability_plus", task.stay_probability_plus);
    check_probability("task.stay_probability_minus", task.stay_probability_minus);
    check_strength("task.noise_difference", task.noise_difference);
    check_strength("task.noise_sum", task.noise_sum);
    check_strength("task.noise_perpendicular", task.noise_perpendicular);
    check_finite("task.beta", task.beta);
    check_strength("task.random_strength", task.random_strength);
    check_finite("task.sequence_start_score", task.sequence_start_score);
    if (task.heads.empty())
        throw UsageError("heads: is empty; choose the number of heads of at least one layer");
    for (const Index count : task.heads)
        if (count < 1)
            throw UsageError(fmt::format("heads = {} is not positive; choose at least 1 per layer", count));
}

/// @param example  receives its tokens, [N0, tokens + 1]
void make_example(const HiddenMarkovTask& task, double stay_probability, RandomStream stream,
                  Eigen::Ref<Matrix> example) {
    const Index width = task.feature_width;
    const Index half = width / 2;
    const double unit = 1 / std::sqrt(static_cast<double>(width));
    example.setZero();
    example.bottomRows(task.tokens + 1).setIdentity();

    bool plus = false;
    for (Index token = 1; token <= task.tokens; ++token) {
        const double number = stream.uniform();
        if (token == 1)
            plus = number < 0.5;
        else if (number >= stay_probability)
            plus = !plus;

        auto features = example.col(token).head(width);
        stream.normals({features.data(), static_cast<std::size_t>(width)});
        double first_sum = 0;
        double second_sum = 0;
        for (Index i = 0; i < width; ++i) (i < half ? first_sum : second_sum) += features(i);
        // The noise is split along the unit vectors of v+ - v- and v+ + v-, which are +-unit on the two
        // halves.
        const double along_difference = unit * (first_sum - second_sum);
        const double along_sum = unit * (first_sum + second_sum);
        const double difference =
            (task.noise_difference - task.noise_perpendicular) * along_difference * unit;
        const double sum = (task.noise_sum - task.noise_perpendicular) * along_sum * unit;
        for (Index i = 0; i < width; ++i) {
            const bool first_half = i < half;
            const double state = first_half == plus ? std::numbers::sqrt2 : 0;
            features(i) = state + task.noise_perpendicular * features(i) + sum +
                          (first_half ? difference : -difference);
        }
    }
}

ExampleSet make_set(const HiddenMarkovTask& task, const std::string& name, Index examples) {
    const Index each = examples / 2;
    ExampleSet set;
    set.name = name;
    set.tokens = task.tokens + 1;
    set.y = Matrix::Constant(examples, 1, -1);
    set.y.topRows(each).setOnes();
    const auto fill = [task, name, each](Index member, const Eigen::Ref<Matrix>& tokens) {
        const bool plus = member < each;
        const std::string purpose = fmt::format("hidden-markov/{}/{}", name, plus ? "plus" : "minus");
        const auto number = static_cast<std::uint64_t>(plus ? member : member - each);
        make_example(task, plus ? task.stay_probability_plus : task.stay_probability_minus,
                     RandomStream(task.seed, purpose, number), tokens);
    };
    give_tokens(set, examples, task.input_width(), fill);
    return set;
}

/// Attends the previous token if it has the same hidden state, and the beginning-of-sequence token otherwise.
AttentionHead same_token_head(const HiddenMarkovTask& task) {
    const Index width = task.feature_width;
    const Index columns = task.tokens + 1;
    // w = (v+ - v-)/(|v+ - v-|^2/2), where |v+ - v-|^2 = 2 width.
    Vector w = Vector::Constant(width, std::numbers::sqrt2 / static_cast<double>(width));
    w.tail(width / 2) *= -1;

    AttentionHead head{"same-token", Matrix::Zero(task.input_width(), task.input_width()), {}, {}};
    head.W.topLeftCorner(width, width) = task.beta * w * w.transpose();
    auto positions = head.W.bottomRightCorner(columns, columns);
    positions.row(0).tail(task.tokens).setConstant(task.sequence_start_score * task.beta);
    for (Index query = 2; query < columns; ++query) positions(query - 1, query) = task.beta;
    return head;
}

AttentionHead uniform_head(const HiddenMarkovTask& task) {
    AttentionHead head{"uniform", Matrix::Zero(task.input_width(), task.input_width()), {}, {}};
    head.W.bottomRightCorner(task.tokens + 1, task.tokens + 1).setConstant(task.beta);
    return head;
}

std::string random_name(Index number) {
    return number == 1 ? "random" : fmt::format("random-{}", number);
}

AttentionHead random_head(const HiddenMarkovTask& task, std::size_t layer, Index number) {
    const Index width = task.feature_width;
    // Numbered by its place, so that a head stays the same when heads or layers are added.
    RandomStream stream(task.seed, "hidden-markov/head",
                        (std::uint64_t{layer} << 32U) + static_cast<std::uint64_t>(number));
    AttentionHead head{random_name(number), Matrix(task.input_width(), task.input_width()), {}, {}};
    const double strength = task.beta * task.random_strength;
    const auto size = static_cast<double>(width);
    for (Index query = 0; query < head.W.cols(); ++query) {
        for (Index key = 0; key < head.W.rows(); ++key) {
            const bool feature_key = key < width;
            const bool feature_query = query < width;
            const double scale = feature_key && feature_query   ? 1 / size
                                 : feature_key || feature_query ? 1 / std::sqrt(size)
                                                                : 1;
            head.W(key, query) = strength * scale * stream.normal();
        }
    }
    return head;
}

}  // namespace

Dataset make_hidden_markov(const HiddenMarkovTask& task) {
    check_task(task);
    Dataset dataset;
    dataset.input_width = task.input_width();
    dataset.readout = Readout::last;
    dataset.attention = AttentionKind::softmax;
    for (std::size_t layer = 0; layer < task.heads.size(); ++layer) {
        std::vector<AttentionHead> heads{layer == 0 ? same_token_head(task) : uniform_head(task)};
        for (Index number = 1; number < task.heads[layer]; ++number)
            heads.push_back(random_head(task, layer + 1, number));
        dataset.layers.push_back(std::move(heads));
    }
    dataset.train = make_set(task, "train", task.examples);
    dataset.tests.push_back(make_set(task, "test", task.test_examples));
    return dataset;
}

std::vector<std::vector<std::string>> hidden_markov_heads(const std::vector<Index>& heads) {
    std::vector<std::vector<std::string>> names;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) {
        names.push_back({layer == 0 ? "same-token" : "uniform"});
        for (Index number = 1; number < heads[layer]; ++number) names.back().push_back(random_name(number));
    }
    return names;
}

std::string describe(const HiddenMarkovTask& task) {
    // "hidden-markov 1" counts versions of this file's recipe: a change of it must change every hash.
    return fmt::format(
        "hidden-markov 1 feature_width={} tokens={} test_examples={} stay_probability_plus={} "
        "stay_probability_minus={} "
        "noise_difference={} noise_sum={} noise_perpendicular={} beta={} random_strength={} "
        "sequence_start_score={}",
        task.feature_width, task.tokens, task.test_examples, exact_text(task.stay_probability_plus),
        exact_text(task.stay_probability_minus), exact_text(task.noise_difference),
        exact_text(task.noise_sum), exact_text(task.noise_perpendicular), exact_text(task.beta),
        exact_text(task.random_strength), exact_text(task.sequence_start_score));
}

}  // namespace attnpaths
