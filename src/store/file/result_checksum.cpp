#include "store/file/result_checksum.hpp"

#include "base/byte_stream.hpp"
#include "base/hash.hpp"
#include "point/columns.hpp"
#include "point/schema.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// One NaN for all, because the sign and payload of a NaN say nothing about the result.
double without_nan_bits(double value) {
    return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
}

void normalise_nans(Value& value) {
    if (auto* real = std::get_if<double>(&value)) *real = without_nan_bits(*real);
    if (auto* array = std::get_if<ValueArray>(&value))
        for (double& element : array->values) element = without_nan_bits(element);
}

/// @param and_column  one that counts although it need not be reproducible
std::string checksum_of_results(const Record& record, std::string_view and_column) {
    ByteWriter out;
    for (const auto& [column, value] : record) {
        // A missing value and no value are the same result: the store does not tell them apart.
        if (column == "point/checksum" || is_missing(value) ||
            (!find_column(column).reproducible && column != and_column))
            continue;
        Value plain = value;
        normalise_nans(plain);
        out.text(column);
        write_value(out, column, plain);
    }
    const std::string bytes = out.take();
    return to_hex(checksum(bytes.data(), bytes.size()));
}

}  // namespace

std::string result_checksum(const Record& record) {
    return checksum_of_results(record, "");
}

bool matches_its_checksum(const Record& record) {
    const std::string& written = text_of(record, "point/checksum");
    return written == result_checksum(record) || written == checksum_of_results(record, "point/task");
}

}  // namespace attnpaths
