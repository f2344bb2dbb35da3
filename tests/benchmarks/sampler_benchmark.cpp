// Speed of the samplers on the paper's 4-path task (P = 100, T = 0.01), one thread: effective draws per
// second, the two samplers against each other, the weight sampler's gradient against the rate of this
// machine's matrix product, and what the no-U-turn sampler costs beyond its gradients. usage:
// sampler_benchmark [order-parameter|gradient|overhead|weights]...      (default: all)

#include "base/numerics.hpp"
#include "benchmarks/matrix_product_rate.hpp"
#include "sampling/chain_ensemble.hpp"
#include "sampling/order_parameter_target.hpp"
#include "sampling/weight_target.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"
#include "theory/saddle_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::ReferenceTask;

constexpr double temperature = 0.01;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The density, with the time spent in it.
LogDensity timed(LogDensity density, double& seconds) {
    return {density.dimension, [inner = std::move(density), &seconds](const Vector& x, Vector& gradient) {
                const double start = now();
                const double value = inner.value_and_gradient(x, gradient);
                seconds += now() - start;
                return value;
            }};
}

/// The exact posterior of one width, ready to sample.
struct OrderParameterProblem {
    ReferenceTask task;
    PathKernels kernels = task.kernels();
    Matrix y = task.targets("train");
    Architecture architecture;
    DataTerm energy;
    OrderParameterPosterior posterior;
    NormalScale scale;
    SamplingTarget target;

    explicit OrderParameterProblem(double width)
        : architecture(even_architecture({2, 2}, width)),
          energy(kernels, y, temperature),
          posterior(architecture, &energy),
          scale(saddle_point_scale(architecture, energy,
                                   solve_saddle_point(architecture, energy, {}).unknowns)),
          target(order_parameter_target(posterior, scale)) {}
};

/// The posterior over all weights of one width.
struct WeightProblem {
    ReferenceTask task;
    WeightPosterior posterior;
    std::vector<Matrix> no_points;
    SamplingTarget target;

    explicit WeightProblem(double width)
        : posterior(even_architecture({2, 2}, width), task.features("train"), task.targets("train"),
                    temperature),
          target(weight_target(posterior, no_points)) {}
};

/// What a sampler achieved, its warm-up apart.
struct Efficiency {
    SampleSummary summary;
    double draws = 0;
    double per_gradient = 0;  // s
    double gradients_per_draw = 0;
    double seconds = 0;  // of the draws

    [[nodiscard]] double ess_per_second() const { return summary.tracked_ess / seconds; }
};

Efficiency measure(const SamplingTarget& target, int draws) {
    SamplingOptions options;
    options.draws = options.max_draws = draws;
    ChainEnsemble ensemble(target, 1, "benchmark", options);
    Efficiency result;
    result.summary = ensemble.run([] {});
    std::int64_t leapfrogs = 0;
    for (int chain = 0; chain < ensemble.size(); ++chain) leapfrogs += ensemble.chain(chain).leapfrogs();
    result.draws = static_cast<double>(draws) * ensemble.size();
    result.per_gradient = result.summary.seconds / static_cast<double>(result.summary.gradient_evaluations);
    result.gradients_per_draw = static_cast<double>(leapfrogs) / result.draws;
    result.seconds = result.per_gradient * static_cast<double>(leapfrogs);
    return result;
}

void print_header() {
    fmt::print("{:>16} {:>6} {:>6} {:>11} {:>14} {:>9} {:>8} {:>19} {:>7} {:>7} {:>5}\n", "sampler", "N",
               "draws", "us/gradient", "gradients/draw", "ESS/draw", "ESS/s", "ESS/s with warm-up", "ms/ESS",
               "R-hat", "div");
}

void print(const char* sampler, double width, const Efficiency& e) {
    fmt::print("{:>16} {:>6} {:>6} {:>11.1f} {:>14.1f} {:>9.3f} {:>8.2f} {:>19.2f} {:>7.2f} {:>7.4f} {:>5}\n",
               sampler, width, e.draws, 1e6 * e.per_gradient, e.gradients_per_draw,
               e.summary.tracked_ess / e.draws, e.ess_per_second(), e.summary.tracked_ess / e.summary.seconds,
               1e3 / e.ess_per_second(), e.summary.rhat, e.summary.divergences);
    static_cast<void>(std::fflush(stdout));
}

/// ESS: least bulk effective sample size over the elements of U_1.
void order_parameter() {
    print_header();
    std::vector<double> times;
    for (const double width : {10., 100., 1000., 10000.}) {
        OrderParameterProblem problem(width);
        const Efficiency efficiency = measure(problem.target, 2000);
        print("order-parameter", width, efficiency);
        times.push_back(1 / efficiency.ess_per_second());
    }
    fmt::print("time per effective draw, largest over smallest: {:.2f}\n",
               *std::max_element(times.begin(), times.end()) / *std::min_element(times.begin(), times.end()));
}

/// The weight sampler against the order-parameter sampler at the same widths.
void weights() {
    print_header();
    for (const auto& [width, draws, warmup] : {std::tuple{10., 250, 250}, {100., 80, 120}}) {
        OrderParameterProblem order_parameters(width);
        const Efficiency exact = measure(order_parameters.target, 2000);
        print("order-parameter", width, exact);
        WeightProblem all_weights(width);
        all_weights.target.nuts.warmup = warmup;
        const Efficiency nuts = measure(all_weights.target, draws);
        print("weights", width, nuts);
        fmt::print("N = {}: the order-parameter sampler is {:.0f} times as fast, warm-ups aside\n", width,
                   exact.ess_per_second() / nuts.ess_per_second());
    }
}

/// Seconds of one call, the best of several rounds.
double best_time(const std::function<void()>& call) {
    double best = 1e9;
    for (int round = 0; round < 15; ++round) {
        const double start = now();
        int calls = 0;
        do {
            call();
            ++calls;
        } while (now() - start < 0.03);
        best = std::min(best, (now() - start) / calls);
    }
    return best;
}

/// The gradient in the cheap exact form, through effective path weights, against the plain form, which
/// carries every example's hidden states through every layer: 3 products per layer, each 2 P n (...) flops.
void gradient() {
    const double rate = testing::matrix_product_rate();
    fmt::print("matrix product 1000 x 1000: {:.1f} GFLOP/s\n", rate / 1e9);
    fmt::print("{:>6} {:>9} {:>11} {:>9} {:>16} {:>26} {:>29}\n", "N", "weights", "us/gradient", "GFLOP/s",
               "share of product", "plain form at the product", "as a share of the plain form");
    for (const double N : {10., 30., 100., 300.}) {
        WeightProblem problem(N);
        const Index dimension = problem.target.density.dimension;
        const Vector x = Vector::LinSpaced(dimension, -1, 1);
        Vector g;
        const double seconds = best_time([&] { problem.target.density.value_and_gradient(x, g); });
        constexpr double P = 100;
        constexpr double N0 = 231;
        constexpr double n = 4;
        // Down and up through layer 2 (one column), layer 1 (two) and V0 (four), and twice the features.
        const double cheap = 6 * (2 * N * N + 2 * N * N * 2 + N * N0 * n) + 4 * P * N0 * n;
        const double plain = 6 * P * (n * N * N0 + n * N * N + 2 * N * N + N);
        fmt::print("{:>6} {:>9} {:>11.1f} {:>9.1f} {:>16.2f} {:>23.0f} us {:>29.1f}\n", N, dimension,
                   1e6 * seconds, cheap / seconds / 1e9, cheap / seconds / rate, 1e6 * plain / rate,
                   plain / rate / seconds);
    }
}

/// Share of the sampling time that is not spent in the density.
void overhead() {
    fmt::print("{:>16} {:>6} {:>12} {:>24}\n", "sampler", "N", "dimension", "overhead beyond gradients");
    const auto run = [](const char* name, double width, const SamplingTarget& target, int transitions) {
        RandomStream random(1, "benchmark/overhead", 0);
        double inside = 0;
        NutsOptions options = target.nuts;
        options.warmup = transitions;
        Nuts nuts(timed(target.density, inside), target.start(random), random, options);
        while (nuts.warm_up_left() > transitions / 2) nuts.transition();
        inside = 0;
        const double start = now();
        while (nuts.is_warming_up()) nuts.transition();
        const double total = now() - start;
        fmt::print("{:>16} {:>6} {:>12} {:>23.1f}%\n", name, width, target.density.dimension,
                   100 * (total - inside) / total);
    };
    OrderParameterProblem order_parameters(100);
    run("order-parameter", 100, order_parameters.target, 2000);
    for (const double width : {10., 30., 100., 300.}) {
        WeightProblem problem(width);
        run("weights", width, problem.target, width < 50 ? 120 : 40);
    }
}

}  // namespace
}  // namespace attnpaths

int main(int count, char** words) {
    attnpaths::initialise_numerics();
    const std::map<std::string, std::function<void()>> benchmarks = {
        {"order-parameter", attnpaths::order_parameter},
        {"gradient", attnpaths::gradient},
        {"overhead", attnpaths::overhead},
        {"weights", attnpaths::weights}};
    std::vector<std::string> wanted(words + 1, words + count);
    if (wanted.empty()) wanted = {"order-parameter", "gradient", "overhead", "weights"};
    for (const std::string& name : wanted) {
        fmt::print("-- {}\n", name);
        benchmarks.at(name)();
    }
}
