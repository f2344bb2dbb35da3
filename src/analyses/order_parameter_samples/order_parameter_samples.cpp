#include "analyses/order_parameter_samples/order_parameter_samples.hpp"

#include "analyses/order_parameter_samples/independent_sampling.hpp"
#include "analyses/order_parameter_samples/order_parameter_cost.hpp"
#include "analyses/order_parameter_samples/order_parameter_method.hpp"
#include "analyses/order_parameter_samples/order_parameter_settings.hpp"
#include "analyses/samples/sampler_analysis.hpp"
#include "base/error.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

using enum ColumnType;

constexpr const char* name =
    "order-parameter";  // of the chains, and with "sampling/" before it of the columns
const std::string group = std::string("sampling/") + name;

void enter(Record& own, const char* column, const std::string& text) {
    own[fmt::format("{}/{}", group, column)] = text;
}

OrderParameterMethod chain_method(const OrderParameterSettings& settings, const SamplingProblem& problem) {
    return {settings.chains, settings.predictor_draws, problem};
}

void sample_by_chains(const OrderParameterSettings& settings, const SamplingProblem& problem,
                      const std::string& reason, Context& context, Record& own) {
    enter(own, "method", "nuts");
    enter(own, "reason", reason);
    sample(name, group, chain_method(settings, problem), problem, context, own);
}

IndependentOutcome try_independent(const OrderParameterSettings& settings, const SamplingProblem& problem,
                                   Context& context, Record& own) {
    try {
        return sample_independently(group, settings, problem, context, own);
    } catch (const NumericalError& error) {
        return {WeightQuality::unreliable, error.what()};
    }
}

/// By independent draws or, as they are what is done where nobody asked, not at all.
void sample_where_easy(const OrderParameterSettings& settings, const SamplingProblem& problem,
                       Context& context, Record& own) {
    const double seconds = independent_cost(size_of(problem.problem), settings).seconds();
    if (seconds > settings.limit)
        throw NotApplicable(
            fmt::format("takes about {:.0f} s by a count of operations, more than sampling.limit = {:.3g}: "
                        "raise it, or sample at any cost with sampling.method = auto",
                        seconds, settings.limit));
    const IndependentOutcome outcome = try_independent(settings, problem, context, own);
    enter(own, "method", "independent");
    enter(own, "reason", outcome.reason);
    enter(own, "verdict", verdict_of(outcome.quality));
    if (!is_usable(outcome.quality))
        enter(own, "message",
              fmt::format("independent draws are not reliable here ({}): ask for the no-U-turn sampler with "
                          "sampling.method = auto",
                          outcome.reason));
}

void sample_in_any_case(const OrderParameterSettings& settings, const SamplingProblem& problem,
                        Context& context, Record& own) {
    const IndependentOutcome outcome = try_independent(settings, problem, context, own);
    if (!is_usable(outcome.quality))
        return sample_by_chains(settings, problem, "independent draws: " + outcome.reason, context, own);
    enter(own, "method", "independent");
    enter(own, "reason", outcome.reason);
    enter(own, "verdict", verdict_of(outcome.quality));
}

void sample_by_setting(const SamplingProblem& problem, Context& context, Record& own) {
    const OrderParameterSettings settings = read_order_parameter_settings(context.inputs.settings);
    switch (settings.method) {
        case OrderParameterSampler::independent:
            return sample_where_easy(settings, problem, context, own);
        case OrderParameterSampler::automatic:
            return sample_in_any_case(settings, problem, context, own);
        case OrderParameterSampler::nuts:
            return sample_by_chains(settings, problem, "asked for", context, own);
    }
}

void advance_some(const SamplingProblem& problem, const std::string& sampler, std::span<const int> chains,
                  Context& context) {
    const OrderParameterSettings settings = read_order_parameter_settings(context.inputs.settings);
    if (sampler == independent_draws_name)
        advance_strands(settings, problem, chains, context);
    else
        advance_chains(name, chain_method(settings, problem), chains, context);
}

std::vector<Column> own_columns() {
    const std::string prefix = std::string(group) + "/";
    return {
        {prefix + "method", text, "", "", "independent (draws) or nuts (chains of the no-U-turn sampler)"},
        {prefix + "reason", text, "", "", "why this method: what the weights of independent draws say"},
        {prefix + "pareto_k", real, "", "",
         "shape of the tail of the independent draws' weights: up to 0.5 reliable, up to 0.7 doubtful"},
        {prefix + "control_gain", real, "", "",
         "by how many times control variates make the errors of U_1 smaller; 1: not used, as the independent "
         "draws are too few for them, their third derivatives would take long, or they do not help"},
        {"evidence/sampled", real, "", "nats",
         "log p(y), exact: from the weights of independent draws, or from chains by bridge sampling"},
        {"evidence/sampled_error", real, "", "nats", "its Monte Carlo standard error"},
    };
}

}  // namespace

Analysis order_parameter_samples_analysis() {
    Analysis analysis;
    analysis.name = "order-parameter-samples";
    analysis.summary =
        "draws of the exact posterior over the order parameters, at any width; its cost does not depend on "
        "the widths";
    analysis.source =
        "theory/README.md sections 10 and 14; Vehtari et al. 2024 (Pareto k); Hoffman and Gelman 2014 "
        "(no-U-turn sampler)";
    make_sampler(analysis, {name,
                            "the exact finite-width posterior over the order parameters",
                            "sampled",
                            {name, independent_draws_name},
                            sample_by_setting,
                            advance_some});
    analysis.by_default = true;
    analysis.revision = 4;  // densities of several chains at once
    for (const Column& column : own_columns()) analysis.columns.push_back(column);
    analysis.settings = order_parameter_setting_keys();
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(read_order_parameter_settings(settings));
    };
    analysis.is_short = [](const Settings& settings) {
        return read_order_parameter_settings(settings).method == OrderParameterSampler::independent;
    };
    analysis.cost = [](const ProblemSize& size, const Settings& settings) {
        return order_parameter_cost(size, read_order_parameter_settings(settings));
    };
    analysis.bytes = order_parameter_bytes;
    return analysis;
}

}  // namespace attnpaths
