#include "analyses/record_values.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

void append_rows(const Matrix& matrix, std::vector<double>& values) {
    for (Index row = 0; row < matrix.rows(); ++row)
        for (Index column = 0; column < matrix.cols(); ++column) values.push_back(matrix(row, column));
}

std::vector<std::uint64_t> shape_of(const Matrix& matrix) {
    return {static_cast<std::uint64_t>(matrix.rows()), static_cast<std::uint64_t>(matrix.cols())};
}

/// The value of a column, null if it is not there or of another type.
template <class T>
const T* find_value(const Record& record, const std::string& column) {
    const auto found = record.find(column);
    return found == record.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

ValueArray array_of(const Matrix& matrix) {
    ValueArray array{shape_of(matrix), {}};
    append_rows(matrix, array.values);
    return array;
}

void append(ValueArray& array, const Matrix& matrix) {
    if (array.values.empty())
        for (const std::uint64_t extent : shape_of(matrix)) array.shape.push_back(extent);
    append_rows(matrix, array.values);
}

ValueArray array_of(const Vector& vector) {
    return {{static_cast<std::uint64_t>(vector.size())}, {vector.begin(), vector.end()}};
}

Vector vector_of(const Record& record, const std::string& column, Index size) {
    const auto* array = find_value<ValueArray>(record, column);
    if (array == nullptr || static_cast<Index>(array->values.size()) != size)
        throw DataError(fmt::format("results without {} of {} values", column, size));
    return Eigen::Map<const Vector>(array->values.data(), size);
}

double number_of(const Record& record, const std::string& column) {
    const auto* number = find_value<double>(record, column);
    if (number == nullptr) throw DataError(fmt::format("results without {}", column));
    return *number;
}

const std::string& required_text(const Record& record, const std::string& column) {
    const auto* text = find_value<std::string>(record, column);
    if (text == nullptr) throw DataError(fmt::format("results without {}", column));
    return *text;
}

}  // namespace attnpaths
