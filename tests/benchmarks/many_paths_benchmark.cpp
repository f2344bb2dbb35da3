// Speed of networks of many paths, one thread, in units of the rate of this machine's matrix product in the
// same run, and against the dense way.

#include "benchmarks/alternating_labels.hpp"
#include "benchmarks/matrix_product_rate.hpp"
#include "benchmarks/seconds_of.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace attnpaths {
namespace {

using testing::alternating_labels;
using testing::even_architecture;
using testing::matrix_product_rate;
using testing::normal_matrix;
using testing::seconds_of;

/// Flops of one value and gradient from whitened features: mixing and K, solving and contraction, each of
/// them with a triangle.
double whitened_flops(const PathKernels& kernels) {
    const auto P = static_cast<double>(kernels.examples());
    const auto n = static_cast<double>(kernels.paths());
    const auto N0 = static_cast<double>(kernels.input_width());
    return P * P * P / 3 + 2 * P * N0 * n * (P + n);
}

/// Gradient, and product of the Hessian with a direction, of many paths: P = 600, one output. A product has
/// as many operations as a gradient.
void evaluation_of_many_paths(benchmark::State& state) {
    const Index heads = state.range(0);
    const auto depth = static_cast<std::size_t>(state.range(1));
    const Architecture architecture = even_architecture(std::vector<Index>(depth, heads), 100);
    const Index n = architecture.paths();
    const Index N0 = state.range(2);
    const PathKernels kernels(normal_matrix(600, N0 * n, 1), n, 1, 1.0 / static_cast<double>(N0 * n),
                              KernelStorage::features);
    DataTerm data_term(kernels, alternating_labels(600), 0.1);
    Action action(architecture, data_term);
    const Vector direction = normal_matrix(action.coordinates().size(), 1, 2);
    Vector x = Vector::Zero(direction.size());
    Vector gradient;
    double gradient_seconds = 1e9;
    double product_seconds = 1e9;
    for (auto _ : state) {
        x.array() += 1e-3;
        gradient_seconds =
            std::min(gradient_seconds, seconds_of([&] { action.value_and_gradient(x, gradient); }));
        product_seconds =
            std::min(product_seconds, seconds_of([&] { gradient = action.hessian_times(x, direction); }));
    }
    const double flops = whitened_flops(kernels);
    state.counters["GFLOP"] = flops / 1e9;
    state.counters["gradient_s"] = gradient_seconds;
    state.counters["product_s"] = product_seconds;
    state.counters["gradient_share"] = flops / gradient_seconds / matrix_product_rate();
    state.counters["product_share"] = flops / product_seconds / matrix_product_rate();
}
BENCHMARK(evaluation_of_many_paths)
    ->Args({12, 2, 231})
    ->Args({8, 3, 65})
    ->ArgNames({"heads", "layers", "N0"})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(2);

/// The way without a Hessian, kernels not in memory, against the exact Hessian and kernels in memory: 64 and
/// 100 paths, P = 200, N0 = 20, N = 100, T = 0.1.
void dense_against_products(benchmark::State& state) {
    const Index heads = state.range(0);
    const Index n = heads * heads;
    constexpr Index N0 = 20;
    const Architecture architecture = even_architecture({heads, heads}, 100);
    const Matrix features = normal_matrix(200, N0 * n, 1);
    const Matrix y = features.leftCols(1).cwiseSign();
    const auto solve = [&](KernelStorage storage, Index most_dense_unknowns) {
        const PathKernels kernels(features, n, 1, 1.0 / static_cast<double>(N0 * n), storage);
        DataTerm data_term(kernels, y, 0.1);
        SaddlePointOptions options;
        options.most_dense_unknowns = most_dense_unknowns;
        return solve_saddle_point(architecture, data_term, options);
    };
    SaddlePoint dense;
    SaddlePoint products;
    for (auto _ : state) {
        state.counters["dense_s"] = seconds_of([&] { dense = solve(KernelStorage::kernels, 100'000); });
        state.counters["products_s"] = seconds_of([&] { products = solve(KernelStorage::features, 0); });
    }
    const Matrix& U = dense.order_parameters.U[0];
    state.counters["max|dU|"] = (products.order_parameters.U[0] - U).cwiseAbs().maxCoeff();
    state.counters["max|U|"] = U.cwiseAbs().maxCoeff();
    state.counters["dS/S"] = std::abs(products.action.action / dense.action.action - 1);
    state.counters["hessian_min"] = dense.hessian_min;
    state.counters["by_products"] = products.hessian_min;
    state.counters["residual"] = products.hessian_min_error;
    state.counters["certified"] = dense.is_certified && products.is_certified ? 1 : 0;
}
BENCHMARK(dense_against_products)->Arg(8)->Arg(10)->ArgName("heads")->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace attnpaths
