#include "tasks/one_shot/sinusoidal_positions.hpp"

#include <cmath>

namespace attnpaths {

namespace {
constexpr double longest_period = 10000;  // over 2 pi
constexpr double smallest_deviation = 1e-6;
}  // namespace

Matrix sinusoidal_positions(Index tokens, Index width) {
    Matrix table(width, tokens);
    for (Index feature = 0; feature < width; ++feature) {
        const Index pair = feature / 2;
        const double frequency =
            std::pow(longest_period, -2 * static_cast<double>(pair) / static_cast<double>(width));
        for (Index token = 0; token < tokens; ++token) {
            const double phase = static_cast<double>(token) * frequency;
            table(feature, token) = feature % 2 == 0 ? std::sin(phase) : std::cos(phase);
        }
    }
    return table;
}

TableScale scale_of(const Matrix& table) {
    TableScale scale;
    scale.mean = table.mean();
    scale.deviation =
        std::sqrt((table.array() - scale.mean).square().sum() / static_cast<double>(table.size() - 1));
    return scale;
}

Matrix standardised_positions(Index tokens, Index width) {
    const Matrix table = sinusoidal_positions(tokens, width);
    const TableScale scale = scale_of(table);
    return (table.array() - scale.mean) / (scale.deviation + smallest_deviation);
}

}  // namespace attnpaths
