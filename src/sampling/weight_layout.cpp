#include "sampling/weight_layout.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <unistd.h>

namespace attnpaths {

namespace {

/// Width above layer l: N_{l+1}, or N_a above the last.
double width_above(const Architecture& architecture, std::size_t layer) {
    return layer + 1 < architecture.depth() ? architecture.widths[layer + 1] : architecture.readout_width;
}

void check_width(double width, const std::string& name) {
    if (!(width >= 1) || width != std::floor(width))
        throw UsageError(fmt::format(
            "weights were asked for at width {} = {}; choose a whole number of at least 1", name, width));
}

}  // namespace

double weight_bytes(const Architecture& architecture, Index input_width) {
    double count = architecture.widths.front() * static_cast<double>(input_width) +
                   architecture.readout_width * static_cast<double>(architecture.outputs);
    for (std::size_t l = 0; l < architecture.depth(); ++l)
        count += static_cast<double>(architecture.heads[l]) * architecture.widths[l] *
                 width_above(architecture, l);
    return count * sizeof(double);
}

double physical_memory() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_bytes <= 0) return std::numeric_limits<double>::infinity();
    return static_cast<double>(pages) * static_cast<double>(page_bytes);
}

WeightLayout::WeightLayout(const Architecture& architecture, Index input_width, double available_bytes)
    : heads_(architecture.heads) {
    for (std::size_t l = 0; l < architecture.depth(); ++l)
        check_width(architecture.widths[l], fmt::format("N_{}", l + 1));
    check_width(architecture.readout_width, "N_a");
    const double bytes = weight_bytes(architecture, input_width);
    if (!(bytes <= available_bytes))
        throw UsageError(
            fmt::format("the network's weights need {:.3g} GB at width {}, {:.3g} GB are "
                        "available; sample its order parameters or choose smaller widths",
                        bytes / 1e9, architecture.largest_width(), available_bytes / 1e9));
    const auto add = [&](double rows, Index columns, double variance) {
        blocks_.push_back({dimension_, static_cast<Index>(rows), columns, std::sqrt(variance)});
        dimension_ += blocks_.back().size();
    };
    add(architecture.widths.front(), input_width, architecture.variances.input);
    for (std::size_t l = 0; l < architecture.depth(); ++l)
        add(width_above(architecture, l), architecture.heads[l] * static_cast<Index>(architecture.widths[l]),
            architecture.variances.layers[l]);
    add(architecture.readout_width, architecture.outputs, architecture.variances.readout);
}

Vector WeightLayout::pack(const NetworkWeights& weights) const {
    Vector position(dimension_);
    const auto put = [&](const Matrix& matrix, Index offset, double sigma) {
        position.segment(offset, matrix.size()) = matrix.reshaped() / sigma;
    };
    put(weights.V0, input().offset, input().sigma);
    for (std::size_t l = 0; l < heads_.size(); ++l)
        for (std::size_t head = 0; head < weights.V[l].size(); ++head)
            put(weights.V[l][head], layer(l).offset + static_cast<Index>(head) * layer(l).size() / heads_[l],
                layer(l).sigma);
    put(weights.a, readout().offset, readout().sigma);
    return position;
}

NetworkWeights WeightLayout::unpack(const Vector& position) const {
    NetworkWeights weights;
    weights.V0 = input().sigma * view(input(), position);
    weights.V.resize(heads_.size());
    for (std::size_t l = 0; l < heads_.size(); ++l) {
        const Index width = layer(l).columns / heads_[l];
        for (Index head = 0; head < heads_[l]; ++head)
            weights.V[l].emplace_back(layer(l).sigma *
                                      view(layer(l), position).middleCols(head * width, width));
    }
    weights.a = readout().sigma * view(readout(), position);
    return weights;
}

}  // namespace attnpaths
