#include "tasks/graph/graph_files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/labels.hpp"
#include "files/file_content.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>

namespace attnpaths {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 32U;

/// The lines of a table that are not empty, word by word, with the number of the line.
struct TableLine {
    std::size_t number;
    std::vector<std::string> words;
};

bool is_hdf5(const std::string& content) {
    return content.starts_with("\x89HDF\r\n\x1a\n");
}

std::vector<TableLine> lines_of(const std::string& content) {
    std::vector<TableLine> lines;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        const std::string line = content.substr(begin, end - begin);
        ++number;
        std::vector<std::string> words = split(line.substr(0, line.find('#')), " \t,\r");
        if (!words.empty()) lines.push_back({number, std::move(words)});
        begin = end + 1;
    }
    return lines;
}

/// A table of numbers, [rows, columns].
Matrix read_table(const std::string& path, const std::string& object) {
    const std::string content = read_file_content(path, most_bytes);
    if (is_hdf5(content)) {
        const h5::InputFile file(path);
        const h5::Array<double> read = file.read(object);
        if (read.shape.size() != 2)
            throw DataError(fmt::format("{}: {} has {} axes, expected 2", path, object, read.shape.size()));
        const auto rows = static_cast<Index>(read.shape[0]);
        const auto columns = static_cast<Index>(read.shape[1]);
        return Eigen::Map<const Matrix>(read.values.data(), columns, rows).transpose();
    }
    const std::vector<TableLine> lines = lines_of(content);
    if (lines.empty()) throw DataError(path + ": holds no numbers");
    Matrix table(std::ssize(lines), std::ssize(lines.front().words));
    for (Index row = 0; row < table.rows(); ++row) {
        const TableLine& line = lines[static_cast<std::size_t>(row)];
        if (std::ssize(line.words) != table.cols())
            throw DataError(fmt::format("{}:{}: has {} numbers, the first line has {}", path, line.number,
                                        line.words.size(), table.cols()));
        for (Index column = 0; column < table.cols(); ++column) {
            const std::string& word = line.words[static_cast<std::size_t>(column)];
            if (!parse_number(word, table(row, column)) || !std::isfinite(table(row, column)))
                throw DataError(fmt::format("{}:{}: \"{}\" is not a finite number", path, line.number, word));
        }
    }
    return table;
}

RawLabels read_node_labels(const std::string& path) {
    const std::string content = read_file_content(path, most_bytes);
    RawLabels labels;
    if (is_hdf5(content)) {
        const h5::InputFile file(path);
        if (file.is_text("/labels"))
            labels.texts = file.read_strings("/labels");
        else
            labels.numbers = Eigen::Map<const Vector>(file.read("/labels").values.data(),
                                                      static_cast<Index>(file.shape("/labels").at(0)));
        return labels;
    }
    bool are_numbers = true;
    for (const TableLine& line : lines_of(content)) {
        if (line.words.size() != 1)
            throw DataError(fmt::format("{}:{}: has {} words, give the label of one node", path, line.number,
                                        line.words.size()));
        double unused = 0;
        are_numbers = are_numbers && parse_number(line.words[0], unused);
        labels.texts.push_back(line.words[0]);
    }
    if (!are_numbers) return labels;
    labels.numbers.resize(std::ssize(labels.texts), 1);
    for (Index node = 0; node < labels.numbers.rows(); ++node)
        parse_number(labels.texts[static_cast<std::size_t>(node)], labels.numbers(node, 0));
    labels.texts.clear();
    return labels;
}

}  // namespace

Graph read_graph(const std::string& edges, const std::string& features, const std::string& labels) {
    Graph graph;
    Dataset classes;
    std::vector<RawLabels> raw{read_node_labels(labels)};
    LabelRules rules;
    rules.names = number_texts(raw, {"labels"}, labels);
    rules.are_integers = true;
    rules.one_class_is_wrong = true;
    classes.train.y = raw.front().numbers;
    if (classes.train.y.rows() == 0) throw DataError(labels + ": holds no labels");
    map_labels(classes, rules, labels);
    graph.y = classes.train.y;
    graph.class_names = classes.class_names;

    const Index nodes = graph.y.rows();
    const Matrix pairs = read_table(edges, "/edges");
    if (pairs.cols() != 2)
        throw DataError(fmt::format("{}: an edge has {} numbers; give its two nodes", edges, pairs.cols()));
    std::vector<std::pair<Index, Index>> list;
    for (Index edge = 0; edge < pairs.rows(); ++edge) {
        for (Index end = 0; end < 2; ++end)
            if (const double node = pairs(edge, end);
                node != std::floor(node) || node < 0 || node >= static_cast<double>(nodes))
                throw DataError(
                    fmt::format("{}: edge {} (counted from 0) has the node {}; {} has labels of nodes 0 "
                                "to {}",
                                edges, edge, node, labels, nodes - 1));
        list.emplace_back(static_cast<Index>(pairs(edge, 0)), static_cast<Index>(pairs(edge, 1)));
    }
    set_edges(graph, nodes, list);

    if (features.empty()) {
        graph.features = Matrix::Identity(nodes, nodes);
    } else {
        graph.features = read_table(features, "/features").transpose();
        if (graph.features.cols() != nodes)
            throw DataError(fmt::format("{}: has features of {} nodes, {} has labels of {}", features,
                                        graph.features.cols(), labels, nodes));
    }
    return graph;
}

}  // namespace attnpaths
