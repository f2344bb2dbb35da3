// Speed of training, one thread, the published network on invented images: episodes per second by part of a
// step, and the share of this machine's matrix product, for the flops that the form in use really needs and
// for those of the network's definition.
// usage: training_benchmark [SOURCE]      (default: glyphs; Omniglot has more blank patches)

#include "base/numerics.hpp"
#include "images/image_source.hpp"
#include "training/descent/adam.hpp"
#include "training/descent/episode_pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace attnpaths {
namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Gflop/s of Eigen's product of two large matrices.
double machine_rate() {
    constexpr Index size = 768;
    const Eigen::MatrixXf left = Eigen::MatrixXf::Random(size, size);
    const Eigen::MatrixXf right = Eigen::MatrixXf::Random(size, size);
    Eigen::MatrixXf product(size, size);
    double best = 0;
    for (int i = 0; i < 20; ++i) {
        const double start = now();
        product.noalias() = left * right;
        best = std::max(best, 2e-9 * static_cast<double>(size * size * size) / (now() - start));
    }
    return best;
}

void run(const std::string& source) {
    constexpr Index batch = 128;
    constexpr int steps = 100;
    const ImageSet images = read_images({source, 32});
    const EpisodeTokens tokens(images, {}, draw_label_vectors(1, PatchShape{}.width()));
    const TokenConstants constants(tokens);
    const EpisodeStream stream(images, Split::train, 1, "benchmark/training");
    const NetworkShape shape{{4, 4}, PatchShape{}.width(), 128, 512};
    const WeightLayout layout(shape);
    WeightVector<float> weights = draw_initial_weights(layout, 1);
    WeightReduction<float> reduction(layout, constants);
    EffectiveNetwork<float> network(shape, constants);
    EffectiveNetwork<float> derivative(shape, constants);
    EpisodePass<float> pass(shape, constants);
    Adam adam({}, layout.size());
    std::vector<float> outputs(batch);
    std::vector<Episode> episodes(batch);
    double reducing = 0;
    double passing = 0;
    double stepping = 0;
    double evaluating = 0;
    for (int step = 0; step < steps; ++step) {
        for (std::size_t i = 0; i < batch; ++i)
            episodes[i] = stream[static_cast<std::uint64_t>(step) * batch + i];
        double start = now();
        const auto lap = [&](double& sum) {
            const double end = now();
            sum += end - start;
            start = end;
        };
        reduction.forward(weights, network);
        lap(reducing);
        pass.forward(network, tokens, episodes, outputs);
        lap(evaluating);
        derivative.values().setZero();
        pass.backward(network, tokens, episodes, 1.0F / batch, outputs, derivative);
        lap(passing);
        adam.begin(step + 1);
        reduction.backward(weights, derivative,
                           [&](const WeightBlock& block, const WeightMatrix<float>& gradient) {
                               adam.update(weights, block, gradient);
                           });
        lap(stepping);
    }
    std::int64_t inked = 0;
    for (const Episode& episode : episodes)
        for (const std::int32_t image : episode.images) {
            const Eigen::Map<const Eigen::MatrixXf> patches(tokens.patches(image).data(), constants.area,
                                                            constants.tokens / 3);
            for (Index patch = 0; patch < patches.cols(); ++patch)
                inked += (patches.col(patch).array() != 0).any();
        }
    const auto T = static_cast<double>(constants.tokens);
    const auto area = static_cast<double>(constants.area);
    const auto heads = static_cast<double>(shape.head_count());
    const double ink = static_cast<double>(inked) / batch;
    const double flops = 4 * heads * ((area + T) * area * ink + area * T * T);  // there and back
    const double total = reducing + passing + stepping;
    const double seconds = total / (steps * batch);
    const double rate = machine_rate();
    fmt::print("{}: {:.1f} of {} patches with ink; machine {:.0f} Gflop/s\n", images.name, ink, T, rate);
    fmt::print(
        "{:.0f} episodes/s: per batch of {} {:.2f} ms effective weights, {:.2f} ms episodes, {:.2f} ms "
        "gradient and Adam\n",
        1 / seconds, batch, 1e3 * reducing / steps, 1e3 * passing / steps, 1e3 * stepping / steps);
    fmt::print("episodes: {:.1f} Mflop each, {:.0f} Gflop/s, {:.0f} % of the machine's product\n",
               1e-6 * flops, 1e-9 * flops * steps * batch / passing,
               1e-7 * flops * steps * batch / passing / rate);
    fmt::print("without gradient {:.0f} episodes/s\n", steps * batch / evaluating);
}

}  // namespace
}  // namespace attnpaths

int main(int argc, char** argv) {
    attnpaths::initialise_numerics();
    attnpaths::run(argc > 1 ? argv[1] : "glyphs");
}
