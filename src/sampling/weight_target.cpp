#include "sampling/weight_target.hpp"

#include "sampling/lower_triangle.hpp"

namespace attnpaths {

SamplingTarget weight_target(WeightPosterior& posterior, const std::vector<Matrix>& features) {
    SamplingTarget target;
    target.density = posterior.log_density();
    target.nuts.metric = MetricKind::diagonal;
    // A draw of the prior.
    target.start = [dimension = target.density.dimension](RandomStream& random) {
        Vector position(dimension);
        for (double& element : position) element = random.normal();
        return position;
    };
    const WeightPosterior::Network origin = posterior.network(Vector::Zero(target.density.dimension));
    const Index size = origin.path_order_parameter.rows();
    target.tracked = size * (size + 1) / 2;
    for (const Matrix& set : features) target.averaged += set.rows() * origin.input_weights.cols();
    target.observe = [&posterior, &features, averaged = target.averaged](const Vector& position,
                                                                         Observation& observation) {
        const WeightPosterior::Network network = posterior.network(position);
        observation.tracked = lower_triangle(network.path_order_parameter);
        observation.averaged.resize(averaged);
        Index next = 0;
        for (const Matrix& set : features) {
            const Matrix f = set * network.input_weights;
            observation.averaged.segment(next, f.size()) = f.reshaped();
            next += f.size();
        }
    };
    return target;
}

}  // namespace attnpaths
