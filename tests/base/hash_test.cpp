#include "base/hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace attnpaths {
namespace {

std::string hash_of(const std::string& bytes) {
    ContentHash hash;
    hash.add(bytes.data(), bytes.size());
    return hash.hex();
}

TEST(Checksum, OfNoBytesIsThePublishedXxh3Value) {
    EXPECT_EQ(to_hex(checksum(nullptr, 0)), "2d06800538d394c2");
}

TEST(Checksum, ChangesWithEveryBit) {
    std::string bytes(100, 'a');
    const std::uint64_t original = checksum(bytes.data(), bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            EXPECT_NE(checksum(changed.data(), changed.size()), original) << "byte " << i << " bit " << bit;
        }
    }
}

TEST(ToHex, HasSixteenDigits) {
    EXPECT_EQ(to_hex(0), "0000000000000000");
    EXPECT_EQ(to_hex(0xabcULL), "0000000000000abc");
    EXPECT_EQ(to_hex(~std::uint64_t{0}), "ffffffffffffffff");
}

TEST(ContentHash, DoesNotDependOnHowBytesAreCutIntoPieces) {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * 7);
    ContentHash pieces;
    for (std::size_t start = 0; start < bytes.size(); start += 333)
        pieces.add(bytes.data() + start, std::min<std::size_t>(333, bytes.size() - start));
    EXPECT_EQ(pieces.hex(), hash_of(bytes));
    EXPECT_EQ(pieces.hex().size(), 32U);
}

TEST(ContentHash, OfNoBytesIsThePublishedXxh3Value) {
    EXPECT_EQ(hash_of(""), "99aa06d3014798d86001c324468d497f");
}

TEST(ContentHash, TextsDoNotRunIntoEachOther) {
    ContentHash first;
    first.add(std::string_view("ab"));
    first.add(std::string_view("c"));
    ContentHash second;
    second.add(std::string_view("a"));
    second.add(std::string_view("bc"));
    EXPECT_NE(first.hex(), second.hex());
}

TEST(ContentHash, CanBeReadAndContinued) {
    ContentHash hash;
    hash.add("abc", 3);
    EXPECT_EQ(hash.hex(), hash.hex());
    hash.add("def", 3);
    EXPECT_EQ(hash.hex(), hash_of("abcdef"));
}

}  // namespace
}  // namespace attnpaths
