#include "sampling/network_weights.hpp"

#include <cmath>

namespace attnpaths {

std::vector<Matrix> effective_path_weights(const NetworkWeights& weights) {
    std::vector<Matrix> effective(weights.V.size());
    for (std::size_t l = weights.V.size(); l-- > 0;) {
        const Matrix& above = l + 1 < weights.V.size() ? effective[l + 1] : weights.a;
        const std::vector<Matrix>& heads = weights.V[l];
        const double scale = 1 / std::sqrt(static_cast<double>(above.rows()));
        effective[l].resize(heads.front().cols(), static_cast<Index>(heads.size()) * above.cols());
        for (std::size_t head = 0; head < heads.size(); ++head)
            effective[l].middleCols(static_cast<Index>(head) * above.cols(), above.cols()).noalias() =
                scale * heads[head].transpose() * above;
    }
    return effective;
}

Matrix path_order_parameter(const NetworkWeights& weights) {
    const Matrix w = effective_path_weights(weights).front();
    return w.transpose() * w / static_cast<double>(w.rows());
}

Matrix input_weights(const NetworkWeights& weights) {
    const Matrix w = effective_path_weights(weights).front();
    const Index outputs = weights.a.cols();
    const Index paths = w.cols() / outputs;
    const Index input_width = weights.V0.cols();
    const Matrix mapped = weights.V0.transpose() * w /
                          std::sqrt(static_cast<double>(w.rows()) * static_cast<double>(input_width * paths));
    Matrix result(input_width * paths, outputs);
    for (Index path = 0; path < paths; ++path)
        result.middleRows(path * input_width, input_width) = mapped.middleCols(path * outputs, outputs);
    return result;
}

Matrix network_output(const Matrix& features, const NetworkWeights& weights) {
    return features * input_weights(weights);
}

}  // namespace attnpaths
