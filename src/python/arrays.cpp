#include "python/arrays.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <pybind11/eigen.h>
#include <span>
#include <string>

namespace attnpaths::python {

Matrix path_features_of(const NumberArray& array, Index paths, Index width) {
    if (array.ndim() != 3 || array.shape(2) != paths || array.shape(0) < 1 || array.shape(1) < 1 ||
        (width > 0 && array.shape(1) != width)) {
        const std::span<const py::ssize_t> shape(array.shape(), static_cast<std::size_t>(array.ndim()));
        throw DataError(fmt::format("features: has shape [{}], expected [points, {}, {}]: N0 times paths",
                                    fmt::join(shape, ", "), width > 0 ? std::to_string(width) : "N0", paths));
    }
    const auto values = array.unchecked<3>();
    const Index examples = values.shape(0);
    width = values.shape(1);
    Matrix features(examples, width * paths);
    for (Index path = 0; path < paths; ++path)
        for (Index i = 0; i < width; ++i)
            for (Index example = 0; example < examples; ++example)
                features(example, path * width + i) = values(example, i, path);
    if (!features.allFinite()) throw DataError("features: has numbers that are infinite or not a number");
    return features;
}

py::array_t<double> array_of_features(const Matrix& features, Index paths) {
    const Index width = features.cols() / paths;
    py::array_t<double> array({features.rows(), width, paths});
    auto values = array.mutable_unchecked<3>();
    for (Index example = 0; example < features.rows(); ++example)
        for (Index i = 0; i < width; ++i)
            for (Index path = 0; path < paths; ++path)
                values(example, i, path) = features(example, path * width + i);
    return array;
}

py::array_t<double> view(const std::vector<double>& numbers, const std::vector<Index>& shape,
                         const py::object& owner) {
    py::array_t<double> array(shape, numbers.data(), owner);
    array.attr("setflags")(py::arg("write") = false);
    return array;
}

py::tuple views(const std::vector<Matrix>& matrices, const py::object& owner) {
    py::tuple list(matrices.size());
    for (std::size_t i = 0; i < matrices.size(); ++i)
        list[i] = py::cast(matrices[i], py::return_value_policy::reference_internal, owner);
    return list;
}

}  // namespace attnpaths::python
