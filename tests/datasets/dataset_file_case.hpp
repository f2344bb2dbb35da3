#pragma once

#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/pieces.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace attnpaths {

/// One thing that is wrong with a data set file.
template <class FilePieces>
struct DatasetMistake {
    std::function<void(FilePieces&)> spoil;
    std::vector<std::string> words;  ///< of the message
};

/// Data set files in a folder of their own.
class DatasetFileCase : public testing::Test {
  protected:
    void SetUp() override { h5::initialise(); }

    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
    Dataset read(const Pieces& pieces) {
        const std::string path = file("a" + std::to_string(number_++) + ".h5");
        pieces.write(path);
        return read_dataset_file(path);
    }
    /// Reading says in one line the name of the file and all of these words.
    void refuse(const Pieces& pieces, const std::vector<std::string>& words) {
        try {
            read(pieces);
            ADD_FAILURE() << "accepted, should have said: " << words.front();
        } catch (const DataError& error) {
            const std::string message = error.what();
            EXPECT_THAT(message, testing::StartsWith(file("a" + std::to_string(number_ - 1) + ".h5: ")));
            EXPECT_THAT(message, testing::Not(testing::HasSubstr("\n")));
            for (const std::string& word : words) EXPECT_THAT(message, testing::HasSubstr(word));
        }
    }
    /// Each mistake alone, in pieces that are right without it.
    template <class FilePieces>
    void refuse_each(const std::vector<DatasetMistake<FilePieces>>& mistakes) {
        for (const DatasetMistake<FilePieces>& mistake : mistakes) {
            FilePieces pieces;
            mistake.spoil(pieces);
            refuse(pieces, mistake.words);
        }
    }

  private:
    TemporaryFolder folder_;
    int number_ = 0;
};

}  // namespace attnpaths
