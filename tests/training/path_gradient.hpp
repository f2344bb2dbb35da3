#pragma once

#include "training/descent/episode_pass.hpp"
#include "training/small_network.hpp"

namespace attnpaths {

/// Gradient of the mean loss over a problem's episodes by the path form, as one vector of all weights.
template <class Scalar>
WeightVector<Scalar> path_gradient(const SmallProblem& problem, const WeightVector<double>& weights) {
    WeightReduction<Scalar> reduction(problem.layout, problem.constants);
    EffectiveNetwork<Scalar> network(problem.shape, problem.constants);
    EffectiveNetwork<Scalar> derivative(problem.shape, problem.constants);
    EpisodePass<Scalar> pass(problem.shape, problem.constants);
    std::vector<Scalar> outputs(problem.episodes.size());
    const WeightVector<Scalar> own = weights.cast<Scalar>();
    reduction.forward(own, network);
    pass.backward(network, problem.tokens, problem.episodes, Scalar(1) / static_cast<Scalar>(outputs.size()),
                  outputs, derivative);
    WeightVector<Scalar> result = WeightVector<Scalar>::Zero(problem.layout.size());
    reduction.backward(own, derivative, [&](const WeightBlock& block, const WeightMatrix<Scalar>& matrix) {
        view(result, block) = matrix;
    });
    return result;
}

}  // namespace attnpaths
