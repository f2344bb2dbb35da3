#include "training/topology/gossip_matrix.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <vector>

namespace attnpaths {

namespace {

using Neighbours = std::function<std::set<Index>(Index rank, Index ranks)>;

Index wrapped(Index place, Index size) {
    return ((place % size) + size) % size;
}

std::set<Index> on_ring(Index rank, Index ranks) {
    return {wrapped(rank - 1, ranks), wrapped(rank + 1, ranks)};
}

std::set<Index> on_torus(Index rank, Index ranks) {
    const Index columns = ranks / torus_rows(ranks);
    const Index row = rank / columns;
    const Index column = rank % columns;
    std::set<Index> all;
    for (const Index step : {-1, 1}) {
        all.insert(row * columns + wrapped(column + step, columns));
        all.insert(wrapped(rank + step * columns, ranks));
    }
    return all;
}

std::set<Index> exponentially_away(Index rank, Index ranks) {
    std::set<Index> all;
    for (Index step = 1; step < ranks; step *= 2) {
        all.insert(wrapped(rank + step, ranks));
        all.insert(wrapped(rank - step, ranks));
    }
    return all;
}

std::set<Index> everybody(Index /*rank*/, Index ranks) {
    std::set<Index> all;
    for (Index other = 0; other < ranks; ++other) all.insert(other);
    return all;
}

const std::map<std::string, Neighbours>& named_topologies() {
    static const std::map<std::string, Neighbours> all = {
        {"ring", on_ring}, {"torus", on_torus}, {"exponential", exponentially_away}, {"complete", everybody}};
    return all;
}

/// Equal weights for a rank and its neighbours; all ranks have as many, so that columns sum to 1 too.
Matrix with_equal_weights(const Neighbours& neighbours, Index ranks) {
    Matrix W = Matrix::Zero(ranks, ranks);
    for (Index rank = 0; rank < ranks; ++rank) {
        std::set<Index> group = neighbours(rank, ranks);
        group.insert(rank);
        for (const Index member : group) W(rank, member) = 1 / static_cast<double>(group.size());
    }
    return W;
}

std::vector<double> numbers_of(const std::string& line, const std::string& where) {
    std::vector<double> numbers;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
        double value = 0;
        if (!parse_number(word, value) || value < 0)
            throw DataError(
                fmt::format("{}: \"{}\" is no weight; give numbers that are not negative", where, word));
        numbers.push_back(value);
    }
    return numbers;
}

/// Rows and columns that sum to 1.
void check_sums(const Matrix& W, const std::string& path) {
    // Numbers are written with some digits only.
    constexpr double tolerance = 1e-6;
    for (Index place = 0; place < W.rows(); ++place)
        for (const bool is_row : {true, false}) {
            const double sum = is_row ? W.row(place).sum() : W.col(place).sum();
            if (std::abs(sum - 1) > tolerance)
                throw DataError(
                    fmt::format("{}: {} {} (counted from 0) sums to {:.6g}; all rows and columns "
                                "of a gossip matrix sum to 1",
                                path, is_row ? "row" : "column", place, sum));
        }
}

Matrix read_matrix(const std::string& path, Index ranks) {
    std::ifstream file(path);
    if (!file)
        throw InputError(
            fmt::format("--topology = {}: is none of ring, torus, exponential and complete, and "
                        "cannot be read as a file",
                        path));
    Matrix W(ranks, ranks);
    Index row = 0;
    Index line_number = 0;
    for (std::string line; std::getline(file, line);) {
        const std::string where = fmt::format("{}:{}", path, ++line_number);
        const std::vector<double> numbers = numbers_of(line, where);
        if (numbers.empty()) continue;
        if (std::ssize(numbers) != ranks || row == ranks)
            throw DataError(fmt::format(
                "{}: {} has {} numbers; with {} ranks a gossip matrix has {} rows of "
                "{}",
                where, row == ranks ? "one row too many" : "the row", numbers.size(), ranks, ranks, ranks));
        W.row(row++) = Eigen::Map<const Vector>(numbers.data(), ranks).transpose();
    }
    if (row != ranks)
        throw DataError(
            fmt::format("{}: has {} rows; with {} ranks a gossip matrix has {}", path, row, ranks, ranks));
    check_sums(W, path);
    return W;
}

}  // namespace

Index torus_rows(Index ranks) {
    auto rows = static_cast<Index>(std::sqrt(static_cast<double>(ranks)));
    while (ranks % rows != 0) --rows;
    return rows;
}

Matrix gossip_matrix(const std::string& topology, Index ranks) {
    const auto named = named_topologies().find(topology);
    return named == named_topologies().end() ? read_matrix(topology, ranks)
                                             : with_equal_weights(named->second, ranks);
}

}  // namespace attnpaths
