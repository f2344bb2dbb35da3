#include "analyses/samples/sample.hpp"

#include "analyses/predictor_quality.hpp"
#include "analyses/record_values.hpp"
#include "sampling/lower_triangle.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <set>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// An ensemble at work for a point: polls, saves checkpoints, and knows whether others could help.
class PointSampler {
  public:
    PointSampler(const std::string& name, const SamplingMethod& method, const PointHooks& hooks,
                 Context& context)
        : name_(name),
          key_(context.analysis_key),
          point_(context.point),
          hooks_(hooks),
          checkpoint_(context.checkpoint),
          ensemble_(method.target(), context.stream_seed, name, method.settings().options, saved_state()) {}

    [[nodiscard]] ChainEnsemble& ensemble() { return ensemble_; }

    /// Brings one chain to the goal; the checkpoint is up to date however this ends.
    void advance(int chain) {
        if (ensemble_.began_again(chain) && said_.insert(chain).second)
            hooks_.say(
                fmt::format("note: point {}: the saved state of chain {} is damaged or of another version "
                            "of the program; the chain begins again",
                            point_, chain));
        try {
            ensemble_.advance(chain, [this] { pause(); });
        } catch (...) {
            note();
            throw;
        }
    }
    /// Brings the checkpoint up to date.
    void note() {
        EnsembleState& state = checkpoint_.methods[name_] = ensemble_.state();
        state.key = key_;
    }

  private:
    /// How far the chains have come, if they are of these settings.
    [[nodiscard]] EnsembleState saved_state() const {
        const EnsembleState& saved = checkpoint_.methods[name_];
        if (saved.key == key_) return saved;
        if (saved.goal > 0)
            hooks_.say(fmt::format("note: point {}: the saved chains are of other settings; they begin again",
                                   point_));
        return {};
    }

    void pause() {
        hooks_.poll_chain();
        if (hooks_.wants_checkpoint()) {
            note();
            hooks_.save(checkpoint_);
        }
        ++transitions_;
        if (hooks_.others_are_idle()) {
            // Handing back costs the others the theory of this point, and messages: only for real work.
            constexpr double worthwhile_seconds = 1;
            const double per_transition = seconds_since(start_) / transitions_;
            if (per_transition * ensemble_.transitions_left() > worthwhile_seconds) throw HandedBack();
        }
    }

    std::string name_;
    std::string key_;
    std::string point_;
    std::set<int> said_;  // chains of which it was said that they begin again
    const PointHooks& hooks_;
    Checkpoint& checkpoint_;
    ChainEnsemble ensemble_;
    Clock::time_point start_ = Clock::now();
    int transitions_ = 0;
};

void add_summary(const SamplingProblem& problem, const SampleSummary& summary, int chains,
                 const std::string& group, Record& record) {
    record[group + "/verdict"] = std::string(summary.converged ? "sampled" : "not-converged");
    const Matrix mean = from_lower_triangle(summary.mean);
    const Matrix mcse = from_lower_triangle(summary.mcse);
    record[group + "/order_parameter"] = array_of(mean);
    record[group + "/order_parameter_mcse"] = array_of(mcse);
    record[group + "/order_parameter_sd"] = array_of(from_lower_triangle(summary.sd));
    const Matrix z = (problem.theory.order_parameters.U.front() - mean).cwiseQuotient(mcse);
    record[group + "/order_parameter_z"] = array_of(z);
    record[group + "/rhat"] = summary.rhat;
    record[group + "/ess"] = summary.ess;
    record[group + "/tail_ess"] = summary.tail_ess;
    record[group + "/ebfmi"] = summary.ebfmi;
    record[group + "/step_size"] = summary.step_size;
    record[group + "/chains"] = static_cast<std::int64_t>(chains);
    record[group + "/draws"] = static_cast<std::int64_t>(summary.draws);
    record[group + "/divergences"] = static_cast<std::int64_t>(summary.divergences);
    record[group + "/depth_hits"] = static_cast<std::int64_t>(summary.depth_hits);
    record[group + "/gradient_evaluations"] = summary.gradient_evaluations;
    record[group + "/seconds"] = summary.seconds;
}

void add_averages(const SamplerSettings& settings, const SamplingProblem& problem,
                  const std::vector<AveragedPrediction>& averages, const std::string& group, Record& record) {
    const Predictor theory = problem.problem.predictor(problem.theory.order_parameters.U.front());
    const bool classes = problem.problem.training().has_classes();
    for (std::size_t set = 0; set < averages.size(); ++set) {
        const ExampleSet& examples = problem.problem.dataset().tests[set];
        const Prediction& prediction = averages[set].prediction();
        const Matrix error = averages[set].mean_error();
        const std::string suffix = suffix_of(examples);
        add_quality(record, group, suffix, prediction_quality(prediction, examples.y, classes));
        if (classes) record[group + "/accuracy_mcse" + suffix] = averages[set].accuracy_error(examples.y);
        const Matrix difference = theory.predict(problem.problem.test_features()[set]).mean - prediction.mean;
        record[group + "/predictor_z" + suffix] =
            std::sqrt(difference.cwiseQuotient(error).cwiseAbs2().mean());
        if (settings.predictions) {
            record[group + "/predictor_mean" + suffix] = array_of(prediction.mean);
            record[group + "/predictor_mean_mcse" + suffix] = array_of(error);
            record[group + "/predictor_variance" + suffix] = array_of(prediction.variance);
        }
    }
}

/// Thinned draws of U_1 and of the log density, [chains, draws, ...], as ArviZ wants them.
void add_draws(const SamplerSettings& settings, ChainEnsemble& ensemble, Index tracked,
               const std::string& group, Record& record) {
    const int thin = settings.thin;
    const auto chains = static_cast<std::uint64_t>(ensemble.size());
    const auto draws = static_cast<std::uint64_t>(ensemble.goal() / thin);
    ValueArray U{{chains, draws}, {}};
    ValueArray log_density{{chains, draws}, {}};
    Vector triangle(tracked);
    for (int c = 0; c < ensemble.size(); ++c) {
        const Chain& chain = ensemble.chain(c);
        for (int draw = thin - 1; draw < ensemble.goal(); draw += thin) {
            for (Index i = 0; i < tracked; ++i) triangle(i) = chain.tracked(draw, i);
            append(U, from_lower_triangle(triangle));
            log_density.values.push_back(chain.log_density(draw));
        }
    }
    record[group + "/draws_order_parameter"] = std::move(U);
    record[group + "/draws_log_density"] = std::move(log_density);
    record[group + "/draws_thin"] = static_cast<std::int64_t>(thin);
}

}  // namespace

void sample(const std::string& name, const std::string& group, const SamplingMethod& method,
            const SamplingProblem& problem, Context& context, Record& record) {
    PointSampler sampler(name, method, context.hooks, context);
    ChainEnsemble& ensemble = sampler.ensemble();
    while (true) {
        sampler.note();
        if (context.is_spread && ensemble.transitions_left() > 0) throw HandedBack();
        for (int chain = 0; chain < ensemble.size(); ++chain) sampler.advance(chain);
        sampler.note();
        const SampleSummary summary = ensemble.summarise();
        if (ensemble.is_last(summary)) {
            add_summary(problem, summary, ensemble.size(), group, record);
            break;
        }
        ensemble.raise_goal();
    }
    add_averages(method.settings(), problem, method.predictions(ensemble, context.hooks.poll), group, record);
    if (method.settings().draws != StoredDraws::none) {
        add_draws(method.settings(), ensemble, method.target().tracked, group, record);
        method.add_draws(ensemble, group, context.hooks.poll, record);
    }
}

void advance_chain(const std::string& name, const SamplingMethod& method, int chain, Context& context) {
    PointHooks alone = context.hooks;
    alone.others_are_idle = [] { return false; };
    PointSampler sampler(name, method, alone, context);
    sampler.advance(chain);
    sampler.note();
}

}  // namespace attnpaths
