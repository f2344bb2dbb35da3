#include "datasets/token_file.hpp"

#include "base/error.hpp"
#include "datasets/computed_tokens.hpp"
#include "datasets/dataset_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

TokenFile::TokenFile(std::shared_ptr<const h5::InputFile> file, std::string object, bool tokens_first)
    : file_(std::move(file)), object_(std::move(object)), tokens_first_(tokens_first) {
    const h5::NumberSet found = file_->describe(object_);
    examples_ = static_cast<Index>(found.shape.at(0));
    input_width_ = static_cast<Index>(found.shape.at(tokens_first ? 2 : 1));
    tokens_ = static_cast<Index>(found.shape.at(tokens_first ? 1 : 2));
    // As many as are unpacked together, but no more than fit a part of memory that nobody misses.
    const Index fitting = examples_of_a_block(input_width_, tokens_);
    const auto chunk = static_cast<Index>(
        std::min(found.rows_at_a_time, static_cast<std::uint64_t>(std::max<Index>(1, examples_))));
    examples_at_a_time_ = chunk < fitting ? fitting / chunk * chunk : fitting;
    // Numbers that cannot be read are found at once.
    static_cast<void>(file_->read_rows(object_, 0, 1));
}

Matrix TokenFile::read(Index first, Index count) const {
    const h5::Array<double> cube =
        file_->read_rows(object_, static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(count));
    Matrix x(input_width_, count * tokens_);
    const Index size = input_width_ * tokens_;
    for (Index place = 0; place < count; ++place) {
        const double* const numbers = cube.values.data() + place * size;
        auto own = x.middleCols(place * tokens_, tokens_);
        // Features fastest is column after column of [N0, tokens].
        if (tokens_first_)
            own = Eigen::Map<const Matrix>(numbers, input_width_, tokens_);
        else
            own = Eigen::Map<const dataset_format::RowMajor>(numbers, input_width_, tokens_);
        for (Index token = 0; token < tokens_ && mask_.size() > 0; ++token)
            if (!mask_(token, first + place)) own.col(token).setZero();
    }
    if (!x.allFinite()) fail(first, x);
    return x;
}

void TokenFile::fail(Index first, const Matrix& x) const {
    Index bad = 0;
    while (std::isfinite(x.data()[bad])) ++bad;
    const Index column = bad / input_width_;
    throw DataError(
        fmt::format("{}: {}: example {}, feature {}, token {} (counted from 0) is {}; values must be finite",
                    file_->path(), object_, first + column / tokens_, bad % input_width_, column % tokens_,
                    x.data()[bad]));
}

}  // namespace attnpaths
