// Speed of eigendecompositions, one thread: the Gaussian process on a grid of temperatures from one of them
// against a factorisation and a spectrum for each, and leading eigenpairs found alone against all of them.

#include "base/numerics.hpp"
#include "theory/data_term.hpp"
#include "theory/gaussian_process.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/lapack.hpp"
#include "theory/random_problem.hpp"

#include <benchmark/benchmark.h>

#include <array>

namespace attnpaths {
namespace {

using testing::normal_matrix;

constexpr Index examples = 400;
constexpr Index input_width = 231;
constexpr Index paths = 4;
constexpr Index pairs = 30;
constexpr std::array<double, 10> temperatures = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

/// A problem of the size of the hidden-Markov task with 1000 test examples.
struct Problem {
    Matrix features = normal_matrix(examples, input_width* paths, 1);
    Matrix test = normal_matrix(1000, input_width* paths, 2);
    Matrix y = normal_matrix(examples, 1, 3);
    PathKernels kernels{features, paths, 1, 1.0 / (input_width * paths), KernelStorage::kernels};
    Matrix U = Matrix::Identity(paths, paths);
};

void ten_temperatures_one_by_one(benchmark::State& state) {
    const Problem problem;
    for (auto _ : state) {
        for (const double T : temperatures) {
            const Predictor predictor(problem.kernels, problem.y, T, problem.U);
            benchmark::DoNotOptimize(predictor.predict(problem.test));
            benchmark::DoNotOptimize(predictor.predict_training());
            Matrix kernel;
            problem.kernels.assemble(problem.U, kernel);
            const lapack::Eigenpairs all = lapack::leading_eigenpairs(std::move(kernel), examples);
            benchmark::DoNotOptimize(kernel_alignment(all.values, all.vectors.transpose() * problem.y.col(0),
                                                      examples, problem.y.squaredNorm()));
        }
    }
}
BENCHMARK(ten_temperatures_one_by_one)->Unit(benchmark::kMillisecond);

void ten_temperatures_from_one_decomposition(benchmark::State& state) {
    const Problem problem;
    for (auto _ : state) {
        const GaussianProcess process(std::make_shared<const Matrix>(problem.features), problem.y,
                                      problem.kernels.prefactor());
        const GaussianProcess::Points test = process.points(problem.test);
        for (const double T : temperatures) {
            benchmark::DoNotOptimize(process.predict(test, T, 1));
            benchmark::DoNotOptimize(process.predict_training(T, 1));
            benchmark::DoNotOptimize(kernel_alignment(process, 1, pairs, examples, problem.y.squaredNorm()));
        }
    }
}
BENCHMARK(ten_temperatures_from_one_decomposition)->Unit(benchmark::kMillisecond);

Matrix gram(Index n) {
    Matrix kernel = Matrix::Zero(n, n);
    kernel.selfadjointView<Eigen::Lower>().rankUpdate(normal_matrix(n, n + 100, 1));
    return kernel;
}

void all_eigenpairs(benchmark::State& state) {
    const Matrix kernel = gram(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(lapack::leading_eigenpairs(kernel, kernel.rows()));
}
BENCHMARK(all_eigenpairs)->Arg(100)->Arg(400)->Arg(1000)->Arg(2000)->Unit(benchmark::kMillisecond);

/// 30 of them, by the solver that leading_eigenpairs chooses.
void leading_eigenpairs(benchmark::State& state) {
    const Matrix kernel = gram(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(lapack::leading_eigenpairs(kernel, pairs));
    state.counters["partial"] = lapack::is_partial(kernel.rows(), pairs) ? 1 : 0;
}
BENCHMARK(leading_eigenpairs)->Arg(100)->Arg(400)->Arg(1000)->Arg(2000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace attnpaths

int main(int argc, char** argv) {
    attnpaths::initialise_numerics();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
