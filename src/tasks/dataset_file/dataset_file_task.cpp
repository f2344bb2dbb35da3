#include "tasks/dataset_file/dataset_file_task.hpp"

#include "datasets/balanced_subset.hpp"
#include "datasets/dataset_file.hpp"
#include "network/path_features.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

namespace {

const SettingKey file = {"task.file", "", "data set file (task dataset)", SettingKind::file};

class DatasetFile : public Task {
  public:
    explicit DatasetFile(std::string path) : path_(std::move(path)) {}
    DatasetFile(std::shared_ptr<const Dataset> dataset, std::string path) : path_(std::move(path)) {
        take(std::move(dataset));
    }

    void load() override { take(std::make_shared<const Dataset>(read_dataset_file(path_))); }

    [[nodiscard]] std::string content() const override { return content_; }
    [[nodiscard]] std::string source() const override { return path_; }
    [[nodiscard]] Index input_width() const override { return dataset_->input_width; }
    [[nodiscard]] Index outputs() const override { return dataset_->outputs(); }

    [[nodiscard]] GivenHeads given_heads() const override {
        // Path features are those of the paths through all heads.
        bool has_path_features = dataset_->train.xi.size() > 0;
        for (const ExampleSet& set : dataset_->tests)
            has_path_features = has_path_features || set.xi.size() > 0;
        return {dataset_->heads(), has_path_features};
    }

    [[nodiscard]] HeadNames head_names(const std::vector<Index>& heads) const override {
        HeadNames names;
        bool is_named = false;
        for (const std::vector<AttentionHead>& layer : leading_heads(dataset_->layers, heads)) {
            names.emplace_back();
            for (const AttentionHead& head : layer) {
                names.back().push_back(head.name);
                is_named = is_named || !head.name.empty();
            }
        }
        return is_named ? names : HeadNames{};
    }

    [[nodiscard]] Index default_examples() const override {
        return largest_balanced_subset(dataset_->train.y).examples;
    }
    void check_examples(Index examples, const std::string& where) const override {
        balanced_subset(dataset_->train.y, examples, where);
    }

    [[nodiscard]] Index unlabelled_examples() const override { return dataset_->unlabelled.examples(); }

    [[nodiscard]] std::vector<std::string> notes(bool chooses_examples) const override {
        std::vector<std::string> notes;
        for (const std::string& note : dataset_->notes) notes.push_back(fmt::format("{}: {}", path_, note));
        const LargestSubset largest = largest_balanced_subset(dataset_->train.y);
        if (chooses_examples && !largest.left_out.empty())
            notes.push_back(fmt::format("{}: grid.examples is not given: P = {}, {}", path_, largest.examples,
                                        largest.left_out));
        return notes;
    }

    [[nodiscard]] DataSize data_size(Index /*examples*/) const override {
        DataSize size;
        const auto add = [&](const ExampleSet& set, bool is_test) {
            const auto examples = static_cast<double>(set.examples());
            const double numbers = set.has_tokens()
                                       ? examples * static_cast<double>(set.token_width() * set.tokens)
                                       : static_cast<double>(set.xi.size());
            size.add({examples, numbers, set.source != nullptr, is_test});
        };
        add(dataset_->train, false);
        for (const ExampleSet& set : dataset_->tests) add(set, true);
        add(dataset_->unlabelled, false);
        return size;
    }

    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& /*request*/) const override {
        return dataset_;
    }

  private:
    void take(std::shared_ptr<const Dataset> dataset) {
        dataset_ = std::move(dataset);
        content_ = content_hash(*dataset_);
    }

    std::string path_;
    std::shared_ptr<const Dataset> dataset_;
    std::string content_;
};

}  // namespace

TaskDeclaration dataset_file_task() {
    return {"dataset", "a data set file", {file}, [](const Settings& settings) {
                return std::make_shared<DatasetFile>(settings.text(file.name));
            }};
}

std::shared_ptr<Task> task_of(std::shared_ptr<const Dataset> dataset, const std::string& source) {
    return std::make_shared<DatasetFile>(std::move(dataset), source);
}

}  // namespace attnpaths
