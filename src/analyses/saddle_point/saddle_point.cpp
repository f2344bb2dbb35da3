#include "analyses/saddle_point/saddle_point.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

using enum ColumnType;

// Typical, per solution.
constexpr double evaluations_per_solve = 20;
constexpr double evaluations_of_many = 40;
constexpr double vectors_of_many = 140;

constexpr const char* certificate_column = "theory/certificate";
constexpr const char* certified = "certified";

void add_certificate(Record& own, const SaddlePoint& saddle) {
    own[certificate_column] = std::string(saddle.is_certified ? certified : "reached");
    own["theory/gradient_norm"] = saddle.gradient_norm;
    own["theory/gradient_norm_U"] = saddle.gradient.norm_U;
    own["theory/gradient_bound_U"] = saddle.gradient.bound_U;
    own["theory/gradient_norm_relative"] = saddle.gradient.norm_relative;
    own["theory/gradient_bound_relative"] = saddle.gradient.bound_relative;
    own["theory/hessian_min"] = saddle.hessian_min;
    own["theory/hessian_min_error"] = saddle.hessian_min_error;
}

void run(const Problem& problem, const Record& /*needed*/, Record& own, Context& context) {
    DataTerm data_term = problem.data_term();
    SaddlePointOptions options = saddle_point_options(context.inputs.settings);
    options.poll = context.hooks.poll;
    const SaddlePoint saddle = solve_saddle_point(problem.architecture(), data_term, options);
    own["theory/action"] = saddle.action.action;
    own["theory/energy"] = saddle.action.data_term;
    own["theory/entropy"] = saddle.action.entropy;
    own["theory/U_a"] = array_of(saddle.order_parameters.U_a);
    own["theory/order_parameter"] = array_of(saddle.order_parameters.U.front());
    for (std::size_t layer = 1; layer < problem.architecture().depth(); ++layer)
        own[fmt::format("theory/order_parameter_above-layer{}", layer + 1)] =
            array_of(saddle.order_parameters.U[layer]);
    own["theory/unknowns"] = array_of(saddle.unknowns);
    add_certificate(own, saddle);
    own["theory/in_regime"] = static_cast<std::int64_t>(is_in_regime(problem.architecture()) ? 1 : 0);
    own["theory/iterations"] = static_cast<std::int64_t>(saddle.iterations);
    own["theory/evaluations"] = static_cast<std::int64_t>(saddle.evaluations);
    own["theory/hessians"] = static_cast<std::int64_t>(saddle.hessians);
    own["theory/hessian_products"] = static_cast<std::int64_t>(saddle.hessian_products);
    own["theory/second_start_difference"] = saddle.second_start_difference;
}

/// Of all order parameters: lower triangles of U_a, U_L .. U_1.
double unknowns_of(const ProblemSize& size) {
    double rows = static_cast<double>(size.architecture.outputs);
    double count = rows * (rows + 1) / 2;
    const std::vector<Index>& heads = size.architecture.heads;
    for (std::size_t layer = heads.size(); layer-- > 0;) {
        rows *= static_cast<double>(heads[layer]);
        count += rows * (rows + 1) / 2;
    }
    return count;
}

bool has_many_unknowns(const ProblemSize& size) {
    return unknowns_of(size) > static_cast<double>(SaddlePointOptions{}.most_dense_unknowns);
}

}  // namespace

SaddlePointOptions saddle_point_options(const Settings& settings) {
    SaddlePointOptions options;
    options.tolerance = settings.number("theory.tolerance", 1e-14, 1);
    options.second_start = settings.boolean("theory.second_start");
    return options;
}

double saddle_point_seconds(const ProblemSize& size) {
    if (has_many_unknowns(size)) return evaluations_of_many * evaluation_seconds(size);
    return evaluations_per_solve * evaluation_seconds(size) + hessian_seconds(size);
}

double saddle_point_bytes(const ProblemSize& size) {
    if (!has_many_unknowns(size)) return hessian_bytes(size);
    // Kernel matrix, inverse and two products; whitened features and a part that is mixed (of several outputs
    // features mixed and weighted); pairs of steps of L-BFGS, basis and images of Davidson's method.
    return sizeof(double) * (6 * size.system() * size.system() + 2 * size.system() * size.feature_columns() +
                             vectors_of_many * unknowns_of(size));
}

double hessian_seconds(const ProblemSize& size) {
    const double system = size.system();
    const auto input_width = static_cast<double>(size.input_width);
    const double features = size.feature_columns();
    return (system * system * features + system * features * features +
            std::pow(input_width, 2) * std::pow(size.order_parameter_rows(), 4) / 2) /
           flops_per_second;
}

double hessian_bytes(const ProblemSize& size) {
    // Kernel matrix with factor and inverse, whitened features, then first the Gram matrices of path pairs,
    // later the change of coordinates among the lower triangle's unknowns.
    const double system = size.system();
    const double rows = size.order_parameter_rows();
    const double pairs = rows * rows;
    const double unknowns = rows * (rows + 1) / 2;
    return sizeof(double) * (4 * system * system + 2 * system * size.feature_columns() +
                             std::max(2 * pairs * pairs, pairs * pairs + 4 * unknowns * unknowns));
}

double kept_hessian_bytes(const ProblemSize& size) {
    const double rows = size.order_parameter_rows();
    return sizeof(double) * std::pow(rows * (rows + 1) / 2, 2);
}

SaddlePoint saddle_point_of(const Problem& problem, const Record& needed) {
    const WhitenedCoordinates coordinates(problem.architecture());
    SaddlePoint saddle;
    saddle.unknowns = vector_of(needed, "theory/unknowns", coordinates.size());
    saddle.order_parameters = WhitenedCoordinates::order_parameters(coordinates.expand(saddle.unknowns));
    saddle.action.action = number_of(needed, "theory/action");
    saddle.action.data_term = number_of(needed, "theory/energy");
    saddle.action.entropy = number_of(needed, "theory/entropy");
    return saddle;
}

bool is_certified(const Record& needed) {
    return required_text(needed, certificate_column) == certified;
}

Analysis saddle_point_analysis() {
    Analysis analysis;
    analysis.name = "saddle-point";
    analysis.revision = 5;  // many paths from whitened features
    analysis.summary =
        "the order parameters at finite width: the minimum of the action, with its certificate";
    analysis.source =
        "Tiberi et al. 2024, the equations for the order parameters U; theory/README.md sections 4 and 5";
    analysis.settings = {
        {"theory.tolerance", "1e-10", "bound on max |dS/dU_ij| (S / largest width)"},
        {"theory.second_start", "false", "solve from a second start too and store the difference"},
    };
    analysis.columns = {
        {"theory/action", real, "", "", "S at the saddle point / largest width"},
        {"theory/energy", real, "", "", "energy part of the action / largest width"},
        {"theory/entropy", real, "", "", "entropy part of the action / largest width"},
        {"theory/U_a", array, "[D, D]", "", "readout order parameter U_a"},
        {"theory/order_parameter", array, "[nD, nD]", "",
         "order parameter U_1 (h_1 slowest, output fastest)"},
        {"theory/order_parameter_above", array, "[n_l D, n_l D]", "",
         "order parameter U_l of layer l > 1 (suffix -layerl)"},
        {"theory/unknowns", array, "[m]", "",
         "the order parameters as the optimiser has them: lower triangles of the whitened matrices B_a, "
         "B_L..B_1"},
        {"theory/gradient_norm", real, "", "", "certificate: max |dS/dB| (S / largest width)"},
        {"theory/gradient_norm_U", real, "", "",
         "certificate: max |dS/dU_ij| over all layers (S / largest width)"},
        {"theory/gradient_bound_U", real, "", "",
         "certificate: bound on the error of max |dS/dU_ij|, rounding of features included"},
        {"theory/gradient_norm_relative", real, "", "",
         "certificate: max |A' dS/dU A| with U = A A', whatever the size of U (S / largest width)"},
        {"theory/gradient_bound_relative", real, "", "",
         "certificate: bound on the error of max |A' dS/dU A|"},
        {certificate_column, text, "", "",
         "certified: max |dS/dU_ij| and its bound are together within theory.tolerance and the Hessian is "
         "positive definite; reached: the numbers beside it say how far"},
        {"theory/in_regime", integer, "", "",
         "1 if every width is at least the size of its order parameter (N_l >= n_l), 0 outside the theory's "
         "regime"},
        {"theory/hessian_min", real, "", "",
         "certificate: smallest eigenvalue of d2S/dB2 (S / largest width)"},
        {"theory/hessian_min_error", real, "", "",
         "certificate: of the smallest eigenvalue where products with the Hessian found it (many paths): an "
         "eigenvalue lies within; else 0"},
        {"theory/iterations", integer, "", "", "accepted steps of the optimiser"},
        {"theory/evaluations", integer, "", "", "evaluations of action and gradient"},
        {"theory/hessians", integer, "", "", "evaluations of the Hessian"},
        {"theory/hessian_products", integer, "", "",
         "products of the Hessian with a direction, where it is not formed: beyond some 50 paths"},
        {"theory/second_start_difference", real, "", "",
         "max |U_1 - U_1 from a second start|; NaN if not asked for"},
    };
    analysis.table = {
        {"N >= n", "theory/in_regime", TableColumn::Form::yes_or_no},
        {"max|dS/dU|", "theory/gradient_norm_U"},
        {"+-", "theory/gradient_bound_U"},
        {"certificate", certificate_column},
    };
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(saddle_point_options(settings));
    };
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {saddle_point_seconds(size), 0};
    };
    analysis.bytes = saddle_point_bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
