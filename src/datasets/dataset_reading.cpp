#include "datasets/dataset_reading.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace attnpaths::dataset_reading {

void check_cube(const h5::InputFile& file, const std::string& object, const char* axes) {
    const std::vector<hsize_t> shape = file.shape(object);
    if (shape.size() != 3)
        throw DataError(fmt::format("{}: {} has shape {}, expected three axes {}", file.path(), object,
                                    shape_text(shape), axes));
    if (std::find(shape.begin(), shape.end(), hsize_t{0}) != shape.end())
        throw DataError(
            fmt::format("{}: {} is empty: its shape {} has a 0", file.path(), object, shape_text(shape)));
}

h5::Array<double> read_cube(const h5::InputFile& file, const std::string& object, const char* axes) {
    check_cube(file, object, axes);
    return file.read(object);
}

Eigen::Map<const dataset_format::RowMajor> slice(const h5::Array<double>& cube, Index index) {
    const auto rows = static_cast<Index>(cube.shape[1]);
    const auto columns = static_cast<Index>(cube.shape[2]);
    return {cube.values.data() + index * rows * columns, rows, columns};
}

}  // namespace attnpaths::dataset_reading
