#include "images/idx_file.hpp"

#include "base/error.hpp"
#include "images/idx_image_set.hpp"
#include "images/image_files.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <sys/stat.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

Bytes counting(std::size_t length) {
    Bytes bytes(length);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
    return bytes;
}

Bytes read_all(const std::string& path) {
    IdxFile file(path, IdxFile::Content::images);
    Bytes pixels(static_cast<std::size_t>(file.count() * file.rows() * file.columns()));
    file.read(pixels);
    file.expect_end();
    return pixels;
}

TEST(IdxFile, ReadsPlainAndCompressed) {
    const TemporaryFolder folder;
    const Bytes images = idx_images(4, 2, 3, counting(24));
    write_file(folder.file("plain"), images);
    write_gzip(folder.file("compressed.gz"), images);
    for (const char* name : {"plain", "compressed.gz"}) {
        const IdxFile file(folder.file(name), IdxFile::Content::images);
        EXPECT_EQ(file.count(), 4);
        EXPECT_EQ(file.rows(), 2);
        EXPECT_EQ(file.columns(), 3);
        EXPECT_EQ(read_all(folder.file(name)), counting(24));
    }
    write_gzip(folder.file("labels.gz"), idx_labels({3, 0, 2}));
    EXPECT_THAT(read_idx_labels(folder.file("labels.gz")), ElementsAre(3, 0, 2));
}

TEST(IdxFile, IsFoundPlainOrCompressed) {
    const TemporaryFolder folder;
    write_gzip(folder.file("b.gz"), {});
    write_file(folder.file("a"), {});
    EXPECT_EQ(find_idx_file(folder.path(), "a"), folder.file("a"));
    EXPECT_EQ(find_idx_file(folder.path(), "b"), folder.file("b.gz"));
    EXPECT_THAT([&] { find_idx_file(folder.path(), "c"); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("neither c nor c.gz"), HasSubstr("download"))));
}

TEST(IdxFile, EachMistakeIsNamedWithTheFile) {
    const TemporaryFolder folder;
    const auto refuse = [&](const Bytes& bytes, const std::string& words) {
        write_file(folder.file("f"), bytes);
        EXPECT_THAT([&] { read_all(folder.file("f")); },
                    ThrowsMessage<DataError>(AllOf(HasSubstr(folder.file("f") + ": "), HasSubstr(words))));
    };
    const Bytes good = idx_images(4, 2, 3, counting(24));
    refuse(idx_labels({1, 2, 3, 4, 5, 6, 7, 8, 9}), "starts with the number 0x00000801 of labels");
    refuse(idx_bytes(0x0d03, {4, 2, 3}, counting(24)), "starts with the number 0x00000d03");
    refuse({good.begin(), good.begin() + 9}, "is too short for an idx file");
    refuse({}, "is too short for an idx file");
    refuse({good.begin(), good.end() - 1}, "4 images of 2 x 3 pixels, 24 bytes, but it holds 23");
    refuse(idx_images(4, 2, 3, counting(25)), "4 images of 2 x 3 pixels, 24 bytes, but it holds more");
    refuse(idx_images(0, 2, 3, {}), "0 images of 2 x 3 pixels, which cannot be");
    refuse(idx_images(1, 2, 3U << 20U, {}), "which cannot be");
    EXPECT_THAT([&] { read_all(folder.file("missing")); },
                ThrowsMessage<InputError>(HasSubstr(folder.file("missing") + ": no such file")));
    EXPECT_THAT([&] { read_all(folder.path()); }, ThrowsMessage<InputError>(HasSubstr("is a folder")));

    write_file(folder.file("labels"), idx_bytes(0x0801, {200000000U}, {1, 2}));
    EXPECT_THAT([&] { read_idx_labels(folder.file("labels")); },
                ThrowsMessage<DataError>(HasSubstr("200000000 labels, 200000000 bytes, but it holds 2")));
}

TEST(IdxFile, HeadersBeyondTheLimitsAreRefusedBeforeAnythingIsRead) {
    const TemporaryFolder folder;
    const auto refuse = [&](const Bytes& bytes, const std::string& words) {
        write_file(folder.file("plain"), bytes);
        write_gzip(folder.file("f.gz"), bytes);
        for (const char* name : {"plain", "f.gz"})
            EXPECT_THAT(
                [&] { IdxFile(folder.file(name), IdxFile::Content::images); },
                ThrowsMessage<DataError>(AllOf(HasSubstr(folder.file(name) + ": "), HasSubstr(words))));
    };
    const std::string limits = ", more than this program takes, 268435456 items and 8589934592 bytes";
    refuse(idx_images(0xffffffff, 1, 1, {}), "4294967295 images of 1 x 1 pixels" + limits);
    refuse(idx_images(0xffffffff, 16384, 16384, {}), "4294967295 images of 16384 x 16384 pixels" + limits);
    refuse(idx_images(33, 16384, 16384, {}), "33 images of 16384 x 16384 pixels" + limits);
    refuse(idx_images(1, 0xffffffff, 0xffffffff, {}), "4294967295 x 4294967295 pixels, which cannot be");
    refuse(idx_images(32, 16384, 16384, {}), "8589934592 bytes, but it holds ");
}

TEST(IdxFile, CompressedFilesAreUnpackedAsFarAsTheirHeaderGoes) {
    const TemporaryFolder folder;
    // 64 MiB of zeros behind 4 MB that the header promises: one byte more is looked at, not all of them.
    write_gzip(folder.file("bomb.gz"), idx_images(1000, 64, 64, Bytes(std::size_t{1} << 26U)));
    EXPECT_THAT([&] { read_all(folder.file("bomb.gz")); },
                ThrowsMessage<DataError>(HasSubstr("4096000 bytes, but it holds more")));
    // Few bytes cannot become as many as the header promises.
    write_gzip(folder.file("empty.gz"), idx_images(1000, 1000, 1000, {}));
    EXPECT_THAT([&] { IdxFile(folder.file("empty.gz"), IdxFile::Content::images); },
                ThrowsMessage<DataError>(HasSubstr("compressed ones, too few for that")));
    ASSERT_EQ(mkfifo(folder.file("pipe").c_str(), 0600), 0);
    EXPECT_THAT([&] { IdxFile(folder.file("pipe"), IdxFile::Content::images); },
                ThrowsMessage<InputError>(HasSubstr("is a pipe, socket or device, not a file")));
}

TEST(IdxFile, DamagedCompressedDataAreNotTakenForShortFiles) {
    const TemporaryFolder folder;
    Bytes pixels(4000);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * i % 251);
    write_gzip(folder.file("good.gz"), idx_images(10, 20, 20, pixels));
    const Bytes good = read_file(folder.file("good.gz"));
    for (const double part : {0.3, 0.5, 0.9, 0.999}) {
        const auto length = static_cast<std::ptrdiff_t>(part * static_cast<double>(good.size()));
        write_file(folder.file("cut.gz"), {good.begin(), good.begin() + length});
        EXPECT_THAT([&] { read_all(folder.file("cut.gz")); },
                    ThrowsMessage<DataError>(HasSubstr("cut.gz: its compressed data end too soon; download")))
            << part;
    }
    Bytes wrong = good;
    wrong[wrong.size() - 8] ^= 1U;  // in the checksum
    write_file(folder.file("wrong.gz"), wrong);
    EXPECT_THAT([&] { read_all(folder.file("wrong.gz")); },
                ThrowsMessage<DataError>(HasSubstr("wrong.gz: its compressed data are damaged")));
}

/// A set as MNIST is published: 2 x 2 pixels, the value of an image's pixels tells its place in its file.
void write_set(const TemporaryFolder& folder, const Bytes& train, const Bytes& test) {
    const auto pixels = [](std::size_t count) {
        Bytes values;
        for (std::size_t i = 0; i < 4 * count; ++i) values.push_back(static_cast<std::uint8_t>(1 + i / 4));
        return values;
    };
    write_file(folder.file("train-labels-idx1-ubyte"), idx_labels(train));
    write_file(folder.file("train-images-idx3-ubyte"),
               idx_images(static_cast<std::uint32_t>(train.size()), 2, 2, pixels(train.size())));
    write_gzip(folder.file("t10k-labels-idx1-ubyte.gz"), idx_labels(test));
    write_gzip(folder.file("t10k-images-idx3-ubyte.gz"),
               idx_images(static_cast<std::uint32_t>(test.size()), 2, 2, pixels(test.size())));
}

TEST(IdxImageSet, KeepsChosenLabelsInTheOrderOfTheFiles) {
    const TemporaryFolder folder;
    write_set(folder, {7, 1, 0, 1, 0, 0}, {0, 1, 1, 0, 5});
    const ImageSet set = read_idx_image_set(folder.path(), "digits", 4, 0.3, {0, 1});
    ASSERT_EQ(set.classes.size(), 4U);
    EXPECT_EQ(set.images(), 9);
    const auto values = [&](std::size_t number) {
        Bytes found;
        for (Index i = 0; i < set.classes[number].count; ++i)
            found.push_back(set.image(set.classes[number].first + i)[5]);
        return found;
    };
    EXPECT_THAT(values(0), ElementsAre(3, 5, 6));
    EXPECT_THAT(values(1), ElementsAre(2, 4));
    EXPECT_THAT(values(2), ElementsAre(1, 4));
    EXPECT_THAT(values(3), ElementsAre(2, 3));
    EXPECT_EQ(set.classes[1].split, Split::train);
    EXPECT_EQ(set.classes[2].split, Split::test);
}

TEST(IdxImageSet, LabelsAndImagesMustAgree) {
    const TemporaryFolder folder;
    write_set(folder, {0, 1, 0, 1}, {0, 0, 1, 1});
    write_file(folder.file("train-labels-idx1-ubyte"), idx_labels({0, 1, 0, 1, 1}));
    EXPECT_THAT(
        [&] {
            read_idx_image_set(folder.path(), "digits", 2, 1, {0, 1});
        },
        ThrowsMessage<DataError>(AllOf(HasSubstr("train-labels-idx1-ubyte: has 5 labels"),
                                       HasSubstr("train-images-idx3-ubyte has 4 images"))));
    write_set(folder, {0, 1, 0, 1}, {0, 0, 2, 2});
    EXPECT_THAT(
        [&] {
            read_idx_image_set(folder.path(), "digits", 2, 1, {0, 1});
        },
        ThrowsMessage<DataError>(HasSubstr("has 0 images of label 1")));
}

TEST(IdxImageSet, ClassesForEpisodesAreDividedByTheirLabels) {
    const TemporaryFolder folder;
    write_set(folder, {4, 3, 2, 1, 0, 0, 1, 2, 3, 4}, {0});
    const ImageSet set = read_idx_classes(folder.path(), 2);
    EXPECT_EQ(set.classes_of(Split::train).size(), 3U);
    EXPECT_EQ(set.classes_of(Split::validation).size(), 1U);
    EXPECT_EQ(set.classes_of(Split::test).size(), 1U);
    EXPECT_EQ(set.image(set.classes[0].first)[0], 5);
}

}  // namespace
}  // namespace attnpaths
