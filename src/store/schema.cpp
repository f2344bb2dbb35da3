#include "store/schema.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace attnpaths {

namespace {

using enum ColumnType;

/// Quantities that every predictor has, for its group.
void add_predictor_quality(std::vector<Column>& columns, const std::string& group, const std::string& of) {
    const auto add = [&](const char* name, const std::string& description) {
        columns.push_back({group + "/" + name, real, "", "", description + " of " + of});
    };
    add("accuracy",
        "fraction of test points with sign(mean) = y (arg max for D > 1; NaN if y are no classes)");
    add("mse", "test mean squared error, bias + variance,");
    add("bias", "mean over test points of |y - predictor mean|^2");
    add("variance", "mean over test points of the predictor variance (summed over outputs)");
    add("train_accuracy", "as accuracy, on the training points,");
    add("train_mse", "as mse, on the training points,");
}

/// Spectrum of a kernel and its alignment with the task, for a predictor's group.
void add_alignment(std::vector<Column>& columns, const std::string& group, const std::string& of) {
    columns.push_back(
        {group + "/eigenvalues", array, "[k]", "", "largest eigenvalues of the training kernel " + of});
    columns.push_back({group + "/overlaps", array, "[k]", "",
                       "|v_k . y| / sqrt(P) of the eigenvectors of the kernel " + of});
    columns.push_back(
        {group + "/cumulative_power", array, "[k]", "", "sum_{j<=k} (v_j . y)^2 / y'y of the kernel " + of});
}

/// What a sampler says of the posterior and of itself, for its group.
void add_sampling(std::vector<Column>& columns, const std::string& group, const std::string& of) {
    const auto add = [&](const char* name, ColumnType type, const char* shape,
                         const std::string& description) {
        columns.push_back({group + "/" + name, type, shape, "", description});
    };
    add("verdict", text, "", "sampled, not-converged or failed");
    add("message", text, "", "why the sampling failed; empty otherwise");
    add("order_parameter", array, "[nD, nD]", "mean of U_1 under " + of);
    add("order_parameter_mcse", array, "[nD, nD]", "Monte Carlo standard error of that mean");
    add("order_parameter_sd", array, "[nD, nD]", "standard deviation of U_1 under " + of);
    add("order_parameter_z", array, "[nD, nD]",
        "(U_1 of the theory - that mean) / its Monte Carlo standard error");
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
    add("bias", real, "", "mean over test points of |y - predictor mean|^2 under " + of);
    add("variance", real, "", "mean over test points of the predictor variance under " + of);
    add("predictor_z", real, "",
        "root mean square over test points of (theory - sampled predictor mean) / its standard error");
    add("accuracy_mcse", real, "",
        "Monte Carlo standard error of accuracy (from random halves of the draws)");
    add("predictor_mean", array, "[P_test, D]", "predictor mean under " + of);
    add("predictor_mean_mcse", array, "[P_test, D]", "Monte Carlo standard error of that mean");
    add("predictor_variance", array, "[P_test, D]", "predictor variance (of f, without T) under " + of);
    add("draws_order_parameter", array, "[chains, draws, nD, nD]", "stored draws of U_1");
    add("draws_log_density", array, "[chains, draws]", "log density at the stored draws, up to a constant");
    add("draws_thin", integer, "", "every such draw is stored");
    add("draws_V0", array, "[chains, draws, N_1, N0]", "V0 at the stored draws");
    add("draws_V", array, "[chains, draws, H_l, N_{l+1}, N_l]", "V^l at the stored draws (suffix -layerl)");
    add("draws_a", array, "[chains, draws, N_a, D]", "readout a at the stored draws");
}

std::vector<Column> make_schema() {
    std::vector<Column> c = {
        {"point/key", text, "", "", "hash of everything that determines the result"},
        {"point/part", text, "", "", "part of the sweep's configuration; empty if it has none", false},
        {"point/task", text, "", "", "task name, or data set file name", false},
        {"point/width", real, "", "", "largest of N_1..N_L, N_a (the width, where all are equal)"},
        {"point/widths", array, "[L+1]", "", "N_1..N_L, N_a"},
        {"point/examples", integer, "", "", "training examples P"},
        {"point/heads", integer, "", "",
         "largest head count of a layer (the head count, where all are equal)"},
        {"point/head_counts", array, "[L]", "", "H_1..H_L"},
        {"point/depth", integer, "", "", "attention layers L"},
        {"point/paths", integer, "", "", "attention paths n = prod H_l"},
        {"point/outputs", integer, "", "", "outputs D"},
        {"point/variances", array, "[L+2]", "", "prior variances sigma_0^2, sigma_1^2..sigma_L^2, sigma_a^2"},
        {"point/temperature", real, "", "", "T, variance of the Gaussian likelihood"},
        {"point/seed", integer, "", "", "seed of the generated data"},
        {"point/evaluation", text, "", "",
         "how kernels were evaluated: kernels (held in memory) or features"},
        {"point/status", text, "", "", "done or failed", false},
        {"point/message", text, "", "", "why the point failed; empty if done", false},
        {"point/attempts", integer, "", "", "runs in which the point was started", false},
        {"point/seconds", real, "", "s", "wall time of the point, its chains one after the other", false},
        {"point/nominal_theory", real, "", "s", "time by a count of operations, chains aside", false},
        {"point/nominal_sampling", real, "", "s", "time of the chains by a count of operations", false},
        {"point/finished", real, "", "s", "when the point ended, seconds since 1970", false},
        {"point/host", text, "", "", "machine that computed it", false},
        {"point/asked_by", text, "", "", "who asked for it first, user@host", false},
        {"point/submission", text, "", "", "submission that asked for it; empty: the sweep's own grid",
         false},
        {"point/checksum", text, "", "", "checksum of the reproducible columns", false},
        {"theory/action", real, "", "", "S at the saddle point / largest width"},
        {"theory/energy", real, "", "", "energy part of the action / largest width"},
        {"theory/entropy", real, "", "", "entropy part of the action / largest width"},
        {"theory/U_a", array, "[D, D]", "", "readout order parameter U_a"},
        {"theory/order_parameter", array, "[nD, nD]", "",
         "order parameter U_1 (h_1 slowest, output fastest)"},
        {"theory/order_parameter_above", array, "[n_l D, n_l D]", "",
         "order parameter U_l of layer l > 1 (suffix -layerl)"},
        {"theory/gradient_norm", real, "", "", "certificate: max |dS/dB| (S / largest width)"},
        {"theory/gradient_norm_U", real, "", "",
         "certificate: max |dS/dU_ij| over all layers (S / largest width)"},
        {"theory/gradient_bound_U", real, "", "",
         "certificate: bound on the error of max |dS/dU_ij|, rounding of features included"},
        {"theory/gradient_norm_relative", real, "", "",
         "certificate: max |A' dS/dU A| with U = A A', whatever the size of U (S / largest width)"},
        {"theory/gradient_bound_relative", real, "", "",
         "certificate: bound on the error of max |A' dS/dU A|"},
        {"theory/certificate", text, "", "",
         "certified: max |dS/dU_ij| and its bound are together within theory.tolerance and the Hessian is "
         "positive definite; reached: the numbers beside it say how far"},
        {"theory/in_regime", integer, "", "",
         "1 if every width is at least the size of its order parameter (N_l >= n_l), 0 outside the theory's "
         "regime"},
        {"theory/hessian_min", real, "", "",
         "certificate: smallest eigenvalue of d2S/dB2 (S / largest width)"},
        {"theory/iterations", integer, "", "", "accepted steps of the optimiser"},
        {"theory/evaluations", integer, "", "", "evaluations of action and gradient"},
        {"theory/hessians", integer, "", "", "evaluations of the Hessian"},
        {"theory/second_start_difference", real, "", "",
         "max |U_1 - U_1 from a second start|; NaN if not asked for"},
        {"theory/head_scores", array, "[sum H_l]", "",
         "s(l,h): sum |U_1| through head h of layer l / largest, layer by layer"},
        {"theory/path_scores", array, "[n]", "", "sum |U_1| through a path / largest"},
    };
    add_predictor_quality(c, "theory", "the predictor at the saddle point");
    add_alignment(c, "theory", "at the saddle point");
    add_predictor_quality(c, "gp", "the Gaussian process (infinite width)");
    add_alignment(c, "gp", "of the Gaussian process");
    add_sampling(c, "sampling/order-parameter", "the exact finite-width posterior over the order parameters");
    add_sampling(c, "sampling/weights", "the posterior over all weights");
    c.push_back({"predictor/mean", array, "[P_test, D]", "", "predictor mean at the saddle point"});
    c.push_back({"predictor/variance", array, "[P_test, D]", "",
                 "predictor variance at the saddle point (of f, without T)"});
    c.push_back({"predictor/gp_mean", array, "[P_test, D]", "", "predictor mean of the Gaussian process"});
    c.push_back(
        {"predictor/gp_variance", array, "[P_test, D]", "", "predictor variance of the Gaussian process"});
    return c;
}

}  // namespace

const std::vector<Column>& schema() {
    static const std::vector<Column> columns = make_schema();
    return columns;
}

const Column& find_column(std::string_view name) {
    // Most names are exact; every column of every record is looked up here.
    static const std::unordered_map<std::string_view, const Column*> exact = [] {
        std::unordered_map<std::string_view, const Column*> columns;
        for (const Column& column : schema()) columns.emplace(column.name, &column);
        return columns;
    }();
    if (const auto found = exact.find(name); found != exact.end()) return *found->second;
    const std::size_t slash = name.rfind('/');
    if (slash != std::string_view::npos) {
        const std::string_view group = name.substr(0, slash);
        const std::string_view quantity = name.substr(slash + 1);
        const std::string_view plain_quantity = quantity.substr(0, quantity.find('-'));
        // A group may have a hyphen of its own, as sampling/order-parameter, or one before its suffix.
        for (const std::string_view plain_group : {group, group.substr(0, group.find('-'))})
            if (const auto found = exact.find(fmt::format("{}/{}", plain_group, plain_quantity));
                found != exact.end())
                return *found->second;
    }
    throw DataError(fmt::format("column {} is not known to this version", name));
}

}  // namespace attnpaths
