#include "analyses/self_training/self_training.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "datasets/balanced_subset.hpp"
#include "theory/self_training.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace attnpaths {

namespace {

using enum ColumnType;

constexpr double not_there = std::numeric_limits<double>::quiet_NaN();
constexpr const char* predictor_names = "theory or gaussian-process";

const SettingKey unlabelled_setting = {
    "self_training.unlabelled",
    "1000",
    "numbers M of examples without labels; each is a self-training of its own. They are /unlabelled of a "
    "data set file, else the training examples that come after the P",
    SettingKind::wholes,
    0,
    1e9};
const SettingKey labels_setting = {"self_training.labels", "soft sign",
                                   "pseudo-labels: soft (the predictor's mean), sign (the class it says)"};
const SettingKey temperature_setting = {"self_training.temperature", "auto",
                                        "noise T_u of pseudo-labels; auto: the point's T"};
const SettingKey rounds_setting = {"self_training.rounds", "10", "rounds at most",
                                   SettingKind::whole,     1,    1000};
const SettingKey tolerance_setting = {
    "self_training.tolerance",
    "1e-3",
    "rounds end where the predictor at the examples without labels changes by less than this share",
    SettingKind::real,
    0,
    1};
const SettingKey predictor_setting = {"self_training.predictor", "theory",
                                      "what is trained: theory (the network of the point's width) or "
                                      "gaussian-process (an infinitely wide one)"};

using Labels = std::pair<std::string_view, PseudoLabels>;

std::vector<Labels> labels_of(const Settings& settings) {
    std::vector<Labels> all;
    for (const std::string& word : settings.list(labels_setting.name)) {
        if (word == "soft")
            all.emplace_back("soft", PseudoLabels::soft);
        else if (word == "sign")
            all.emplace_back("sign", PseudoLabels::sign);
        else
            settings.fail(labels_setting.name, "\"" + word + "\" is not known; choose soft, sign or both");
    }
    return all;
}

bool trains_gaussian_process(const Settings& settings) {
    const std::string word = settings.text(predictor_setting.name);
    if (word != "theory" && word != "gaussian-process")
        settings.fail(predictor_setting.name, "\"" + word + "\" is not known; choose " + predictor_names);
    return word != "theory";
}

/// T_u / T.
double relative_noise(const Settings& settings, double temperature) {
    if (settings.text(temperature_setting.name) == "auto") return 1;
    constexpr double least = 1e-12;
    constexpr double most = 1e15;
    return settings.number(temperature_setting.name, least, most) / temperature;
}

std::vector<Index> unlabelled_counts(const Settings& settings) {
    const std::vector<long long> counts = settings.integers(unlabelled_setting);
    return {counts.begin(), counts.end()};
}

Index most_unlabelled(const Settings& settings) {
    const std::vector<Index> counts = unlabelled_counts(settings);
    return *std::max_element(counts.begin(), counts.end());
}

/// The examples with labels, and M of those without: the first ones, of generated ones and where a file has
/// none of its own equally many of each class.
SelfTrainingFeatures features_of(const Problem& problem, const Matrix& own, Index unlabelled) {
    const TrainingKernels& training = problem.training();
    SelfTrainingFeatures features{training.features(), {}};
    if (own.size() > 0) {
        features.unlabelled = own.topRows(unlabelled);
        return features;
    }
    const std::set<Index> labelled(training.chosen().begin(), training.chosen().end());
    std::vector<Index> others =
        balanced_subset(problem.dataset().train.y, training.examples() + unlabelled, unlabelled_setting.name);
    std::erase_if(others, [&](Index example) { return labelled.contains(example); });
    features.unlabelled = training.data().train()(others, Eigen::all);
    return features;
}

/// Columns of one kind of labels, filled one number of unlabelled examples after the other.
class Table {
  public:
    Table(std::string name, std::size_t counts, int rounds, Index order_parameter_rows)
        : prefix_("self_training/" + std::move(name) + "_"), rounds_(static_cast<std::size_t>(rounds) + 1) {
        for (ValueArray* array : {&accuracy_, &bias_, &change_}) array->shape = {counts, rounds_};
        const auto rows = static_cast<std::uint64_t>(order_parameter_rows);
        U_.shape = {counts, rounds_, rows, rows};
    }

    void add(const std::vector<SelfTrainingRound>& rounds, const Problem& problem) {
        const Matrix& y = problem.dataset().tests.front().y;
        for (std::size_t round = 0; round < rounds_; ++round) {
            const bool is_there = round < rounds.size();
            const PredictionQuality quality =
                is_there ? prediction_quality(rounds[round].test, y, problem.training().has_classes())
                         : PredictionQuality{not_there, not_there, not_there, not_there, not_there};
            accuracy_.values.push_back(quality.accuracy);
            bias_.values.push_back(quality.bias);
            change_.values.push_back(is_there && round > 0 ? rounds[round].change : not_there);
            const Matrix U = is_there ? rounds[round].U
                                      : Matrix::Constant(static_cast<Index>(U_.shape[2]),
                                                         static_cast<Index>(U_.shape[3]), not_there);
            U_.values.insert(U_.values.end(), U.data(), U.data() + U.size());  // symmetric
        }
    }

    void write(Record& own) const {
        own[prefix_ + "accuracy"] = accuracy_;
        own[prefix_ + "bias"] = bias_;
        own[prefix_ + "change"] = change_;
        own[prefix_ + "order_parameter"] = U_;
    }

  private:
    std::string prefix_;
    std::size_t rounds_;
    ValueArray accuracy_, bias_, change_, U_;
};

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Settings& settings = context.inputs.settings;
    const std::vector<Index> counts = unlabelled_counts(settings);
    const bool is_gaussian = trains_gaussian_process(settings);
    SelfTrainingOptions options;
    options.relative_noise = relative_noise(settings, problem.temperature());
    options.rounds = static_cast<int>(settings.integer(rounds_setting));
    options.tolerance = settings.number(tolerance_setting);

    const Architecture& architecture = problem.architecture();
    Matrix teacher = saddle_point_of(problem, needed).order_parameters.U.front();
    if (is_gaussian)
        teacher = gaussian_process_variance(architecture) * Matrix::Identity(teacher.rows(), teacher.cols());
    SaddlePointOptions saddle_options = saddle_point_options(settings);
    saddle_options.poll = context.hooks.poll;
    saddle_options.second_start = false;
    const OrderParameterOf solve = [&](DataTerm& data_term) -> Matrix {
        context.hooks.poll();
        if (is_gaussian) return teacher;
        return solve_saddle_point(architecture, data_term, saddle_options).order_parameters.U.front();
    };

    const ExampleSet& unlabelled = problem.dataset().unlabelled;
    const Matrix features_of_own =
        unlabelled.examples() > 0 ? problem.training().data().features_of(unlabelled) : Matrix();
    for (const auto& [name, labels] : labels_of(settings)) {
        if (labels == PseudoLabels::sign && !problem.training().has_classes())
            throw NotApplicable(
                "targets that are no classes have no signs; set self_training.labels to soft");
        options.labels = labels;
        Table table(std::string(name), counts.size(), options.rounds, teacher.rows());
        for (const Index count : counts)
            table.add(
                self_train(problem, teacher, features_of(problem, features_of_own, count), options, solve),
                problem);
        table.write(own);
    }
    own["self_training/unlabelled"] = array_of(Vector(Eigen::Map<const Eigen::Vector<Index, Eigen::Dynamic>>(
                                                          counts.data(), static_cast<Index>(counts.size()))
                                                          .cast<double>()));
}

/// A problem of P + M examples.
ProblemSize joint_size(const ProblemSize& size, double unlabelled) {
    ProblemSize joint = size;
    joint.examples += static_cast<Index>(unlabelled);
    joint.rows = training_rows(joint.examples, size.input_width * size.architecture.paths());
    return joint;
}

NominalCost cost(const ProblemSize& size, const Settings& settings) {
    constexpr double typical_rounds = 5;
    double seconds = 0;
    for (const Index count : unlabelled_counts(settings)) {
        const ProblemSize joint = joint_size(size, static_cast<double>(count));
        seconds += typical_rounds * (saddle_point_seconds(joint) + evaluation_seconds(joint));
    }
    return {static_cast<double>(labels_of(settings).size()) * seconds, 0};
}

/// All examples of the data bound P + M.
double bytes(const ProblemSize& size) {
    const ProblemSize joint = joint_size(size, size.data_examples);
    const double features = 3 * sizeof(double) * static_cast<double>(joint.examples) * size.feature_columns();
    return features + saddle_point_bytes(joint) +
           PathKernels::bytes(joint.rows, size.input_width, size.architecture.paths(), size.storage);
}

std::vector<Column> columns() {
    std::vector<Column> columns = {
        {"self_training/unlabelled", array, "[k]", "", "numbers M of examples without labels"}};
    const auto add = [&](const std::string& labels) {
        const std::string of =
            labels + " pseudo-labels, after every round, 0 being the teacher; NaN after the last";
        const std::string prefix = "self_training/" + labels + "_";
        columns.push_back({prefix + "accuracy", array, "[k, rounds + 1]", "",
                           "accuracy on the first test set (NaN if y are no classes): " + of});
        columns.push_back(
            {prefix + "bias", array, "[k, rounds + 1]", "", "mean of |y - predictor mean|^2 there: " + of});
        columns.push_back({prefix + "change", array, "[k, rounds + 1]", "",
                           "root mean square change of the mean at the examples without labels, relative to "
                           "the mean: " +
                               of});
        columns.push_back({prefix + "order_parameter", array, "[k, rounds + 1, n D, n D]", "", "U_1: " + of});
    };
    add("soft");
    add("sign");
    return columns;
}

}  // namespace

Analysis self_training_analysis() {
    Analysis analysis;
    analysis.name = "self-training";
    analysis.summary =
        "what examples without labels add: the predictor labels them, a network learns these labels beside "
        "the true ones, and so on in rounds. Soft labels of a Gaussian process add nothing, as the teacher "
        "is its own student; the gain at finite width comes from U";
    analysis.source = "theory/README.md section 15";
    analysis.needs = {"saddle-point"};
    analysis.by_default = false;
    analysis.settings = {unlabelled_setting, labels_setting,    temperature_setting,
                         rounds_setting,     tolerance_setting, predictor_setting};
    analysis.columns = columns();
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(unlabelled_counts(settings));
        static_cast<void>(labels_of(settings));
        static_cast<void>(relative_noise(settings, 1));
        static_cast<void>(settings.integer(rounds_setting));
        static_cast<void>(settings.number(tolerance_setting));
        static_cast<void>(trains_gaussian_process(settings));
    };
    analysis.unlabelled_examples = most_unlabelled;
    analysis.cost = cost;
    analysis.bytes = bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
