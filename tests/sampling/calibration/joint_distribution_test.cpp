#include "sampling/calibration/joint_distribution_test.hpp"

#include "sampling/diagnostics.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths::testing {

const MomentComparison& JointDistributionTest::worst() const {
    return *std::max_element(moments.begin(), moments.end(),
                             [](const auto& a, const auto& b) { return std::abs(a.z) < std::abs(b.z); });
}

JointDistributionTest joint_distribution_test(const JointModel& model,
                                              const JointDistributionOptions& options) {
    const std::vector<std::string> names = model.quantities();
    const auto moments_of = [](const Vector& quantities) {
        const Vector x = quantities.array().asinh();
        Vector moments(2 * x.size());
        moments << x, x.cwiseAbs2();
        return moments;
    };
    const auto count = static_cast<Index>(2 * names.size());

    Vector sum = Vector::Zero(count);
    Vector squares = Vector::Zero(count);
    for (int draw = 0; draw < options.prior_draws; ++draw) {
        RandomStream random(options.seed, "calibration/prior", static_cast<std::uint64_t>(draw));
        const Vector unknowns = model.draw_unknowns(random);
        const Vector moments = moments_of(model.quantities_of(unknowns, model.draw_data(unknowns, random).y));
        sum += moments;
        squares += moments.cwiseAbs2();
    }
    const Vector exact = sum / options.prior_draws;
    const Vector exact_error =
        ((squares / options.prior_draws - exact.cwiseAbs2()) / options.prior_draws).cwiseSqrt();

    Matrix chain_means = Matrix::Zero(options.chains, count);
    for (int chain = 0; chain < options.chains; ++chain) {
        const auto number = static_cast<std::uint64_t>(chain);
        RandomStream random(options.seed, "calibration/alternation", number);
        Vector unknowns = model.draw_unknowns(random);
        for (int iteration = 0; iteration < options.iterations; ++iteration) {
            const Matrix y = model.draw_data(unknowns, random).y;
            const auto posterior = model.posterior(y, JointModel::Scale::of_prior);
            NutsOptions nuts = posterior->target().nuts;
            nuts.warmup = 0;
            nuts.step_size = model.step_size();
            const std::uint64_t name = number << 32U | static_cast<std::uint64_t>(iteration);
            Nuts sampler(posterior->target().density, posterior->position_of(unknowns),
                         RandomStream(options.seed, "calibration/transition", name), nuts);
            for (int transition = 0; transition < options.transitions; ++transition) sampler.transition();
            unknowns = posterior->unknowns_of(sampler.position());
            chain_means.row(chain) +=
                moments_of(model.quantities_of(unknowns, y)).transpose() / options.iterations;
        }
    }

    JointDistributionTest result;
    for (Index i = 0; i < count; ++i) {
        const Matrix means = chain_means.col(i);
        const std::size_t quantity = static_cast<std::size_t>(i) % names.size();
        const bool is_first = static_cast<std::size_t>(i) < names.size();
        result.moments.push_back({(is_first ? "asinh " : "asinh^2 ") + names[quantity], exact(i),
                                  means.mean(),
                                  (means.mean() - exact(i)) / std::hypot(mcse_mean(means), exact_error(i))});
    }
    return result;
}

}  // namespace attnpaths::testing
