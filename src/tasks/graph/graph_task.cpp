#include "tasks/graph/graph_task.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "tasks/graph/block_model.hpp"
#include "tasks/graph/graph_files.hpp"
#include "tasks/graph/graph_heads.hpp"
#include "tasks/task_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace attnpaths {

namespace {

const SettingKey nodes_setting = {
    "task.nodes", "1000", "nodes of a generated graph, half of each class", SettingKind::whole, 4, 1000000};
const SettingKey degree_setting = {"task.mean_degree", "10", "mean number of a node's neighbours",
                                   SettingKind::real,  0,    1e5};
const SettingKey homophily_setting = {
    "task.homophily", "0.8", "share of them that are of the node's own class", SettingKind::real, 0, 1};
const SettingKey node_features_setting = {"task.node_features", "64", "features of a node",
                                          SettingKind::whole,   1,    100000};
const SettingKey signal_setting = {
    "task.signal", "1", "length of the features' class means, the noise being 1", SettingKind::real, 0, 1e6};
const SettingKey labelled_setting = {
    "task.labelled_nodes",
    "100",
    "nodes that P can be chosen from, equally many of each class; the others "
    "are the test set",
    SettingKind::whole,
    2,
    1000000};
const SettingKey eigenvectors_setting = {
    "task.eigenvectors", "16", "eigenvectors of the Laplacian in a spectral head",
    SettingKind::whole,  1,    1000};
const SettingKey edges_setting = {
    "task.edges", "", "file with the edges of a graph, in place of a generated one", SettingKind::file};
const SettingKey features_setting = {"task.features", "",
                                     "file with the features of its nodes; none: one-hot", SettingKind::file};
const SettingKey labels_setting = {"task.labels", "", "file with the labels of its nodes", SettingKind::file};

struct GraphParameters {
    BlockModel model;
    std::string edges, features, labels;  // files; empty if the graph is generated
    Index labelled = 0;
    NamedLayers layers;
    GraphHeadSettings heads;
};

GraphParameters graph_of(const Settings& settings) {
    GraphParameters task;
    const auto path = [&](const SettingKey& key) {
        return settings.is_given(key.name) ? settings.text(key.name) : std::string();
    };
    task.edges = path(edges_setting);
    task.features = path(features_setting);
    task.labels = path(labels_setting);
    if (task.edges.empty() != task.labels.empty() || (task.edges.empty() && !task.features.empty()))
        settings.fail(task.edges.empty() ? (task.labels.empty() ? features_setting.name : labels_setting.name)
                                         : edges_setting.name,
                      "a graph from files needs both task.edges and task.labels");
    task.model.nodes = settings.integer(nodes_setting);
    task.model.mean_degree = settings.number(degree_setting);
    task.model.homophily = settings.number(homophily_setting);
    task.model.features = settings.integer(node_features_setting);
    task.model.signal = settings.number(signal_setting);
    task.labelled = settings.integer(labelled_setting);
    task.heads.eigenvectors = settings.integer(eigenvectors_setting);
    task.layers =
        named_layers_of(settings, "self neighbours random | self distance-2 spectral", is_graph_head,
                        "self, neighbours, distance-2, distance-3, ..., content, spectral, global, "
                        "cross-covariance, cross-covariance-outputs, random");
    if (!task.edges.empty()) return task;
    if (task.model.nodes % 2 != 0)
        settings.fail(nodes_setting.name,
                      fmt::format("{} is odd; half of the nodes are of each class, choose an "
                                  "even number",
                                  task.model.nodes));
    if (task.labelled % 2 != 0 || task.labelled >= task.model.nodes)
        settings.fail(
            labelled_setting.name,
            fmt::format("{} is odd, or leaves none of {} nodes for the test set; choose an even number below",
                        task.labelled, task.model.nodes));
    if (task.model.edge_probability_within() > 1 || task.model.edge_probability_between() > 1)
        settings.fail(degree_setting.name,
                      fmt::format("{} is more than {} nodes can have at this homophily; choose a smaller one",
                                  task.model.mean_degree, task.model.nodes));
    return task;
}

class NodeClassification : public Task {
  public:
    explicit NodeClassification(GraphParameters parameters) : parameters_(std::move(parameters)) {}

    void load() override {
        if (is_generated()) return;
        read_ = read_graph(parameters_.edges, parameters_.features, parameters_.labels);
        split_nodes(read_.y, parameters_.labelled, 0);  // whether it can be done
        ContentHash hash;
        for (const std::vector<Index>& list : read_.neighbours)
            hash.add(list.data(), list.size() * sizeof(Index));
        for (const Matrix* matrix : {&read_.features, &read_.y}) {
            hash.add(fmt::format("{}x{}", matrix->rows(), matrix->cols()));
            hash.add(matrix->data(), static_cast<std::size_t>(matrix->size()) * sizeof(double));
        }
        read_hash_ = hash.hex();
    }

    [[nodiscard]] std::string content() const override {
        const BlockModel& model = parameters_.model;
        const std::string graph =
            is_generated()
                ? fmt::format("nodes={} mean_degree={} homophily={} node_features={} signal={}", model.nodes,
                              exact_text(model.mean_degree), exact_text(model.homophily), model.features,
                              exact_text(model.signal))
                : "file " + read_hash_;
        std::vector<std::string> layers;
        for (const std::vector<std::string>& layer : names_of(parameters_.layers))
            layers.push_back(fmt::format("{}", fmt::join(layer, " ")));
        // "graph 1" counts versions of this folder's recipe: a change of it must change every hash.
        return fmt::format("graph 1 {} labelled_nodes={} eigenvectors={} layers={}", graph,
                           parameters_.labelled, parameters_.heads.eigenvectors, fmt::join(layers, " | "));
    }
    [[nodiscard]] std::string source() const override { return parameters_.edges; }
    [[nodiscard]] Index input_width() const override {
        return is_generated() ? parameters_.model.features : read_.features.rows();
    }
    [[nodiscard]] Index outputs() const override { return is_generated() ? 1 : read_.y.cols(); }
    [[nodiscard]] GivenHeads given_heads() const override { return {head_counts_of(parameters_.layers)}; }
    [[nodiscard]] HeadNames head_names(const std::vector<Index>& heads) const override {
        return names_of(leading_heads(parameters_.layers, heads));
    }
    [[nodiscard]] std::vector<std::string> known_sub_networks(
        const std::vector<Index>& heads) const override {
        return single_paths(parameters_.layers, heads);
    }
    [[nodiscard]] Index default_examples() const override {
        return parameters_.labelled / classes() * classes();
    }

    void check_examples(Index examples, const std::string& where) const override {
        if (examples % classes() != 0 || examples > parameters_.labelled)
            throw UsageError(fmt::format(
                "{}: {} nodes are not to be had: choose a multiple of {}, the number of classes, of at most "
                "task.labelled_nodes = {}",
                where, examples, classes(), parameters_.labelled));
    }

    [[nodiscard]] DataSize data_size(Index examples) const override {
        const Index nodes = is_generated() ? parameters_.model.nodes : read_.nodes();
        const auto all = static_cast<double>(examples + nodes - default_examples());
        return {all,
                all * static_cast<double>(input_width() * path_count(head_counts_of(parameters_.layers)))};
    }

    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& request) const override {
        const Graph made = graph(request);
        const NodeSplit split = split_of(made, request);
        GraphHeadSettings settings = parameters_.heads;
        settings.seed = static_cast<std::uint64_t>(request.seed);
        settings.labelled = split.labelled;
        const NamedLayers layers = leading_heads(parameters_.layers, request.heads);
        const Matrix features = graph_path_features(made, layers, settings);
        auto dataset = std::make_shared<Dataset>();
        dataset->input_width = made.features.rows();
        dataset->readout = Readout::first;  // of the tokens that path features leave out: the node itself
        dataset->layers = empty_heads(layers);
        dataset->class_names = made.class_names;
        const auto set_of = [&](const std::string& name, const std::vector<Index>& nodes) {
            ExampleSet set;
            set.name = name;
            set.xi = features(nodes, Eigen::all);
            set.y = made.y(nodes, Eigen::all);
            return set;
        };
        // Of each class the first ones: split.labelled has the classes one after the other.
        const Index pool = std::ssize(split.labelled) / classes();
        std::vector<Index> chosen;
        for (Index label = 0; label < classes(); ++label)
            for (Index node = 0; node < request.examples / classes(); ++node)
                chosen.push_back(split.labelled[static_cast<std::size_t>(label * pool + node)]);
        dataset->train = set_of("train", chosen);
        dataset->tests.push_back(set_of("test", split.test));
        return dataset;
    }

    [[nodiscard]] std::vector<ReferenceAccuracy> references(const DataRequest& request) const override {
        if (!is_generated()) return {};
        const Graph made = graph(request);
        return {{"neighbours", posterior_accuracy(parameters_.model, made, split_of(made, request).test,
                                                  static_cast<std::uint64_t>(request.seed))}};
    }

  private:
    [[nodiscard]] bool is_generated() const { return parameters_.edges.empty(); }
    [[nodiscard]] Index classes() const { return outputs() == 1 ? 2 : outputs(); }
    [[nodiscard]] Graph graph(const DataRequest& request) const {
        return is_generated() ? draw_graph(parameters_.model, static_cast<std::uint64_t>(request.seed))
                              : read_;
    }
    [[nodiscard]] NodeSplit split_of(const Graph& made, const DataRequest& request) const {
        return split_nodes(made.y, parameters_.labelled, static_cast<std::uint64_t>(request.seed));
    }

    GraphParameters parameters_;
    Graph read_;  // empty if the graph is generated
    std::string read_hash_;
};

}  // namespace

TaskDeclaration graph_task() {
    return {"graph",
            "classes of the nodes of a graph, generated or from files",
            {nodes_setting, degree_setting, homophily_setting, node_features_setting, signal_setting,
             labelled_setting, layers_setting(), eigenvectors_setting, edges_setting, features_setting,
             labels_setting},
            [](const Settings& settings) { return std::make_shared<NodeClassification>(graph_of(settings)); },
            "Makes the classification of a graph's nodes, an example being a node: path features along the "
            "graph, "
            "with a\nblock model's graph or one from files.\n\n"
            "example: attnpaths dataset graph --nodes 1000 --homophily 0.2 -o graph.h5"};
}

}  // namespace attnpaths
