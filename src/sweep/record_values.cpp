#include "sweep/record_values.hpp"

namespace attnpaths {

ValueArray array_of(const Matrix& matrix) {
    ValueArray array{{static_cast<std::uint64_t>(matrix.rows()), static_cast<std::uint64_t>(matrix.cols())},
                     {}};
    array.values.reserve(static_cast<std::size_t>(matrix.size()));
    for (Index row = 0; row < matrix.rows(); ++row)
        for (Index column = 0; column < matrix.cols(); ++column) array.values.push_back(matrix(row, column));
    return array;
}

ValueArray array_of(const Vector& vector) {
    return {{static_cast<std::uint64_t>(vector.size())}, {vector.begin(), vector.end()}};
}

void add_quality(Record& record, const std::string& group, const std::string& suffix,
                 const PredictionQuality& quality) {
    record[group + "/accuracy" + suffix] = quality.accuracy;
    record[group + "/mse" + suffix] = quality.mse;
    record[group + "/bias" + suffix] = quality.bias;
    record[group + "/variance" + suffix] = quality.variance;
}

}  // namespace attnpaths
