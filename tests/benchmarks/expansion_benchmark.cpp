// How good the saddle point and the next order in 1/N are: root mean square errors of the elements of U_1 and
// of predictor means at test points against independent exact draws, of which as many are made as it takes to
// have errors of their own five times below those of the next order.
// usage: expansion_benchmark [DATASET.h5 [WIDTH]...]
// Without words the paper's 4-path task with its 20 test points; all training examples of a data set file and
// all of its heads otherwise, and at most 250 of its first test set's points; T = 0.01.

#include "base/numerics.hpp"
#include "datasets/dataset_file.hpp"
#include "h5/file.hpp"
#include "sampling/control_variates.hpp"
#include "sampling/controlled_mean.hpp"
#include "sampling/independent_draws.hpp"
#include "sampling/lower_triangle.hpp"
#include "theory/next_order.hpp"
#include "theory/random_problem.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

constexpr Index most_points = 250;
constexpr Index most_blocks = 16384;
constexpr double margin = 5;  // of the next order's error above that of the draws

double root_mean_square(const Vector& values) {
    return std::sqrt(values.squaredNorm() / static_cast<double>(values.size()));
}

/// Of quantities of a network: what theory says and the mean over draws.
class Compared {
  public:
    Compared(Vector saddle, Vector next, Index controls)
        : saddle_(std::move(saddle)), next_(std::move(next)), mean_(saddle_, controls) {}

    void add(Index block, const Matrix& values, const Vector& weights, const Matrix& controls) {
        mean_.add(block, values, weights, controls);
    }
    void estimate() {
        const ControlledMean::Estimate exact = mean_.estimate();
        saddle_error_ = root_mean_square(saddle_ - exact.mean);
        next_error_ = root_mean_square(next_ - exact.mean);
        own_error_ = root_mean_square(exact.error);
    }
    [[nodiscard]] bool is_precise() const { return margin * own_error_ <= next_error_; }
    [[nodiscard]] std::string text() const {
        return fmt::format("{:>10.2e} {:>10.2e} {:>10.2e} {:>6.1f}", saddle_error_, next_error_, own_error_,
                           next_error_ / own_error_);
    }

  private:
    Vector saddle_;
    Vector next_;
    ControlledMean mean_;
    double saddle_error_ = 0;
    double next_error_ = 0;
    double own_error_ = 0;
};

/// At most so many rows, evenly chosen.
Matrix some_rows(const Matrix& matrix) {
    const Index step = (matrix.rows() + most_points - 1) / most_points;
    return matrix(Eigen::seq(0, matrix.rows() - 1, step), Eigen::all);
}

void compare(const std::shared_ptr<TrainingKernels>& training, double width) {
    constexpr double temperature = 0.01;
    const Problem problem(testing::even_architecture(training->data().heads(), width), temperature, training);
    const Architecture& architecture = problem.architecture();
    DataTerm data_term = problem.data_term();
    const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
    const NextOrder next(problem, data_term, saddle);
    const Matrix points = some_rows(training->data().test(0));
    const IndependentDraws draws(architecture, data_term, saddle.unknowns, 1,
                                 proposal_widening(architecture));
    const ControlVariates controls(draws.third_derivatives());
    const auto means = [&](const Matrix& U) -> Vector {
        return problem.predictor(U).mean(points).reshaped();
    };
    const Matrix& saddle_U = saddle.order_parameters.U.front();
    Compared U(lower_triangle(saddle_U), lower_triangle(next.order_parameter()), controls.count());
    Compared mean(means(saddle_U), next.predict(points).mean.reshaped(), controls.count());

    Index blocks = 0;
    double unit = 0;  // of log weights, that their exponentials are of the order 1
    for (Index goal = 128; goal <= most_blocks; goal *= 2) {
        for (; blocks < goal; ++blocks) {
            const IndependentDraws::Block block = draws.block(static_cast<std::uint64_t>(blocks));
            const Vector log_weights = draws.log_weights(block);
            if (blocks == 0) unit = log_weights.maxCoeff();
            const Vector weights = (log_weights.array() - unit).exp();
            const Matrix of_pairs = controls.of_pairs(block.normals);
            Matrix U_values(lower_triangle(saddle_U).size(), IndependentDraws::block_size);
            Matrix mean_values(points.rows() * architecture.outputs, IndependentDraws::block_size);
            for (Index i = 0; i < IndependentDraws::block_size; ++i) {
                const Matrix& of_draw = block.U[static_cast<std::size_t>(i)];
                U_values.col(i) = lower_triangle(of_draw);
                mean_values.col(i) = means(of_draw);
            }
            U.add(blocks, U_values, weights, of_pairs);
            mean.add(blocks, mean_values, weights, of_pairs);
        }
        U.estimate();
        mean.estimate();
        if (U.is_precise() && mean.is_precise()) break;
    }
    fmt::print("{:>6} {} {} {:>8}\n", width, U.text(), mean.text(), blocks * IndependentDraws::block_size);
    static_cast<void>(std::fflush(stdout));
}

}  // namespace
}  // namespace attnpaths

int main(int count, char** words) try {
    using namespace attnpaths;
    initialise_numerics();
    h5::initialise();
    const std::string path = count < 2 ? ATTNPATHS_TEST_DATA "/markov-4paths-small.h5" : words[1];
    std::vector<double> widths;
    for (int i = 2; i < count; ++i) widths.push_back(std::stod(words[i]));
    if (widths.empty()) widths = {10, 30, 100, 300, 1000};
    const auto dataset = std::make_shared<const Dataset>(read_dataset_file(path));
    const auto training = std::make_shared<TrainingKernels>(
        std::make_shared<PathData>(dataset, dataset->heads()), static_cast<Index>(dataset->train.y.rows()), 1,
        KernelStorage::kernels, "the benchmark");
    fmt::print("       {:^39} {:^39}\n{:>6}", "U_1", "predictor mean", "N");
    for (int of = 0; of < 2; ++of)
        fmt::print(" {:>10} {:>10} {:>10} {:>6}", "saddle", "next order", "draws +-", "ratio");
    fmt::print(" {:>8}\n", "draws");
    for (const double width : widths) compare(training, width);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "expansion_benchmark: {}\n", error.what());
    return 1;
}
