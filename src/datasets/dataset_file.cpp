#include "datasets/dataset_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/dataset_reading.hpp"
#include "datasets/names_text.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace attnpaths {

namespace {

using dataset_reading::Source;

/// Groups that this program puts beside a data set for other purposes.
constexpr std::array other_groups = {"/one-shot", "/network", "/training"};

/// Reads a root attribute that must be one of `names`. @returns its place among them
template <std::size_t Count>
std::size_t read_choice(const h5::InputFile& file, const char* attribute,
                        const std::array<const char*, Count>& names) {
    const std::string known = fmt::format("{}", fmt::join(names, ", "));
    if (!file.has_attribute("/", attribute))
        throw DataError(fmt::format("{}: attribute {} is missing; set it on the root group to one of: {}",
                                    file.path(), attribute, known));
    const std::string value = file.read_text_attribute("/", attribute);
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end())
        throw DataError(fmt::format("{}: attribute {} = \"{}\" is not known; choose one of: {}", file.path(),
                                    attribute, value, known));
    return static_cast<std::size_t>(found - names.begin());
}

/// @returns the version of the format
std::int64_t check_format(const h5::InputFile& file) {
    if (!file.has_attribute("/", "format"))
        throw DataError(
            fmt::format("{}: is not a data set file: its root group lacks the attribute format = \"{}\"",
                        file.path(), dataset_format::name));
    const std::string format = file.read_text_attribute("/", "format");
    if (format != dataset_format::name)
        throw DataError(fmt::format("{}: attribute format is \"{}\", a data set file has \"{}\"", file.path(),
                                    format, dataset_format::name));
    if (!file.has_attribute("/", "version"))
        throw DataError(fmt::format("{}: attribute version is missing; set it on the root group to {}",
                                    file.path(), dataset_format::version));
    const std::int64_t version = file.read_integer_attribute("/", "version");
    if (version < 1 || version > dataset_format::version)
        throw DataError(
            fmt::format("{}: written by version {} of the format; this program reads versions 1 to {}",
                        file.path(), version, dataset_format::version));
    return version;
}

/// What is read out, which a file of version 2 may leave to /train/readout.
Readout read_readout(const Source& source) {
    const h5::InputFile& file = *source.file;
    const bool by_index = source.has_new("/train/readout");
    if (source.version < 2) {
        constexpr std::array old = {"average", "first", "last"};
        return static_cast<Readout>(read_choice(file, "readout", old));
    }
    if (by_index && !file.has_attribute("/", "readout")) return Readout::index;
    const auto readout = static_cast<Readout>(read_choice(file, "readout", dataset_format::readouts));
    if (by_index && readout != Readout::index)
        throw DataError(
            fmt::format("{}: /train/readout and the attribute readout = \"{}\" say different "
                        "things; remove one of them",
                        file.path(), dataset_format::readouts[static_cast<std::size_t>(readout)]));
    return readout;
}

/// Notes what stands in the groups of a data set and was not read: a mask, a bias, a misspelt name.
void note_unread(const Source& source, Dataset& dataset) {
    const h5::InputFile& file = *source.file;
    std::vector<std::string> groups = {"/train"};
    for (const ExampleSet& test : dataset.tests) groups.push_back("/test" + suffix_of(test));
    if (dataset.unlabelled.examples() > 0) groups.emplace_back("/unlabelled");
    const std::size_t sets = groups.size();
    for (std::size_t layer = 1; layer <= dataset.layers.size(); ++layer)
        groups.push_back(fmt::format("/heads/layer{}", layer));
    for (std::size_t set = 0; set < sets; ++set) groups.push_back(groups[set] + "/attention");
    std::vector<std::string> unread = file.unread("/");
    std::erase_if(unread, [](const std::string& name) {
        return std::find(other_groups.begin(), other_groups.end(), name) != other_groups.end();
    });
    if (file.has("/heads"))
        for (const std::string& name : file.unread("/heads")) unread.push_back(name);
    for (const std::string& group : groups)
        if (file.has(group) && std::find(unread.begin(), unread.end(), group) == unread.end())
            for (const std::string& name : file.unread(group)) unread.push_back(name);
    if (!unread.empty())
        dataset.notes.push_back(fmt::format("{} {} not read: a data set file{} does not know {}",
                                            fmt::join(unread, ", "), unread.size() == 1 ? "is" : "are",
                                            source.version < dataset_format::version ? " of version 1" : "",
                                            unread.size() == 1 ? "it" : "them"));
}

Source open(const std::string& path) {
    Source source{std::make_shared<const h5::InputFile>(path), 1};
    source.version = check_format(*source.file);
    return source;
}

/// A data set without examples.
Dataset read_heads_of(const Source& source, RowSums& sums) {
    const h5::InputFile& file = *source.file;
    Dataset dataset;
    dataset.readout = read_readout(source);
    if (source.version < 2 || file.has_attribute("/", "attention"))
        dataset.attention =
            static_cast<AttentionKind>(read_choice(file, "attention", dataset_format::attentions));
    dataset.layers = dataset_reading::read_heads(source, sums);
    return dataset;
}

/// How labels are to be taken, by their type and by what the file says of them.
LabelRules label_rules(const Source& source, std::vector<std::string> names) {
    LabelRules rules;
    rules.names = std::move(names);
    rules.are_integers = !rules.names.empty() || source.file->describe("/train/y").is_integer;
    rules.one_class_is_wrong = source.version >= 2;
    if (source.has_new_attribute("/", "target")) {
        constexpr std::array targets = {"classes", "regression"};
        rules.are_quantities = read_choice(*source.file, "target", targets) == 1;
        rules.are_integers = !rules.are_quantities;
    }
    return rules;
}

/// Width N0 of a set's tokens or path features.
Index width_of(const ExampleSet& set, Index paths) {
    return set.has_tokens() ? set.token_width() : set.xi.cols() / paths;
}

/// The examples that have no targets.
ExampleSet read_unlabelled(const Source& source, const Dataset& dataset, RowSums& sums) {
    ExampleSet set =
        dataset_reading::read_set(source, "/unlabelled", "unlabelled", dataset.layers, dataset.readout, sums);
    if (source.has_new("/unlabelled/y"))
        throw DataError(source.path() +
                        ": /unlabelled/y is there; examples of /unlabelled have no targets: remove it, or "
                        "name the group /test-NAME");
    set.y.resize(set.has_tokens() ? set.sequences() : set.xi.rows(), 0);
    return set;
}

}  // namespace

Dataset read_dataset_heads(const std::string& path) {
    RowSums unused;
    Dataset dataset = read_heads_of(open(path), unused);
    for (const std::vector<AttentionHead>& layer : dataset.layers)
        for (const AttentionHead& head : layer)
            if (!head.has_scores() || head.has_bias())
                throw DataError(path +
                                ": /heads: heads that are used with other tokens are given by W, or by Q and "
                                "K, without biases, masks or attention");
    return dataset;
}

Dataset read_dataset_file(const std::string& path) {
    const Source source = open(path);
    RowSums sums;
    Dataset dataset = read_heads_of(source, sums);
    std::vector<std::string> groups = {"/train", "/test"};
    for (const std::string& member : source.file->members("/"))
        if (member.starts_with("test-")) groups.push_back("/" + member);
    std::vector<RawLabels> labels;
    for (const std::string& group : groups) {
        const bool is_further = group.starts_with("/test-");
        ExampleSet set =
            dataset_reading::read_set(source, group, group.substr(is_further ? sizeof "/test-" - 1 : 1),
                                      dataset.layers, dataset.readout, sums);
        labels.push_back(dataset_reading::read_labels(source, group));
        if (group == "/train")
            dataset.train = std::move(set);
        else
            dataset.tests.push_back(std::move(set));
    }
    if (source.has_new("/unlabelled")) dataset.unlabelled = read_unlabelled(source, dataset, sums);
    const LabelRules rules = label_rules(source, number_texts(labels, groups, path));
    dataset.train.y = std::move(labels[0].numbers);
    for (std::size_t test = 0; test < dataset.tests.size(); ++test)
        dataset.tests[test].y = std::move(labels[test + 1].numbers);
    dataset.input_width = width_of(dataset.train, path_count(dataset.heads()));
    check_dataset(dataset, path);
    map_labels(dataset, rules, path);
    if (sums.farthest > 0)
        dataset.notes.push_back(
            fmt::format("rows of attention sum to 1 within {:.2g}, the rounding of numbers of {} "
                        "bits; they are brought to 1",
                        sums.farthest, sums.bits));
    note_long_names(dataset);
    note_unread(source, dataset);
    return dataset;
}

}  // namespace attnpaths
