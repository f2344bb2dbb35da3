#pragma once

#include "base/settings.hpp"
#include "datasets/dataset.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

struct Rehearsal;

/// What a point asks of its task.
struct DataRequest {
    std::vector<Index> heads;  ///< H_1..H_L
    std::int64_t seed = 0;     ///< of generated data
    Index examples = 0;        ///< P, at least so many training examples
};

/// How large a set of examples is.
struct SetSize {
    double examples = 0;
    double numbers = 0;  ///< its tokens, or given path features
    bool is_streamed = false;
    bool is_test = false;
};

/// Of a set of sequences that give_tokens gives their tokens.
SetSize computed_set_size(Index examples, Index input_width, Index tokens, bool is_test);

/// How large the data of a point are, test sets included.
struct DataSize {
    double examples = 0;
    double numbers = 0;  ///< their tokens, or given path features
    /// Of both, what is handed out in blocks (TokenSource) and never held.
    double streamed_examples = 0;
    double streamed_numbers = 0;
    double streamed_tests = 0;  ///< of the streamed examples, those of test sets

    void add(const SetSize& set);
};

/// The heads of a task's data, where these are given.
struct GivenHeads {
    std::vector<Index> counts;    ///< per layer; empty if networks of any heads can be made
    bool all_or_nothing = false;  ///< whether networks of fewer of them cannot be studied
};

/// Names of the heads of every layer, layer 1 first; empty where they have none.
using HeadNames = std::vector<std::vector<std::string>>;

/// How often somebody is right on a test set who knows how its examples were made: what a network's accuracy
/// is measured against.
struct ReferenceAccuracy {
    std::string name;  ///< lower case, digits and hyphens: the column reference-NAME/accuracy
    double accuracy = 0;
    std::string set = "test";
};

/// What the networks of a sweep learn, with its settings: a task that was told all but the values of the
/// grid. Tasks are declared in tasks/registry.cpp; nothing else in the program names one.
class Task {
  public:
    Task() = default;
    virtual ~Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    /// Reads what lies in files; called once, before anything that follows.
    /// @throws InputError, DataError
    virtual void load() {}
    /// Hash or text of all that determines the data beside the request: part of every point's key.
    [[nodiscard]] virtual std::string content() const = 0;
    /// What the column point/task calls it where it differs from the task's name: the name of a file.
    [[nodiscard]] virtual std::string source() const { return ""; }

    /// N0.
    [[nodiscard]] virtual Index input_width() const = 0;
    /// D.
    [[nodiscard]] virtual Index outputs() const { return 1; }
    [[nodiscard]] virtual GivenHeads given_heads() const { return {}; }
    /// What the heads of such networks are called: what a person would say that they do.
    [[nodiscard]] virtual HeadNames head_names(const std::vector<Index>& heads) const;
    /// P where the grid gives none.
    [[nodiscard]] virtual Index default_examples() const = 0;
    /// @param where  names the setting in the message
    /// @throws UsageError if the task cannot have so many training examples
    virtual void check_examples(Index examples, const std::string& where) const = 0;
    /// M of the data's own examples without labels; 0 where further training examples serve as such.
    [[nodiscard]] virtual Index unlabelled_examples() const { return 0; }
    /// What whoever starts or submits a sweep should know of the data, a line each.
    /// @param chooses_examples  whether P is left to default_examples()
    [[nodiscard]] virtual std::vector<std::string> notes(bool /*chooses_examples*/) const { return {}; }
    /// Sub-networks "NAME=1.1,2.1" of networks with these heads that the task is known for.
    [[nodiscard]] virtual std::vector<std::string> known_sub_networks(const std::vector<Index>& heads) const;

    [[nodiscard]] virtual DataSize data_size(Index examples) const = 0;
    /// Equal requests give equal data, whoever asks; an example does not depend on how many are asked for.
    /// @throws Error if the data cannot be made
    [[nodiscard]] virtual std::shared_ptr<const Dataset> data(const DataRequest& request) const = 0;

    /// References for the test sets of such data; of no influence on other results.
    [[nodiscard]] virtual std::vector<ReferenceAccuracy> references(const DataRequest& request) const;

    /// What the points do instead of computing anything; nullptr for real tasks.
    [[nodiscard]] virtual const Rehearsal* rehearsal() const { return nullptr; }
};

/// How a task is known to the rest of the program.
struct TaskDeclaration {
    std::string name;                  ///< as task.name gives it
    std::string summary;               ///< for the help
    std::vector<SettingKey> settings;  ///< task.*
    /// @throws UsageError naming place, key and value
    std::function<std::shared_ptr<Task>(const Settings& settings)> make;
    /// What `attnpaths dataset NAME` prints of it before its options; empty if its data cannot be written to
    /// a file, or are one.
    std::string explanation = "";  // NOLINT(readability-redundant-string-init): most declarations say none
};

}  // namespace attnpaths
