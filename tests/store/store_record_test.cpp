#include "base/error.hpp"
#include "point/columns.hpp"
#include "point/schema.hpp"
#include "store/file/result_checksum.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <cstring>
#include <random>

namespace attnpaths {
namespace {

TEST(Record, ComesBackExactly) {
    Record record = sample_record(15);
    record["theory/mse"] = std::numeric_limits<double>::infinity();
    record["theory/bias"] = -0.0;
    record["point/message"] = std::string("a\0b\n\"c\"", 8);
    record["point/attempts"] = std::numeric_limits<std::int64_t>::min();
    record["gp/overlaps"] = ValueArray{{0, 7}, {}};
    record["gp/eigenvalues"] = ValueArray{{}, {1.5}};
    EXPECT_EQ(decode_record(encode_record(record)), record);
    EXPECT_EQ(decode_record(encode_record({})), Record());
}

TEST(Record, KeepsTheBitsOfANan) {
    const double odd = std::bit_cast<double>(std::uint64_t{0xFFF8000000000123});
    const Record back = decode_record(encode_record({{"theory/mse", odd}}));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(back.at("theory/mse"))), 0xFFF8000000000123);
}

TEST(Record, CutAnywhereIsAnError) {
    const std::string bytes = encode_record(sample_record(15));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_THROW(decode_record(std::string_view(bytes).substr(0, length)), DataError) << length;
    EXPECT_THROW(decode_record(bytes + "x"), DataError);
}

TEST(Record, RandomBytesAreAnErrorOrARecordButNeverACrash) {
    std::mt19937 random(1);
    const std::string bytes = encode_record(sample_record(15));
    int refused = 0;
    for (int trial = 0; trial < 20000; ++trial) {
        std::string damaged = bytes;
        for (int i = 0; i < 4; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
        try {
            decode_record(damaged);
        } catch (const DataError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 5000);
}

TEST(Record, AHugeShapeAllocatesNothing) {
    std::string bytes = encode_record({{"theory/U_a", ValueArray{{1, 1}, {1}}}});
    const std::uint64_t huge = std::uint64_t{1} << 40U;
    std::memcpy(bytes.data() + bytes.size() - 3 * sizeof huge, &huge, sizeof huge);
    EXPECT_THROW(decode_record(bytes), DataError);
    std::memcpy(bytes.data() + bytes.size() - 2 * sizeof huge, &huge, sizeof huge);
    EXPECT_THROW(decode_record(bytes), DataError);
}

TEST(Record, AShapeThatDoesNotFitIsNotEncoded) {
    EXPECT_THROW(encode_record({{"theory/U_a", ValueArray{{2, 2}, {1, 2, 3}}}}), DataError);
}

TEST(ResultChecksum, IgnoresWhatMayDifferBetweenRuns) {
    const Record record = sample_record(3);
    Record other = record;
    other["point/seconds"] = 99.0;
    other["point/host"] = std::string("elsewhere");
    other["point/attempts"] = std::int64_t{7};
    other["point/checksum"] = std::string("0123456789abcdef");
    EXPECT_EQ(result_checksum(other), result_checksum(record));
}

TEST(ResultChecksum, IgnoresTheNameOfTheDataButKnowsThatItOnceCounted) {
    Record record = sample_record(3);
    record["point/task"] = std::string("here.h5");
    Record other = record;
    other["point/task"] = std::string("/there/renamed.h5");
    EXPECT_EQ(result_checksum(other), result_checksum(record));
    record["point/checksum"] = result_checksum(record);
    EXPECT_TRUE(matches_its_checksum(record));
    record["point/checksum"] = std::string("0123456789abcdef");
    EXPECT_FALSE(matches_its_checksum(record));
}

TEST(ResultChecksum, SeesTheLastBitOfEveryReproducibleColumn) {
    const Record record = sample_record(15);
    for (const auto& [name, value] : record) {
        if (!find_column(name).reproducible) continue;
        Record other = record;
        Value& changed = other[name];
        if (auto* real = std::get_if<double>(&changed)) *real = std::nextafter(*real, 1e9);
        if (auto* integer = std::get_if<std::int64_t>(&changed)) ++*integer;
        if (auto* text = std::get_if<std::string>(&changed)) *text += "x";
        if (auto* array = std::get_if<ValueArray>(&changed))
            array->values.back() = std::nextafter(array->values.back(), 1e9);
        EXPECT_NE(result_checksum(other), result_checksum(record)) << name;
    }
    Record negative = record;
    negative["theory/hessian_min"] = 0.0;
    EXPECT_NE(result_checksum(negative), result_checksum(record)) << "0 and -0 have different bits";
    Record reshaped = record;
    std::get<ValueArray>(reshaped["theory/order_parameter"]).shape = {1, 16};
    EXPECT_NE(result_checksum(reshaped), result_checksum(record));
}

TEST(ResultChecksum, TreatsEveryNanAndNoValueAlike) {
    Record record = sample_record(1);
    const std::string without = result_checksum(record);
    record["theory/mse"] = std::nan("");
    EXPECT_EQ(result_checksum(record), without);
    record["theory/mse"] = -std::nan("5");
    EXPECT_EQ(result_checksum(record), without);
    record["gp/overlaps"] = ValueArray{{2}, {1, std::nan("")}};
    const std::string with = result_checksum(record);
    record["gp/overlaps"] = ValueArray{{2}, {1, -std::nan("7")}};
    EXPECT_EQ(result_checksum(record), with);
}

TEST(FitToColumns, CutsTextsBetweenCharactersAndLeavesOutMissingValues) {
    Record record = sample_record(1);
    record["point/message"] = std::string(399, 'x') + "\xC3\xA4 and more";
    record["point/task"] = std::string("a\0b", 3);
    record["theory/mse"] = std::nan("");
    fit_to_columns(record);
    EXPECT_EQ(text_of(record, "point/message"), std::string(399, 'x'));
    EXPECT_EQ(text_of(record, "point/task"), "a b");
    EXPECT_EQ(record.count("theory/mse"), 0U);
}

TEST(FitToColumns, NamesTheColumnThatDoesNotFit) {
    const auto message_of = [](const std::string& name, const Value& value) -> std::string {
        Record record = sample_record(1);
        record[name] = value;
        try {
            fit_to_columns(record);
        } catch (const DataError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(message_of("theory/acton", 1.0), testing::HasSubstr("theory/acton is not known"));
    EXPECT_THAT(message_of("theory/action", std::int64_t{1}),
                testing::HasSubstr("theory/action holds real values"));
    EXPECT_THAT(message_of("theory/U_a", ValueArray{{2}, {1, 2}}),
                testing::HasSubstr("theory/U_a holds arrays [D, D]"));
    EXPECT_THAT(message_of("point/status", std::string("maybe")),
                testing::HasSubstr("neither done nor failed"));
    EXPECT_THAT(message_of("point/key", std::string(33, 'k')), testing::HasSubstr("longer than 32"));
}

}  // namespace
}  // namespace attnpaths
