#include "training/descent/training_state.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "h5/input_file.hpp"
#include "h5/whole_file.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

constexpr char group[] = "/training";
constexpr char curve_group[] = "/training/curve";

constexpr std::pair<const char*, double CurvePoint::*> curve_columns[] = {
    {"train_loss", &CurvePoint::train_loss},
    {"train_accuracy", &CurvePoint::train_accuracy},
    {"validation_loss", &CurvePoint::validation_loss},
    {"validation_accuracy", &CurvePoint::validation_accuracy},
    {"seconds", &CurvePoint::seconds}};

constexpr std::pair<const char*, WeightVector<float> TrainingState::*> vectors[] = {
    {"/training/weights", &TrainingState::weights},
    {"/training/adam_mean", &TrainingState::mean},
    {"/training/adam_square", &TrainingState::square}};

constexpr char rank_weights[] = "/training/rank_weights";

constexpr std::pair<const char*, double TopologyNumbers::*> stored_topology_numbers[] = {
    {"spectral_gap", &TopologyNumbers::spectral_gap},
    {"curvature", &TopologyNumbers::curvature},
    {"decay", &TopologyNumbers::decay},
    {"effective_neighbours", &TopologyNumbers::effective_neighbours},
    {"consensus_distance", &TopologyNumbers::consensus_distance}};

std::string column_name(const char* column) {
    return fmt::format("{}/{}", curve_group, column);
}

void write_curve(h5::File& file, const std::vector<CurvePoint>& curve) {
    h5::Array<double> column{{curve.size()}, {}};
    for (const CurvePoint& point : curve) column.values.push_back(static_cast<double>(point.episodes));
    file.write(column_name("episodes"), column);
    for (const auto& [name, member] : curve_columns) {
        column.values.clear();
        for (const CurvePoint& point : curve) column.values.push_back(point.*member);
        file.write(column_name(name), column);
    }
}

/// Reads a vector that must be there, of this length.
h5::Array<double> read_vector(const h5::InputFile& file, const std::string& object, std::size_t length) {
    if (!file.has(object)) throw DataError(fmt::format("{}: {} is missing", file.path(), object));
    if (file.shape(object) != std::vector<hsize_t>{length})
        throw DataError(fmt::format("{}: {} has another shape than [{}]", file.path(), object, length));
    return file.read(object);
}

std::vector<CurvePoint> read_curve(const h5::InputFile& file) {
    const std::string episodes = column_name("episodes");
    if (!file.has(episodes)) throw DataError(fmt::format("{}: {} is missing", file.path(), episodes));
    const h5::Array<double> first = file.read(episodes);
    std::vector<CurvePoint> curve(first.values.size());
    for (std::size_t i = 0; i < curve.size(); ++i)
        curve[i].episodes = static_cast<std::int64_t>(first.values[i]);
    for (const auto& [name, member] : curve_columns) {
        const h5::Array<double> column = read_vector(file, column_name(name), curve.size());
        for (std::size_t i = 0; i < curve.size(); ++i) curve[i].*member = column.values[i];
    }
    return curve;
}

void write_rank_weights(h5::File& file, const std::vector<WeightVector<float>>& all) {
    h5::Array<double> matrix{{all.size(), static_cast<hsize_t>(all.front().size())}, {}};
    for (const WeightVector<float>& weights : all)
        matrix.values.insert(matrix.values.end(), weights.begin(), weights.end());
    file.write_as_float(rank_weights, matrix);
}

/// @param size  of one rank's weights
std::vector<WeightVector<float>> read_rank_weights(const h5::InputFile& file, Index size) {
    if (!file.has(rank_weights)) return {};
    const std::vector<hsize_t> shape = file.shape(rank_weights);
    if (shape.size() != 2 || shape[1] != static_cast<hsize_t>(size))
        throw DataError(
            fmt::format("{}: {} has another shape than [ranks, {}]", file.path(), rank_weights, size));
    const h5::Array<double> matrix = file.read(rank_weights);
    std::vector<WeightVector<float>> all;
    for (hsize_t rank = 0; rank < shape[0]; ++rank)
        all.emplace_back(
            Eigen::Map<const Vector>(matrix.values.data() + rank * shape[1], size).cast<float>());
    return all;
}

std::string settings_text(const std::map<std::string, std::string>& settings) {
    std::string text;
    for (const auto& [key, value] : settings) text += fmt::format("{} = {}\n", key, value);
    return text;
}

std::map<std::string, std::string> parse_settings(const std::string& text) {
    std::map<std::string, std::string> settings;
    for (const std::string& line : split(text, "\n"))
        if (const std::size_t sign = line.find(" = "); sign != std::string::npos)
            settings[line.substr(0, sign)] = line.substr(sign + 3);
    return settings;
}

}  // namespace

void write_training_file(const std::string& path, const TrainingState& state) {
    h5::write_whole_file(path, [&](h5::File& file) {
        write_network(file, state.best);
        write_curve(file, state.curve);
        for (const auto& [object, member] : vectors) {
            const WeightVector<float>& vector = state.*member;
            file.write_as_float(object,
                                {{static_cast<hsize_t>(vector.size())}, {vector.begin(), vector.end()}});
        }
        file.write_attribute(group, "settings", settings_text(state.settings));
        file.write_attribute(group, "steps", state.steps);
        file.write_number_attribute(group, "seconds", state.seconds);
        file.write_number_attribute(group, "loss_since_validation", state.since_validation.loss);
        file.write_number_attribute(group, "right_since_validation", state.since_validation.right);
        file.write_number_attribute(group, "episodes_since_validation", state.since_validation.episodes);
        file.write_attribute(group, "best_episodes", state.best_episodes);
        file.write_number_attribute(group, "best_validation_accuracy", state.best_accuracy);
        if (!state.rank_weights.empty()) write_rank_weights(file, state.rank_weights);
        if (state.topology)
            for (const auto& [name, member] : stored_topology_numbers)
                file.write_number_attribute(group, name, *state.topology.*member);
        if (!state.test) return;
        file.write_attribute(group, "test_episodes", state.test->episodes);
        file.write_number_attribute(group, "test_accuracy_last", state.test->last);
        file.write_number_attribute(group, "test_accuracy_best", state.test->best);
    });
}

TrainingState read_training_file(const std::string& path) {
    TrainingState state;
    {
        const h5::InputFile file(path);
        if (!file.has(group))
            throw DataError(fmt::format(
                "{}: is there already and holds no training run to go on with; choose another name", path));
    }
    state.best = read_network(path);
    const h5::InputFile file(path);
    const auto number = [&](const char* name) {
        if (!file.has_attribute(group, name))
            throw DataError(fmt::format("{}: {}: attribute {} is missing", path, group, name));
        const std::vector<double> values = file.read_numbers_attribute(group, name);
        if (values.size() != 1)
            throw DataError(fmt::format("{}: {}: attribute {} is not one number", path, group, name));
        return values[0];
    };
    if (!file.has_attribute(group, "settings"))
        throw DataError(fmt::format("{}: {}: attribute settings is missing", path, group));
    state.settings = parse_settings(file.read_text_attribute(group, "settings"));
    state.steps = static_cast<std::int64_t>(number("steps"));
    state.seconds = number("seconds");
    state.since_validation = {number("loss_since_validation"), number("right_since_validation"),
                              number("episodes_since_validation")};
    state.best_episodes = static_cast<std::int64_t>(number("best_episodes"));
    state.best_accuracy = number("best_validation_accuracy");
    if (file.has_attribute(group, "test_episodes"))
        state.test = TestResult{static_cast<std::int64_t>(number("test_episodes")),
                                number("test_accuracy_last"), number("test_accuracy_best")};
    state.curve = read_curve(file);
    const WeightLayout layout(state.best.shape);
    for (const auto& [object, member] : vectors) {
        const h5::Array<double> vector = read_vector(file, object, static_cast<std::size_t>(layout.size()));
        state.*member = Eigen::Map<const Vector>(vector.values.data(), layout.size()).cast<float>();
    }
    state.rank_weights = read_rank_weights(file, layout.size());
    return state;
}

}  // namespace attnpaths
