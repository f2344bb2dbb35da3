#include "analyses/samples/sampling_columns.hpp"

namespace attnpaths {

using enum ColumnType;

std::vector<Column> sampling_columns(const std::string& group, const std::string& of) {
    std::vector<Column> columns;
    const auto add = [&](const char* name, ColumnType type, const char* shape,
                         const std::string& description) {
        columns.push_back({group + "/" + name, type, shape, "", description});
    };
    add("verdict", text, "",
        "sampled, not-converged or failed; of independent draws doubtful (Pareto k up to 0.7: errors may be "
        "larger than they say), unreliable (above), too-few (effective draws)");
    add("message", text, "", "why there are no samples, and what to do; empty otherwise");
    add("order_parameter", array, "[nD, nD]", "mean of U_1 under " + of);
    add("order_parameter_mcse", array, "[nD, nD]", "Monte Carlo standard error of that mean");
    add("order_parameter_sd", array, "[nD, nD]", "standard deviation of U_1 under " + of);
    add("order_parameter_z", array, "[nD, nD]",
        "(U_1 of the theory - that mean) / its Monte Carlo standard error");
    add("saddle_verdict", text, "",
        "whether the saddle point will do: good (U_1 within 0.1 of its standard deviation, accuracy and bias "
        "within 3 standard errors), shifted, off (beyond 0.5)");
    add("shift_over_sd", real, "", "max |U_1 of the theory - that mean| / its standard deviation");
    add("rhat", real, "", "worst rank-normalised split R-hat over the elements of U_1 and the log density");
    add("ess", real, "", "least bulk effective sample size over the same");
    add("tail_ess", real, "", "least tail effective sample size over the same");
    add("ebfmi", real, "", "least E-BFMI over the chains");
    add("step_size", real, "", "mean step size of the chains");
    add("chains", integer, "", "chains");
    add("draws", integer, "", "draws per chain");
    add("divergences", integer, "", "divergent transitions");
    add("depth_hits", integer, "", "transitions that reached the largest tree depth");
    add("gradient_evaluations", integer, "", "evaluations of the log density's gradient, warm-up included");
    columns.push_back(
        {group + "/seconds", real, "", "s", "wall time of the chains, one after the other", false});
    add("accuracy", real, "", "fraction of test points with sign(mean) = y under " + of);
    add("mse", real, "", "bias + variance of the predictor under " + of);
    add("determination", real, "", "coefficient of determination R^2 of the mean predictor under " + of);
    add("bias", real, "", "mean over test points of |y - predictor mean|^2 under " + of);
    add("variance", real, "", "mean over test points of the predictor variance under " + of);
    add("predictor_z", real, "",
        "root mean square over test points of (theory - sampled predictor mean) / its standard error");
    add("accuracy_mcse", real, "",
        "Monte Carlo standard error of accuracy (from random halves of the draws)");
    add("accuracy_z", real, "", "|accuracy of the theory - that of the samples| / accuracy_mcse");
    add("bias_mcse", real, "", "Monte Carlo standard error of bias");
    add("bias_z", real, "", "|bias of the theory - that of the samples| / bias_mcse");
    add("predictor_mean", array, "[P_test, D]", "predictor mean under " + of);
    add("predictor_mean_mcse", array, "[P_test, D]", "Monte Carlo standard error of that mean");
    add("predictor_variance", array, "[P_test, D]", "predictor variance (of f, without T) under " + of);
    add("draws_order_parameter", array, "[chains, draws, nD, nD]", "stored draws of U_1");
    add("draws_log_density", array, "[chains, draws]", "log density at the stored draws, up to a constant");
    add("draws_thin", integer, "", "every such draw is stored");
    add("draws_V0", array, "[chains, draws, N_1, N0]", "V0 at the stored draws");
    add("draws_V", array, "[chains, draws, H_l, N_{l+1}, N_l]", "V^l at the stored draws (suffix -layerl)");
    add("draws_a", array, "[chains, draws, N_a, D]", "readout a at the stored draws");
    return columns;
}

}  // namespace attnpaths
