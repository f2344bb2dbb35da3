// Speed of the solver, one thread: seconds, and shares of the rate of this machine's matrix product in the
// same run.

#include "base/numerics.hpp"
#include "benchmarks/alternating_labels.hpp"
#include "benchmarks/matrix_product_rate.hpp"
#include "benchmarks/seconds_of.hpp"
#include "theory/lbfgs.hpp"
#include "theory/next_order.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/Dense>
#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace attnpaths {
namespace {

using testing::alternating_labels;
using testing::even_architecture;
using testing::matrix_product_rate;
using testing::normal_matrix;
using testing::ReferenceTask;
using testing::seconds_of;

void matrix_product(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(matrix_product_rate());
    state.counters["GFLOP/s"] = matrix_product_rate() / 1e9;
}
BENCHMARK(matrix_product)->Iterations(1);

/// Flops of one value and gradient: kernel assembly and contraction (2 x packed entries x pairs, twice),
/// Cholesky and inverse.
double evaluation_flops(const PathKernels& kernels) {
    const auto P = static_cast<double>(kernels.examples());
    const auto n = static_cast<double>(kernels.paths());
    const auto N0 = static_cast<double>(kernels.input_width());
    const double factor_and_inverse = P * P * P;
    if (kernels.storage() == KernelStorage::kernels)
        return factor_and_inverse + 4 * (P * (P + 1) / 2) * (n * (n + 1) / 2);
    return factor_and_inverse + P * P * N0 * n + 2 * P * P * N0 * n + 4 * P * N0 * n * n;
}

/// The paper's figure 2 in one go: seven widths of the 4-path task, kernels given, to max|dS/dU| < 1e-10 with
/// certificate.
void seven_width_sweep(benchmark::State& state) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    double evaluations = 0;
    double hessians = 0;
    for (auto _ : state) {
        evaluations = 0;
        hessians = 0;
        for (const double width : {10., 20., 50., 100., 200., 500., 1000.}) {
            DataTerm data_term(kernels, y, 0.01);
            const SaddlePoint saddle = solve_saddle_point(even_architecture({2, 2}, width), data_term, {});
            evaluations += saddle.evaluations;
            hessians += saddle.hessians;
        }
    }
    state.counters["evaluations/solve"] = evaluations / 7;
    state.counters["hessians/solve"] = hessians / 7;
}
BENCHMARK(seven_width_sweep)->Unit(benchmark::kMillisecond);

/// The rival: Adam on the order parameters as the authors use it (rate 0.008, symmetrised U, stop at gradient
/// 1e-5), with our evaluation of the action, so that only the optimiser differs. N = 100.
void adam_of_the_authors(benchmark::State& state) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    DataTerm data_term(kernels, task.targets("train"), 0.01);
    const Architecture architecture = even_architecture({2, 2}, 100);
    Action action(architecture, data_term);
    int steps = 0;
    for (auto _ : state) {
        OrderParameters u = gaussian_process_order_parameters(architecture);
        std::vector<Matrix*> levels = {&u.U_a, &u.U[0], &u.U[1]};
        std::vector<Matrix> m(3), v(3);
        for (std::size_t k = 0; k < 3; ++k) m[k] = v[k] = Matrix::Zero(levels[k]->rows(), levels[k]->cols());
        for (steps = 1; steps < 50000; ++steps) {
            const OrderParameters g =
                action.gradient_in_order_parameters(action.coordinates().unknowns_of(u));
            const std::vector<const Matrix*> gradients = {&g.U_a, &g.U[0], &g.U[1]};
            double largest = 0;
            for (std::size_t k = 0; k < 3; ++k) {
                largest = std::max(largest, gradients[k]->cwiseAbs().maxCoeff());
                m[k] = 0.9 * m[k] + 0.1 * *gradients[k];
                v[k] = 0.999 * v[k] + 0.001 * gradients[k]->cwiseAbs2();
                const Matrix m_hat = m[k] / (1 - std::pow(0.9, steps));
                const Matrix v_hat = v[k] / (1 - std::pow(0.999, steps));
                levels[k]->array() -= 0.008 * m_hat.array() / (v_hat.array().sqrt() + 1e-8);
            }
            if (largest < 1e-5) break;
        }
    }
    state.counters["steps"] = steps;
    state.counters["times_ours"] = 0;
    const double ours = seconds_of([&] { (void)solve_saddle_point(architecture, data_term, {}); });
    const double adam =
        static_cast<double>(steps) * seconds_of([&] {
            (void)action.gradient_in_order_parameters(Vector::Zero(action.coordinates().size()));
        });
    state.counters["times_ours"] = adam / ours;
}
BENCHMARK(adam_of_the_authors)->Unit(benchmark::kMillisecond)->Iterations(1);

/// A problem of the size of the one-shot task: P = 600, 48 tokens of width 192, 16 paths of random heads.
Matrix random_head_features(Index P, Index N0, Index heads, double score_scale) {
    constexpr Index tokens = 48;
    const Index n = heads * heads;
    Matrix features(P, N0 * n);
    const auto softmax = [](Matrix scores) {
        for (auto column : scores.colwise()) {
            column = (column.array() - column.maxCoeff()).exp().matrix();
            column /= column.sum();
        }
        return scores;
    };
    std::vector<Matrix> W;
    for (Index h = 0; h < 2 * heads; ++h)
        W.push_back(score_scale * normal_matrix(N0, N0, 500 + static_cast<std::uint64_t>(h)));
    for (Index m = 0; m < P; ++m) {
        const Matrix x = normal_matrix(N0, tokens, 10000 + static_cast<std::uint64_t>(m));
        for (Index second = 0; second < heads; ++second) {
            const Vector b =
                softmax(x.transpose() * W[static_cast<std::size_t>(heads + second)] * x).rowwise().mean();
            for (Index first = 0; first < heads; ++first)
                features.block(m, (first * heads + second) * N0, 1, N0) =
                    (x * (softmax(x.transpose() * W[static_cast<std::size_t>(first)] * x) * b)).transpose();
        }
    }
    return features;
}

const PathKernels& one_shot_kernels(KernelStorage storage) {
    static const Matrix features = random_head_features(600, 192, 4, 1.0 / 192);
    static const PathKernels in_memory(features, 16, 1, 1.0 / (192 * 16), KernelStorage::kernels);
    static const PathKernels from_features(features, 16, 1, 1.0 / (192 * 16), KernelStorage::features);
    return storage == KernelStorage::kernels ? in_memory : from_features;
}

void evaluation(benchmark::State& state, const PathKernels& kernels, const Matrix& y) {
    DataTerm data_term(kernels, y, 0.1);
    const Matrix U = Matrix::Identity(kernels.paths(), kernels.paths());
    Matrix gradient;
    double best = 1e9;
    for (auto _ : state)
        best = std::min(best, seconds_of([&] { data_term.value_and_gradient(U, gradient); }));
    state.counters["GFLOP"] = evaluation_flops(kernels) / 1e9;
    state.counters["share_of_product"] = evaluation_flops(kernels) / best / matrix_product_rate();
    state.counters["MB"] =
        PathKernels::bytes(kernels.examples(), kernels.input_width(), kernels.paths(), kernels.storage()) /
        1e6;
}

void evaluation_4_paths(benchmark::State& state) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    evaluation(state, kernels, task.targets("train"));
}
BENCHMARK(evaluation_4_paths)->Unit(benchmark::kMicrosecond);

void evaluation_16_paths(benchmark::State& state) {
    evaluation(state,
               one_shot_kernels(state.range(0) == 0 ? KernelStorage::kernels : KernelStorage::features),
               alternating_labels(600));
}
BENCHMARK(evaluation_16_paths)->Arg(0)->Arg(1)->ArgName("from_features")->Unit(benchmark::kMillisecond);

void hessian_16_paths(benchmark::State& state) {
    const PathKernels& kernels = one_shot_kernels(KernelStorage::kernels);
    DataTerm data_term(kernels, alternating_labels(600), 0.1);
    const Matrix U = Matrix::Identity(16, 16);
    double best = 1e9;
    for (auto _ : state)
        best = std::min(best, seconds_of([&] { benchmark::DoNotOptimize(data_term.hessian(U)); }));
    // Whitening (P^2 N0 n), pair products (half of 2 P (N0 n)^2) and their Gram matrix (half of half of 2
    // N0^2 n^4).
    const double P = 600, N0 = 192, n = 16;
    const double flops = P * P * N0 * n + P * N0 * n * N0 * n + N0 * N0 * n * n * n * n / 2;
    state.counters["GFLOP"] = flops / 1e9;
    state.counters["share_of_product"] = flops / best / matrix_product_rate();
}
BENCHMARK(hessian_16_paths)->Unit(benchmark::kMillisecond);

/// The next order in 1/N with the Hessian that it takes, in units of this one; predictions at test points
/// aside.
void next_order(benchmark::State& state, const std::vector<Index>& heads, const PathKernels& kernels,
                const Matrix& y) {
    constexpr double temperature = 0.1;
    const Architecture architecture = even_architecture(heads, 1000);
    DataTerm data_term(kernels, y, temperature);
    const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
    double hessian = 1e9;
    double whole = 1e9;
    for (auto _ : state) {
        hessian = std::min(hessian, seconds_of([&] {
                               benchmark::DoNotOptimize(data_term.hessian(saddle.order_parameters.U.front()));
                           }));
        whole = std::min(whole, seconds_of([&] {
                             const NextOrder next(architecture, data_term, y, temperature, saddle);
                             benchmark::DoNotOptimize(next.shift_over_sd());
                         }));
    }
    state.counters["hessians"] = whole / hessian;
    state.counters["hessian_ms"] = 1000 * hessian;
    state.counters["next_order_ms"] = 1000 * whole;
}

void next_order_4_paths(benchmark::State& state) {
    const ReferenceTask task;
    next_order(state, {2, 2}, task.kernels(), task.targets("train"));
}
BENCHMARK(next_order_4_paths)->Unit(benchmark::kMillisecond)->MinTime(1);

void next_order_16_paths(benchmark::State& state) {
    next_order(state, {4, 4}, one_shot_kernels(KernelStorage::kernels), alternating_labels(600));
}
BENCHMARK(next_order_16_paths)->Unit(benchmark::kMillisecond)->Iterations(5);

/// A hard case (P = 600, 16 paths of random heads that differ little, N = 10, T = 0.1): plain L-BFGS against
/// the whole solver.
void hard_case(benchmark::State& state) {
    const PathKernels& kernels = one_shot_kernels(KernelStorage::kernels);
    const Architecture architecture = even_architecture({4, 4}, 10);
    const Matrix y = alternating_labels(600);
    SaddlePoint saddle;
    for (auto _ : state) {
        DataTerm data_term(kernels, y, 0.1);
        saddle = solve_saddle_point(architecture, data_term, {});
    }
    state.counters["evaluations"] = saddle.evaluations;
    state.counters["hessians"] = saddle.hessians;
    state.counters["max|dS/dU|"] = saddle.gradient.norm_U;
    state.counters["max_U"] = saddle.order_parameters.U[0].cwiseAbs().maxCoeff();

    DataTerm data_term(kernels, y, 0.1);
    Action action(architecture, data_term);
    Objective objective;
    objective.value_and_gradient = [&](const Vector& x, Vector& g) {
        return action.value_and_gradient(x, g);
    };
    objective.curvature_scale = [&](const Vector& x) { return action.entropy_curvature(x); };
    Iterate start;
    start.x = Vector::Zero(action.coordinates().size());
    start.value = action.value_and_gradient(start.x, start.gradient);
    LbfgsOptions plain;
    plain.patience = 100;
    plain.max_evaluations = 300;
    const Iterate stalled = minimise_lbfgs(objective, start, plain).iterate;
    state.counters["lbfgs_evaluations"] = stalled.evaluations;
    state.counters["lbfgs_max|dS/dB|"] = stalled.gradient_norm();
}
BENCHMARK(hard_case)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace attnpaths

int main(int argc, char** argv) {
    attnpaths::initialise_numerics();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
