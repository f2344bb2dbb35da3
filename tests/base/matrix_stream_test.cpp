#include "base/matrix_stream.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

namespace attnpaths {
namespace {

TEST(MatrixStream, ReadsBackMatricesBlocksAndVectors) {
    const Eigen::MatrixXd matrix = Eigen::MatrixXd::Random(5, 4);
    const Eigen::VectorXd vector = Eigen::VectorXd::Random(3);
    ByteWriter out;
    write_matrix(out, matrix);
    write_matrix(out, matrix.block(1, 1, 3, 2));
    write_matrix(out, matrix.transpose());
    write_matrix(out, vector);
    write_matrix(out, Eigen::MatrixXd(0, 3));
    write_matrix(out, Eigen::VectorXd());
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(read_matrix(in), matrix);
    EXPECT_EQ(read_matrix(in), matrix.block(1, 1, 3, 2));
    EXPECT_EQ(read_matrix(in), matrix.transpose());
    EXPECT_EQ(read_vector(in), vector);
    EXPECT_EQ(read_matrix(in).cols(), 3);
    EXPECT_EQ(read_vector(in).size(), 0);
    EXPECT_EQ(in.left(), 0U);
    EXPECT_FALSE(in.failed());
}

TEST(MatrixStream, SizesThatTheBytesCannotHoldFailTheReader) {
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    constexpr std::uint64_t root = std::uint64_t{1} << 32U;  // root * root overflows to 0
    const std::pair<std::uint64_t, std::uint64_t> sizes[] = {
        {2, 2}, {3, 2}, {root, root}, {largest, 1}, {1, largest}, {0, largest}, {largest, 0}};
    for (const auto& [rows, columns] : sizes) {
        ByteWriter out;
        out.number(rows);
        out.number(columns);
        for (int i = 0; i < 3; ++i) out.number(1.0);
        const std::string bytes = out.take();
        ByteReader in(bytes);
        EXPECT_EQ(read_matrix(in).size(), 0);
        EXPECT_TRUE(in.failed()) << rows << " x " << columns;
    }
}

TEST(MatrixStream, AVectorHasOneColumn) {
    ByteWriter out;
    write_matrix(out, Eigen::MatrixXd::Zero(2, 2));
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(read_vector(in).size(), 0);
    EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace attnpaths
