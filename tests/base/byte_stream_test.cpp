#include "base/byte_stream.hpp"

#include "base/matrix_stream.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace attnpaths {
namespace {

TEST(ByteStream, ReadsBackWhatWasWritten) {
    ByteWriter out;
    out.number(std::uint8_t{200});
    out.number(-1.5e-300);
    out.text(std::string_view("path\0kernel", 11));
    out.text("");
    out.number(std::int64_t{-7});
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::uint8_t>(), 200);
    EXPECT_EQ(in.number<double>(), -1.5e-300);
    EXPECT_EQ(in.text(), std::string_view("path\0kernel", 11));
    EXPECT_EQ(in.text(), "");
    EXPECT_EQ(in.number<std::int64_t>(), -7);
    EXPECT_EQ(in.left(), 0U);
    EXPECT_FALSE(in.failed());
}

TEST(ByteStream, ReadingPastTheEndFailsForGood) {
    ByteWriter out;
    out.number(std::uint32_t{1});
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::uint64_t>(), 0U);
    EXPECT_TRUE(in.failed());
    EXPECT_EQ(in.number<std::uint8_t>(), 0U);
}

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
