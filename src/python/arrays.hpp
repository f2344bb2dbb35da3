#pragma once

#include "network/architecture.hpp"

#include <pybind11/numpy.h>
#include <vector>

namespace attnpaths::python {

namespace py = pybind11;

/// Numbers of any layout and type that numpy turns into float64.
using NumberArray = py::array_t<double, py::array::forcecast>;

/// Path features as the theory works on them, path by path [P, N0 n]: the one copy that is made of them.
/// @param array  the argument features [P, N0, n], as data set files have them
/// @param width  N0 of the training examples; 0: these are the training examples
/// @throws DataError if the shape is another, or a number is not finite
Matrix path_features_of(const NumberArray& array, Index paths, Index width = 0);

/// The same of numpy: path features [P, N0 n] as an array [P, N0, n] of its own.
py::array_t<double> array_of_features(const Matrix& features, Index paths);

/// Numbers of their owner, one row after the other, as an array of this shape, without a copy; read-only.
py::array_t<double> view(const std::vector<double>& numbers, const std::vector<Index>& shape,
                         const py::object& owner);

/// Arrays that refer to matrices of their owner, without a copy; read-only.
py::tuple views(const std::vector<Matrix>& matrices, const py::object& owner);

}  // namespace attnpaths::python
