#include "tasks/one_shot/one_shot.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

void check_even_count(const char* key, Index value, Index least) {
    if (value < least || value % 2 != 0)
        throw UsageError(fmt::format(
            "{} = {}: half of the examples are of each class; choose an even number of at least {}", key,
            value, least));
}

ExampleSet expand_all(const std::vector<Episode>& episodes, const EpisodeTokens& tokens,
                      const std::string& name) {
    ExampleSet set;
    set.name = name;
    set.tokens = tokens.tokens();
    set.x.resize(tokens.input_width(), static_cast<Index>(episodes.size()) * set.tokens);
    set.y.resize(static_cast<Index>(episodes.size()), 1);
    Eigen::MatrixXf buffer(tokens.input_width(), set.tokens);
    for (std::size_t i = 0; i < episodes.size(); ++i) {
        const auto example = static_cast<Index>(i);
        tokens.expand(episodes[i], {buffer.data(), static_cast<std::size_t>(buffer.size())});
        set.x.middleCols(example * set.tokens, set.tokens) = buffer.cast<double>();
        set.y(example, 0) = episodes[i].target;
    }
    return set;
}

std::vector<Episode> draw(const ImageSet& images, Split split, std::uint64_t seed, Index count) {
    const EpisodeStream stream(images, split, seed, fmt::format("one-shot/{}", split_name(split)));
    std::vector<Episode> episodes;
    for (Index i = 0; i < count; ++i) episodes.push_back(stream[static_cast<std::uint64_t>(i)]);
    return episodes;
}

}  // namespace

Dataset make_one_shot(const OneShotTask& task, const ImageSet& images, const std::vector<ImageSet>& fixed,
                      const Matrix& label_vectors) {
    check_even_count("examples", task.examples, 2);
    check_even_count("task.test_examples", task.test_examples, 2);
    check_even_count("task.validation_examples", task.validation_examples, 0);
    Dataset dataset;
    dataset.input_width = task.patch.width();
    dataset.readout = Readout::average;
    dataset.attention = AttentionKind::softmax;
    {
        const EpisodeTokens tokens(images, task.patch, label_vectors);
        dataset.train = expand_all(draw(images, Split::train, task.seed, task.examples), tokens, "train");
        dataset.tests.push_back(
            expand_all(draw(images, Split::test, task.seed, task.test_examples), tokens, "test"));
        if (task.validation_examples > 0)
            dataset.tests.push_back(expand_all(
                draw(images, Split::validation, task.seed, task.validation_examples), tokens, "validation"));
    }
    for (const ImageSet& problem : fixed) {
        if (problem.size != images.size)
            throw UsageError(
                fmt::format("{}: its images are of {} x {} pixels, those of {} of {} x {}; resize them alike",
                            problem.name, problem.size, problem.size, images.name, images.size, images.size));
        const EpisodeTokens tokens(problem, task.patch, label_vectors);
        dataset.tests.push_back(expand_all(fixed_problem(problem, task.test_examples), tokens, problem.name));
    }
    return dataset;
}

}  // namespace attnpaths
