#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/dataset_command.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "tasks/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

/// "noise-sum" of task.noise_sum.
std::string option_of(const SettingKey& key) {
    std::string option = key.name.substr(std::string_view("task.").size());
    std::replace(option.begin(), option.end(), '_', '-');
    return option;
}

po::options_description options_of(const TaskDeclaration& task) {
    po::options_description options("options");
    add_output_options(options);
    options.add_options()("single-precision", "store tokens and weights as 32-bit numbers: half the size")(
        "examples", po::value<Index>()->value_name("P"), "training examples")(
        "heads", po::value<std::string>()->value_name("H"),
        "heads per layer, as 2:3:1, or one number with --depth; 2:2, or all that the task has")(
        "depth", po::value<Index>()->value_name("L"), "attention layers, when --heads is one number for all")(
        "seed", po::value<std::int64_t>()->default_value(1)->value_name("N"),
        "random seed of examples and random heads");
    for (const SettingKey& key : task.settings) {
        auto* value = po::value<std::string>()->value_name("VALUE");
        if (!key.default_value.empty()) value->default_value(key.default_value);
        options.add_options()(option_of(key).c_str(), value, key.description.c_str());
    }
    add_help_option(options);
    return options;
}

Settings settings_of(const TaskDeclaration& task, const po::variables_map& values) {
    Settings settings;
    for (const SettingKey& key : task.settings) {
        const po::variable_value& value = values[option_of(key)];
        if (!value.empty() && !value.defaulted())
            settings.set(key.name, {value.as<std::string>(), "command line"});
    }
    settings.fill_defaults(task.settings);
    settings.check(task.settings);
    return settings;
}

/// Head counts per layer from --heads and --depth: "2" with depth 3 means "2:2:2".
std::vector<Index> head_counts(const po::variables_map& values, const GivenHeads& given) {
    std::vector<Index> heads = given.counts.empty() ? std::vector<Index>{2, 2} : given.counts;
    if (values.count("heads") > 0) heads = parse_head_counts(values["heads"].as<std::string>(), "--heads");
    if (values.count("depth") > 0) {
        const Index depth = values["depth"].as<Index>();
        if (depth < 1)
            throw UsageError(fmt::format("--depth = {} is not positive; choose at least 1", depth));
        if (values.count("heads") == 0 || heads.size() == 1)
            heads.resize(static_cast<std::size_t>(depth), heads.front());
        if (std::ssize(heads) != depth)
            throw UsageError(fmt::format(
                "--heads = {} has {} layers but --depth = {}; leave out --depth or make them agree",
                head_counts_text(heads), heads.size(), depth));
    }
    bool fits = given.counts.empty() || heads.size() <= given.counts.size();
    for (std::size_t layer = 0; fits && !given.counts.empty() && layer < heads.size(); ++layer)
        fits = heads[layer] <= given.counts[layer];
    if (!fits)
        throw UsageError(fmt::format("--heads = {} is more than the task has, {}", head_counts_text(heads),
                                     head_counts_text(given.counts)));
    return heads;
}

}  // namespace

int run_dataset_of(const TaskDeclaration& declaration, const std::vector<std::string>& arguments) {
    const po::options_description options = options_of(declaration);
    const std::string command = "dataset " + declaration.name;
    const po::variables_map values = parse_options(arguments, options, {}, command);
    if (values.count("help") > 0) {
        print_help(command + " -o FILE [options]", declaration.explanation, options);
        return 0;
    }
    const auto seed = values["seed"].as<std::int64_t>();
    checked_seed(seed);
    name_options_in_errors([&] {
        const std::shared_ptr<Task> task = make_task(declaration, settings_of(declaration, values));
        task->load();
        const std::vector<Index> heads = head_counts(values, task->given_heads());
        const Index examples =
            values.count("examples") > 0 ? values["examples"].as<Index>() : task->default_examples();
        if (examples < 1)
            throw UsageError(fmt::format("--examples = {} is not positive; choose at least 1", examples));
        task->check_examples(examples, "--examples");
        const OutputFile output(values["output"].as<std::string>(), values, {});
        const std::shared_ptr<const Dataset> dataset = task->data({heads, seed, examples});
        write_dataset_file(*dataset, output.path(), values.count("single-precision") > 0);
        print_output("wrote {} ({} training examples, {} test examples, heads {}, seed {})\n", output.path(),
                     dataset->train.examples(), dataset->tests.front().examples(), head_counts_text(heads),
                     seed);
    });
    return 0;
}

}  // namespace attnpaths::cli
