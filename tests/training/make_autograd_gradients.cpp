// Makes tests/data/autograd-gradients.txt: libtorch differentiates the plain token-by-token form of the
// networks. Debian's libtorch-dev, 0.5 GB, is needed for this alone:
//   cmake --preset release -DATTNPATHS_AUTOGRAD=ON && cmake --build build/release --target
//   make_autograd_gradients build/release/tests/training/make_autograd_gradients >
//   tests/data/autograd-gradients.txt
#include "training/autograd_problems.hpp"

#include <fmt/format.h>

#include <torch/torch.h>

namespace attnpaths {
namespace {

/// A matrix of the network as a tensor of its shape that gradients are wanted for.
torch::Tensor tensor_of(WeightVector<double>& weights, const WeightBlock& block) {
    // Columns lie side by side, so that the rows of the tensor are the columns.
    return torch::from_blob(weights.data() + block.offset, {block.columns, block.rows}, torch::kFloat64)
        .transpose(0, 1)
        .clone()
        .set_requires_grad(true);
}

WeightVector<double> autograd_gradient(const SmallProblem& problem, WeightVector<double> weights) {
    const NetworkShape& shape = problem.shape;
    std::vector<torch::Tensor> matrices;
    for (const WeightBlock& block : problem.layout.blocks()) matrices.push_back(tensor_of(weights, block));
    const auto matrix = [&](Index number) { return matrices[static_cast<std::size_t>(number)]; };

    const auto episodes = static_cast<Index>(problem.episodes.size());
    torch::Tensor x = torch::empty({episodes, problem.tokens.tokens(), shape.input_width}, torch::kFloat32);
    torch::Tensor y = torch::empty({episodes}, torch::kFloat64);
    for (Index i = 0; i < episodes; ++i) {
        const Episode& episode = problem.episodes[static_cast<std::size_t>(i)];
        problem.tokens.expand(episode,
                              {x[i].data_ptr<float>(), static_cast<std::size_t>(problem.tokens.values())});
        y[i] = episode.target;
    }
    x = x.to(torch::kFloat64);

    torch::Tensor z = torch::matmul(x, matrix(3 * shape.head_count()).t());
    for (std::size_t layer = 0; layer < shape.depth(); ++layer) {
        torch::Tensor next = torch::zeros_like(z);
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index first = 3 * shape.head_number(layer, head);
            const torch::Tensor queries = torch::matmul(x, matrix(first).t());
            const torch::Tensor keys = torch::matmul(x, matrix(first + 1).t());
            const torch::Tensor values = torch::matmul(z, matrix(first + 2).t());
            const torch::Tensor scores = torch::matmul(queries, keys.transpose(1, 2)) /
                                         std::sqrt(static_cast<double>(shape.query_width));
            next = next + torch::matmul(torch::softmax(scores, 2), values);
        }
        z = next / std::sqrt(static_cast<double>(shape.heads[layer]));
    }
    const torch::Tensor outputs = torch::matmul(z.mean(1), matrix(3 * shape.head_count() + 1)).squeeze(1);
    (outputs - y).square().mean().backward();

    WeightVector<double> gradient = WeightVector<double>::Zero(problem.layout.size());
    for (std::size_t number = 0; number < matrices.size(); ++number) {
        const WeightBlock& block = problem.layout.blocks()[number];
        const torch::Tensor columns = matrices[number].grad().transpose(0, 1).contiguous();
        view(gradient, block) =
            Eigen::Map<const Matrix>(columns.data_ptr<double>(), block.rows, block.columns);
    }
    return gradient;
}

}  // namespace
}  // namespace attnpaths

int main() {
    using namespace attnpaths;
    fmt::print(
        "# problem, matrix, largest derivative of the problem, weighted sums of the matrix's derivatives\n");
    const std::vector<SmallProblem> problems = autograd_problems();
    for (std::size_t number = 0; number < problems.size(); ++number) {
        const SmallProblem& problem = problems[number];
        const WeightVector<double> gradient = autograd_gradient(problem, problem.weights);
        for (std::size_t block = 0; block < problem.layout.blocks().size(); ++block) {
            const WeightBlock& where = problem.layout.blocks()[block];
            fmt::print("{} {} {:.17g}", number, block, gradient.lpNorm<Eigen::Infinity>());
            for (const double sum : weighted_sums(gradient.segment(where.offset, where.size())))
                fmt::print(" {:.17g}", sum);
            fmt::print("\n");
        }
    }
}
