#include "base/interpolated_maximum.hpp"

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace attnpaths {

namespace {

/// The polynomial through all points, at a place between them (Neville's scheme).
double polynomial(std::span<const double> x, std::span<const double> y, double place) {
    std::vector<double> values(y.begin(), y.end());
    for (std::size_t order = 1; order < x.size(); ++order)
        for (std::size_t i = 0; i + order < x.size(); ++i)
            values[i] =
                ((place - x[i + order]) * values[i] + (x[i] - place) * values[i + 1]) / (x[i] - x[i + order]);
    return values.front();
}

struct Maximum {
    double position;
    double value;
};

/// Of the polynomial through `reach` places on either side of the largest value, as far as there are so many.
Maximum maximum_by_neighbours(std::span<const double> x, std::span<const double> y, std::size_t best,
                              std::size_t reach) {
    const std::size_t first = best - std::min(best, reach);
    const std::size_t count = std::min(best + reach + 1, x.size()) - first;
    const auto [position, value] = boost::math::tools::brent_find_minima(
        [&](double place) { return -polynomial(x.subspan(first, count), y.subspan(first, count), place); },
        x[best - 1], x[best + 1], std::numeric_limits<double>::digits / 2);
    return {position, -value};
}

}  // namespace

InterpolatedMaximum interpolated_maximum(std::span<const double> x, std::span<const double> y) {
    const auto best = static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
    if (best == 0 || best + 1 == x.size()) {
        const std::size_t neighbour = best == 0 ? 1 : best - 1;
        const double gap =
            x.size() > 1 ? std::abs(x[best] - x[neighbour]) / 2 : std::numeric_limits<double>::infinity();
        return {x[best], y[best], gap, true};
    }
    const Maximum near = maximum_by_neighbours(x, y, best, 1);
    if (x.size() == 3)
        return {near.position, near.value, std::max(x[best] - x[best - 1], x[best + 1] - x[best]) / 2, false};
    const Maximum far = maximum_by_neighbours(x, y, best, 2);
    return {far.position, far.value, 2 * std::abs(far.position - near.position), false};
}

}  // namespace attnpaths
