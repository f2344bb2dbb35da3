#include "base/error.hpp"
#include "base/numerics.hpp"
#include "python/arrays.hpp"
#include "python/dataset_features.hpp"
#include "python/solution.hpp"
#include "python/turn.hpp"
#include "theory/head_scores.hpp"

#include <exception>
#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <utility>
#include <vector>

namespace attnpaths::python {

namespace {

// A function that computes: without the interpreter's lock, one thread at a time.
using Computes = py::call_guard<Turn>;
constexpr auto inside = py::return_value_policy::reference_internal;

/// The package's exceptions (attnpaths.errors), with the program's one line.
// NOLINTNEXTLINE(performance-unnecessary-value-param): pybind11 takes functions of this signature
void raise_in_python(std::exception_ptr pointer) {
    const auto raise = [](const char* type, const std::exception& error) {
        const py::object kind = py::module_::import("attnpaths.errors").attr(type);
        PyErr_SetString(kind.ptr(), error.what());
    };
    try {
        if (pointer) std::rethrow_exception(pointer);
    } catch (const UsageError& error) {
        raise("UsageError", error);
    } catch (const DataError& error) {
        raise("DataError", error);
    } catch (const InputError& error) {
        raise("InputError", error);
    } catch (const NumericalError& error) {
        raise("NumericalError", error);
    } catch (const Error& error) {
        raise("AnalysisError", error);
    }
}

Statement statement(const NumberArray& features, Matrix targets, std::vector<Index> heads,
                    std::vector<double> widths, double readout_width, std::vector<double> layer_variances,
                    double input_variance, double readout_variance, double temperature, double memory) {
    Statement made;
    made.architecture.heads = std::move(heads);
    made.architecture.widths = std::move(widths);
    made.architecture.readout_width = readout_width;
    made.architecture.variances = {input_variance, std::move(layer_variances), readout_variance};
    made.temperature = temperature;
    made.memory = memory;
    check_numbers(made);
    made.features = path_features_of(features, path_count(made.architecture.heads));
    made.targets = std::move(targets);
    return made;
}

/// predict(features) of what knows its architecture.
template <class Class>
void bind_predict(py::class_<Class>& bound) {
    bound.def(
        "predict",
        [](const Class& self, const NumberArray& array) {
            const Matrix features = path_features_of(array, self.architecture().paths(), self.input_width());
            const Turn turn;
            return self.predict(features);
        },
        py::arg("features"), "Mean and variance of the outputs f at other points: features [points, N0, n].");
}

/// A property that is a member of one of the saddle point's parts.
template <class Part, class Member>
auto member_of(const Part& part, Member member) {
    return [part, member](const Solution& self) { return part(self.saddle()).*member; };
}

void bind_results(py::module_& module) {
    py::class_<Prediction>(module, "Prediction",
                           "Gaussian outputs f at some points, without the noise of variance T.")
        .def_property_readonly(
            "mean", [](const Prediction& self) -> const Matrix& { return self.mean; }, inside, "[points, D]")
        .def_property_readonly(
            "variance", [](const Prediction& self) -> const Matrix& { return self.variance; }, inside,
            "[points, D]");

    py::class_<Expansion> expansion(module, "NextOrder",
                                    "The theory one order of 1/N beyond the saddle point.");
    expansion
        .def_property_readonly(
            "order_parameter",
            [](const Expansion& self) -> const Matrix& { return self.next().order_parameter(); }, inside,
            "Mean of U_1 under the posterior [n D, n D].")
        .def_property_readonly(
            "shift", [](const Expansion& self) -> const Matrix& { return self.next().shift(); }, inside,
            "That mean less the saddle point [n D, n D].")
        .def_property_readonly(
            "standard_deviation",
            [](const Expansion& self) -> const Matrix& { return self.next().standard_deviation(); }, inside,
            "Of each element of U_1 under the posterior [n D, n D].")
        .def_property_readonly(
            "shift_over_sd", [](const Expansion& self) { return self.next().shift_over_sd(); },
            "max |shift| / standard deviation: beyond 1/2 the expansion is not to be trusted.")
        .def_property_readonly(
            "smallest_eigenvalue",
            [](const Expansion& self) {
                const Turn turn;
                return self.next().smallest_eigenvalue();
            },
            "Of order_parameter: negative where the expansion has left the possible ones.")
        .def(
            "covariance", [](const Expansion& self) { return self.next().covariance(); }, Computes(),
            "Covariance of the lower triangle of U_1, column by column [m, m], m = n D (n D + 1) / 2.");
    bind_predict(expansion);

    py::class_<WideNetwork> wide(module, "GaussianProcess", "The network of infinite width.");
    wide.def_property_readonly("eigenvalues", &WideNetwork::eigenvalues, inside,
                               "Of its kernel of one output, descending [R]; every output has the same.")
        .def_property_readonly("target_powers", &WideNetwork::target_powers, inside,
                               "Share of the targets' power along each eigenvector, summed over outputs [R].")
        .def_property_readonly("log_evidence", &WideNetwork::log_evidence,
                               "Logarithm of the density of the targets, exact (nats).");
    bind_predict(wide);
}

void bind_draws(py::module_& module) {
    const auto summary = [](auto member) {
        return [member](const ExactDraws& self) { return self.summary().*member; };
    };
    py::class_<ExactDraws>(module, "Samples",
                           "Weighted draws from the exact posterior of U_1, and means over them.")
        .def_property_readonly(
            "order_parameters",
            [](const py::object& self) {
                const auto& draws = self.cast<const ExactDraws&>();
                return view(draws.order_parameters(), {draws.weights().size(), draws.size(), draws.size()},
                            self);
            },
            "U_1 of every draw [draws, n D, n D]; draw 2 j + 1 mirrors draw 2 j about the mode.")
        .def_property_readonly("weights", &ExactDraws::weights, inside, "Of the draws [draws]; sum is 1.")
        .def_property_readonly("order_parameter", &ExactDraws::mean, inside,
                               "Mean of U_1 under the posterior [n D, n D].")
        .def_property_readonly("standard_error", &ExactDraws::error, inside,
                               "Monte Carlo standard error of that mean [n D, n D].")
        .def_property_readonly("standard_deviation", &ExactDraws::standard_deviation, inside,
                               "Of each element of U_1 under the posterior [n D, n D].")
        .def_property_readonly("log_evidence", &ExactDraws::log_evidence,
                               "Logarithm of the density of the targets, exact but for its error (nats).")
        .def_property_readonly("log_evidence_error", &ExactDraws::log_evidence_error,
                               "Monte Carlo standard error of it (nats).")
        .def_property_readonly("effective_draws", summary(&WeightSummary::effective_draws),
                               "How many draws of the posterior itself these are worth.")
        .def_property_readonly("pareto_k", summary(&WeightSummary::pareto_k),
                               "Shape of the tail of the weights: up to 0.5 errors mean what they say, up "
                               "to 0.7 they may be larger, beyond that nothing here is to be believed.")
        .def_property_readonly(
            "is_usable", [](const ExactDraws& self) { return attnpaths::is_usable(self.summary().quality); },
            "Whether the draws are worth as many as were wanted, at a pareto_k of at most 0.7.");
}

void bind_saddle_point(py::module_& module) {
    const auto whole = [](const SaddlePoint& saddle) -> const SaddlePoint& { return saddle; };
    const auto action = [](const SaddlePoint& saddle) -> const Action::Parts& { return saddle.action; };
    const auto gradient = [](const SaddlePoint& saddle) -> const GradientCertificate& {
        return saddle.gradient;
    };
    py::class_<Solution> solution(module, "SaddlePoint",
                                  "Order parameters at finite width, and what follows.");
    solution
        .def_property_readonly(
            "order_parameters",
            [](const py::object& self) {
                return views(self.cast<const Solution&>().saddle().order_parameters.U, self);
            },
            "(U_1, ..., U_L), each [n_l D, n_l D] with n_l = H_l ... H_L; U_1 weighs the path kernels.")
        .def_property_readonly(
            "readout_order_parameter",
            [](const Solution& self) -> const Matrix& { return self.saddle().order_parameters.U_a; }, inside,
            "U_a [D, D]")
        .def_property_readonly("action", member_of(action, &Action::Parts::action), "S / largest width")
        .def_property_readonly("energy", member_of(action, &Action::Parts::data_term),
                               "Its part of the data / largest width.")
        .def_property_readonly("entropy", member_of(action, &Action::Parts::entropy),
                               "Its part of the prior / largest width.")
        .def_property_readonly(
            "is_certified", member_of(whole, &SaddlePoint::is_certified),
            "Whether gradient_norm and gradient_bound are together within the tolerance and "
            "the Hessian is positive definite.")
        .def_property_readonly("gradient_norm", member_of(gradient, &GradientCertificate::norm_U),
                               "max |dS/dU_ij| over all layers (S / largest width)")
        .def_property_readonly("gradient_bound", member_of(gradient, &GradientCertificate::bound_U),
                               "Bound on its error by rounding.")
        .def_property_readonly("smallest_curvature", member_of(whole, &SaddlePoint::hessian_min),
                               "Smallest eigenvalue of the Hessian of S / largest width.")
        .def_property_readonly("iterations", member_of(whole, &SaddlePoint::iterations), "Of the optimiser.")
        .def_property_readonly("evaluations", member_of(whole, &SaddlePoint::evaluations),
                               "Of the action and its gradient.")
        .def_property_readonly(
            "head_scores",
            [](const Solution& self) {
                return head_scores(self.saddle().order_parameters.U.front(), self.architecture().heads,
                                   self.architecture().outputs);
            },
            "Of all heads, layer by layer [sum H_l]; the largest is 1.")
        .def_property_readonly(
            "path_scores",
            [](const Solution& self) {
                return path_scores(self.saddle().order_parameters.U.front(), self.architecture().heads,
                                   self.architecture().outputs);
            },
            "Of all paths [n]; the largest is 1.")
        .def(
            "next_order", [](const Solution& self) { return self.next_order(check_signals); }, Computes(),
            "The expansion about this saddle point, one order of 1/N further.")
        .def(
            "log_evidence",
            [](const Solution& self, bool two_loop) { return self.log_evidence(two_loop, check_signals); },
            py::arg("two_loop") = false, Computes(),
            "Logarithm of the density of the targets (nats), by Laplace's approximation; two_loop: one order "
            "of "
            "1/N further, for four Hessians of each unknown.")
        .def(
            "predict_with",
            [](const Solution& self, const NumberArray& array, const Matrix& U) {
                const Matrix features =
                    path_features_of(array, self.architecture().paths(), self.input_width());
                const Turn turn;
                return self.predict(features, U);
            },
            py::arg("features"), py::arg("order_parameter"),
            "The same as predict of another order parameter U_1 [n D, n D], such as a draw.")
        .def(
            "sample",
            [](const Solution& self, std::uint64_t seed, double effective_draws, int most_draws) {
                return self.sample({seed, {effective_draws, most_draws}}, check_signals);
            },
            py::arg("seed"), py::arg("effective_draws"), py::arg("most_draws"), Computes(),
            "Independent draws from the exact posterior.");
    bind_predict(solution);
}

void bind_data_sets(py::module_& module) {
    module.def(
        "features_of_set",
        [](const std::string& path, const std::string& set) {
            ExampleFeatures examples;
            {
                const Turn turn;
                examples = features_of_set(path, set);
            }
            return py::make_tuple(array_of_features(examples.features, path_count(examples.heads)),
                                  std::move(examples.targets));
        },
        py::arg("path"), py::arg("set"));
    py::class_<NamedTurn>(module, "Turn",
                          "Within `with Turn():` no other thread of the process computes with this module.")
        .def(py::init())
        .def("__enter__", [](const NamedTurn&) { NamedTurn::enter(); })
        .def("__exit__", [](const NamedTurn&, const py::args&) { NamedTurn::exit(); });
}

}  // namespace

}  // namespace attnpaths::python

// analysis/attnpaths/theory.py states problems and hands them on.
PYBIND11_MODULE(_theory, module) {
    using namespace attnpaths::python;
    attnpaths::fix_matrix_products();
    py::register_local_exception_translator(raise_in_python);
    bind_results(module);
    bind_draws(module);
    bind_saddle_point(module);
    bind_data_sets(module);
    py::class_<Statement>(module, "Statement", "A problem, to be solved once.")
        .def(py::init(&statement), py::kw_only(), py::arg("features"), py::arg("targets"), py::arg("heads"),
             py::arg("widths"), py::arg("readout_width"), py::arg("layer_variances"),
             py::arg("input_variance"), py::arg("readout_variance"), py::arg("temperature"),
             py::arg("memory"));
    module.def(
        "saddle_point",
        [](Statement& stated, double tolerance) {
            return std::make_unique<Solution>(std::move(stated), tolerance, check_signals);
        },
        py::arg("statement"), py::arg("tolerance"), Computes());
    module.def(
        "gaussian_process",
        [](Statement& stated) { return std::make_unique<WideNetwork>(std::move(stated)); },
        py::arg("statement"), Computes());
}
