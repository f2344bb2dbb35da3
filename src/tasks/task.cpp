#include "tasks/task.hpp"

#include "datasets/computed_tokens.hpp"

namespace attnpaths {

SetSize computed_set_size(Index examples, Index input_width, Index tokens, bool is_test) {
    const auto count = static_cast<double>(examples);
    return {count, count * static_cast<double>(input_width * tokens),
            !tokens_are_held(examples, input_width, tokens), is_test};
}

void DataSize::add(const SetSize& set) {
    examples += set.examples;
    numbers += set.numbers;
    if (!set.is_streamed) return;
    streamed_examples += set.examples;
    streamed_numbers += set.numbers;
    if (set.is_test) streamed_tests += set.examples;
}

std::vector<std::string> Task::known_sub_networks(const std::vector<Index>& /*heads*/) const {
    return {};
}

std::vector<ReferenceAccuracy> Task::references(const DataRequest& /*request*/) const {
    return {};
}

HeadNames Task::head_names(const std::vector<Index>& /*heads*/) const {
    return {};
}

}  // namespace attnpaths
