#include "h5/input_file.hpp"

#include "base/error.hpp"
#include "h5/whole_file.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <numeric>
#include <sys/stat.h>

namespace attnpaths::h5 {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Writes files by libhdf5 itself: what other programs may put into one.
class InputFileTest : public testing::Test {
  protected:
    void SetUp() override { initialise(); }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_.file(name); }

    Handle create(const std::string& name) const {
        return {H5Fcreate(path(name).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose};
    }
    static Handle space_of(const std::vector<hsize_t>& shape) {
        return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose};
    }
    static Handle add(const Handle& file, const char* name, const std::vector<hsize_t>& shape,
                      hid_t creation = H5P_DEFAULT, hid_t type = H5T_IEEE_F64LE) {
        return {H5Dcreate2(file.id(), name, type, space_of(shape).id(), H5P_DEFAULT, creation, H5P_DEFAULT),
                H5Dclose};
    }
    static Handle creation() { return {H5Pcreate(H5P_DATASET_CREATE), H5Pclose}; }
    static void write(const Handle& dataset, const std::vector<double>& values) {
        ASSERT_GE(H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    }
    void expect_refused(const std::string& name, const char* object, const std::string& words) const {
        EXPECT_THAT(
            [&] {
                const InputFile file(path(name));
                EXPECT_TRUE(file.has(object));
                static_cast<void>(file.read(object));
            },
            ThrowsMessage<DataError>(AllOf(HasSubstr(name), HasSubstr(object), HasSubstr(words))));
    }

  private:
    TemporaryFolder folder_;
};

TEST_F(InputFileTest, ChunkedAndPackedNumbersComeInOrder) {
    {
        const Handle file = create("a.h5");
        const Handle list = creation();
        const hsize_t chunk[] = {7, 25, 40};
        H5Pset_chunk(list.id(), 3, chunk);
        H5Pset_deflate(list.id(), 1);
        std::vector<double> values(std::size_t{300} * 50 * 100);
        std::iota(values.begin(), values.end(), 0.0);
        write(add(file, "x", {300, 50, 100}, list.id()), values);
        write(add(file, "scalar", {}), {3});
    }
    const Array<double> x = InputFile(path("a.h5")).read("/x");
    EXPECT_THAT(x.shape, ElementsAre(300, 50, 100));
    for (std::size_t i = 0; i < x.values.size(); ++i) ASSERT_EQ(x.values[i], static_cast<double>(i));
    EXPECT_THAT(InputFile(path("a.h5")).read("/scalar").values, ElementsAre(3.0));
}

TEST_F(InputFileTest, NumbersThatNobodyWroteAreRefused) {
    {
        const Handle file = create("a.h5");
        add(file, "contiguous", {4});
        const Handle list = creation();
        const hsize_t chunk = 2;
        H5Pset_chunk(list.id(), 1, &chunk);
        add(file, "chunked", {4}, list.id());
        const Handle part = add(file, "part", {4}, list.id());
        const Handle half = space_of({2});
        const Handle in_file = space_of({4});
        const hsize_t first = 0;
        H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, &first, nullptr, &chunk, nullptr);
        const double values[] = {1, 2};
        H5Dwrite(part.id(), H5T_NATIVE_DOUBLE, half.id(), in_file.id(), H5P_DEFAULT, values);
    }
    expect_refused("a.h5", "/contiguous", "never written");
    expect_refused("a.h5", "/chunked", "never written");
    expect_refused("a.h5", "/part", "only 1 of its 2 chunks");
}

TEST_F(InputFileTest, NumbersInOtherFilesAreRefused) {
    {
        std::ofstream(path("raw")) << std::string(32, 'x');
        const Handle other = create("other.h5");
        write(add(other, "x", {4}), {1, 2, 3, 4});
        const Handle file = create("a.h5");
        const Handle external = creation();
        H5Pset_external(external.id(), path("raw").c_str(), 0, 32);
        add(file, "external", {4}, external.id());
        const Handle mapped = creation();
        H5Pset_virtual(mapped.id(), space_of({4}).id(), "gone.h5", "/x", space_of({4}).id());
        add(file, "virtual", {4}, mapped.id());
        H5Lcreate_external(path("other.h5").c_str(), "/x", file.id(), "link", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/link", file.id(), "soft-to-link", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/nowhere", file.id(), "dead", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/circle", file.id(), "circle", H5P_DEFAULT, H5P_DEFAULT);
    }
    expect_refused("a.h5", "/external", "external storage");
    expect_refused("a.h5", "/virtual", "is a virtual data set");
    expect_refused("a.h5", "/link", "is a link into another file");
    expect_refused("a.h5", "/soft-to-link", "out of the file");
    expect_refused("a.h5", "/dead", "is a link to something that is not in the file");
    expect_refused("a.h5", "/circle", "in a circle");
    EXPECT_NO_THROW(static_cast<void>(InputFile(path("other.h5")).read("/x")));
}

TEST_F(InputFileTest, SizesThatNoFileHoldsAreRefusedBeforeMemoryIsAskedFor) {
    {
        const Handle file = create("a.h5");
        add(file, "wraps", {hsize_t{1} << 32U, 1, hsize_t{1} << 32U});
        add(file, "long", {hsize_t{1} << 61U}, H5P_DEFAULT, H5T_STD_I8LE);
        add(file, "unwritten", {20, 1000, 125000});
        // Every chunk is there, of four bytes that claim to be a packed gigabyte.
        const Handle list = creation();
        const hsize_t chunk[] = {1, 1000, 125000};
        H5Pset_chunk(list.id(), 3, chunk);
        H5Pset_deflate(list.id(), 9);
        const Handle claims = add(file, "claims", {20, 1000, 125000}, list.id());
        for (hsize_t row = 0; row < 20; ++row) {
            const hsize_t offset[] = {row, 0, 0};
            ASSERT_GE(H5Dwrite_chunk(claims.id(), H5P_DEFAULT, 0, offset, 4, "tiny"), 0);
        }
    }
    expect_refused("a.h5", "/wraps", "more numbers than any memory holds");
    expect_refused("a.h5", "/long", "more numbers than any memory holds");
    expect_refused("a.h5", "/unwritten", "never written");
    expect_refused("a.h5", "/claims", "claims 18.6 GiB of numbers, which a file of");
}

TEST_F(InputFileTest, BooleansAreNumbersAndOtherKindsSayWhatTheyAre) {
    {
        const Handle file = create("a.h5");
        const Handle boolean(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
        for (std::int8_t value = 0; value < 2; ++value)
            H5Tenum_insert(boolean.id(), value == 0 ? "FALSE" : "TRUE", &value);
        const Handle dataset = add(file, "bool", {3}, H5P_DEFAULT, boolean.id());
        const std::int8_t values[] = {1, 0, 1};
        H5Dwrite(dataset.id(), boolean.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        const Handle complex(H5Tcreate(H5T_COMPOUND, 16), H5Tclose);
        H5Tinsert(complex.id(), "r", 0, H5T_NATIVE_DOUBLE);
        H5Tinsert(complex.id(), "i", 8, H5T_NATIVE_DOUBLE);
        add(file, "complex", {3}, H5P_DEFAULT, complex.id());
    }
    const InputFile file(path("a.h5"));
    EXPECT_TRUE(file.describe("/bool").is_integer);
    EXPECT_THAT(file.read("/bool").values, ElementsAre(1, 0, 1));
    expect_refused("a.h5", "/complex", "complex numbers?");
}

TEST_F(InputFileTest, DamagedHeapsOfTextsAreErrors) {
    // As h5py writes texts by default: of variable length, in a global heap, where the library checks little.
    {
        const Handle file = create("a.h5");
        const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
        H5Tset_size(type.id(), H5T_VARIABLE);
        const Handle attribute(
            H5Acreate2(file.id(), "format", type.id(), Handle(H5Screate(H5S_SCALAR), H5Sclose).id(),
                       H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose);
        const char* text = "attnpaths-dataset";
        H5Awrite(attribute.id(), type.id(), &text);
    }
    std::ifstream in(path("a.h5"), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    const std::size_t heap = content.find("GCOL");
    ASSERT_NE(heap, std::string::npos);
    for (std::size_t place = 4; place < 48; ++place)
        for (const char value : {'\0', '\x11', '\x7f', '\xff'}) {
            std::string damaged = content;
            damaged[heap + place] = value;
            std::ofstream(path("b.h5"), std::ios::binary) << damaged;
            try {
                static_cast<void>(InputFile(path("b.h5")).read_text_attribute("/", "format"));
            } catch (const DataError& error) {
                EXPECT_THAT(error.what(), HasSubstr("b.h5"));
            }
        }
}

TEST_F(InputFileTest, WhatWasNotReadIsKnown) {
    write_whole_file(path("a.h5"), [](File& file) {
        file.write("/set/x", {{1}, {1}});
        file.write("/set/mask", {{1}, {1}});
        file.write("/set/deep/read", {{1}, {1}});
        file.write("/set/deep/not", {{1}, {1}});
        file.write_attribute("/set", "order", std::string("C"));
        file.write_attribute("/set", "known", std::string("yes"));
    });
    const InputFile file(path("a.h5"));
    static_cast<void>(file.read("/set/x"));
    static_cast<void>(file.read("/set/deep/read"));
    static_cast<void>(file.read_text_attribute("/set", "known"));
    EXPECT_THAT(file.unread("/set"), ElementsAre("/set/mask", "/set attribute order"));
    EXPECT_THAT(file.unread("/"), testing::IsEmpty());
}

TEST_F(InputFileTest, APipeIsRefusedAndNotWaitedFor) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_THAT([&] { InputFile file(path("pipe")); },
                ThrowsMessage<InputError>(HasSubstr("is a pipe, socket or device")));
}

TEST_F(InputFileTest, AFileThatIsOpenForWritingCanBeRead) {
    const Handle file = create("a.h5");
    write(add(file, "x", {2}), {1, 2});
    H5Fflush(file.id(), H5F_SCOPE_GLOBAL);
    EXPECT_THAT(InputFile(path("a.h5")).read("/x").values, ElementsAre(1, 2));
}

TEST_F(InputFileTest, RowsAreReadAlone) {
    {
        const Handle file = create("rows.h5");
        const Handle chunked = creation();
        const std::vector<hsize_t> chunk{2, 3};
        H5Pset_chunk(chunked.id(), 2, chunk.data());
        std::vector<double> values(7 * 3);
        std::iota(values.begin(), values.end(), 0);
        write(add(file, "chunked", {7, 3}, chunked.id()), values);
        write(add(file, "plain", {7, 3}), values);
    }
    const InputFile file(path("rows.h5"));
    for (const char* object : {"/chunked", "/plain"}) {
        const Array<double> rows = file.read_rows(object, 3, 2);
        EXPECT_THAT(rows.shape, ElementsAre(2, 3));
        EXPECT_THAT(rows.values, ElementsAre(9, 10, 11, 12, 13, 14));
        EXPECT_EQ(file.read_rows(object, 0, 7).values, file.read(object).values);
        EXPECT_THAT(file.read_rows(object, 7, 0).values, testing::IsEmpty());
        EXPECT_THAT([&] { static_cast<void>(file.read_rows(object, 6, 2)); },
                    ThrowsMessage<DataError>(HasSubstr("has no rows 6 to 7")));
        EXPECT_FALSE(file.is_text(object));
    }
}

TEST_F(InputFileTest, BooleanAttributesAreIntegers) {
    {
        const Handle file = create("bool.h5");
        // As h5py stores True: an enumeration.
        const Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
        const signed char no = 0;
        const signed char yes = 1;
        H5Tenum_insert(type.id(), "FALSE", &no);
        H5Tenum_insert(type.id(), "TRUE", &yes);
        const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
        const Handle attribute(
            H5Acreate2(file.id(), "causal", type.id(), scalar.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
        H5Awrite(attribute.id(), type.id(), &yes);
    }
    EXPECT_EQ(InputFile(path("bool.h5")).read_integer_attribute("/", "causal"), 1);
}

}  // namespace
}  // namespace attnpaths::h5
