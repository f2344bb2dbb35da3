#include "submit/submission_box.hpp"

#include "base/error.hpp"
#include "base/this_user.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string parts = R"([{"name":"deep","settings":{"grid.width":["10 30","a.ini:3"]}}])";

template <class Exception, class Action>
std::string message_of(const Action& action) {
    try {
        action();
    } catch (const Exception& error) {
        return error.what();
    }
    return "";
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

TEST(SubmissionBox, GivesBackWhatWasPutInTheOrderOfSubmission) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    EXPECT_THAT(box.list().submissions, IsEmpty()) << "no folder is an empty box";
    std::vector<std::string> ids;
    for (int i = 0; i < 20; ++i) ids.push_back(box.put("ada@node1", parts, {sample_key(i)}));
    EXPECT_EQ(box.list().submissions, ids);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
    const Submission submission = box.read(ids[7]);
    EXPECT_EQ(submission.id, ids[7]);
    const std::string user = this_user();
    EXPECT_EQ(submission.requested_by, user.substr(0, user.find('@')) + "@node1") << "the file's owner";
    EXPECT_EQ(submission.parts, parts);
    EXPECT_THAT(submission.keys, ElementsAre(sample_key(7)));
    EXPECT_THAT(submission.at, testing::MatchesRegex("20..-..-..T..:..:..Z"));
    EXPECT_LE(ids[7].size(), 64U) << "must fit into the column point/submission";
}

TEST(SubmissionBox, KeepsAllThatManyProcessesPutAtOnce) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    constexpr int processes = 4;
    constexpr int each = 25;
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
        children.push_back(fork());
        if (children.back() != 0) continue;
        for (int j = 0; j < each; ++j) static_cast<void>(box.put("x@y", parts, {sample_key(i * each + j)}));
        _exit(0);
    }
    std::set<std::string> keys;
    for (const pid_t child : children) waitpid(child, nullptr, 0);
    for (const std::string& id : box.list().submissions) keys.insert(box.read(id).keys.at(0));
    EXPECT_EQ(keys.size(), static_cast<std::size_t>(processes * each));
}

TEST(SubmissionBox, IsTakenOutOnceAndTheEmptyFolderGoes) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    const std::string id = box.put("ada@node1", parts, {});
    box.remove_if_empty();
    EXPECT_THAT(box.list().submissions, ElementsAre(id)) << "a box with something in it stays";
    box.remove(id);
    EXPECT_NO_THROW(box.remove(id)) << "its owner may have taken it back";
    box.remove_if_empty();
    EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(SubmissionBox, SetsASubmissionAsideWithTheReason) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    const std::string id = box.put("ada@node1", parts, {});
    box.reject(id, "data.h5: cannot be read\x1b[2J");
    const SubmissionBox::Listing listing = box.list();
    EXPECT_THAT(listing.submissions, IsEmpty());
    EXPECT_THAT(listing.rejected, ElementsAre(id));
    const RejectedSubmission rejected = box.read_rejected(id);
    const std::string user = this_user();
    EXPECT_EQ(rejected.requested_by, user.substr(0, user.find('@')) + "@node1");
    EXPECT_EQ(rejected.reason, "data.h5: cannot be read\\x1b[2J")
        << "no escape sequences for others' terminals";
    const auto json = nlohmann::json::parse(read_bytes(box.folder() + "/" + id + ".rejected"));
    EXPECT_EQ(json.at("parts"), nlohmann::json::parse(parts)) << "nothing that was asked for is lost";
}

TEST(SubmissionBox, TellsApartWhatIsNoWholeSubmission) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    const std::string id = box.put("ada@node1", parts, {});
    const std::string whole = read_bytes(box.folder() + "/" + id + ".json");
    const auto problem = [&](const std::string& content) {
        write_bytes(box.folder() + "/other.json", content);
        return message_of<DataError>([&] { static_cast<void>(box.read("other")); });
    };
    for (std::size_t length = 0; length + 2 < whole.size(); ++length)
        ASSERT_THAT(problem(whole.substr(0, length)), HasSubstr("is not a whole submission")) << length;
    EXPECT_EQ(problem(whole), "");
    EXPECT_THAT(problem("[1, 2]"), HasSubstr("other.json: is not a whole submission"));
    EXPECT_THAT(problem(R"({"format": "attnpaths-submission", "version": 7})"),
                HasSubstr("of version 7, but this program reads version 1"));
    EXPECT_THAT(problem(R"({"format": "attnpaths-submission", "version": 1, "asked_by": 3})"),
                HasSubstr("no \"asked_by\""));
    EXPECT_NE(message_of<InputError>([&] { static_cast<void>(box.read("missing")); }), "");
}

TEST(SubmissionBox, ListsForeignFilesAndLeavesOutThoseBeingWritten) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    const std::string id = box.put("ada@node1", parts, {});
    write_bytes(box.folder() + "/notes.txt", "buy milk");
    write_bytes(box.folder() + "/." + id + ".json.tmp", "{");
    const SubmissionBox::Listing listing = box.list();
    EXPECT_THAT(listing.submissions, ElementsAre(id));
    EXPECT_THAT(listing.foreign, ElementsAre("notes.txt"));
}

TEST(SubmissionBox, RefusesWhatIsNestedTooDeep) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    static_cast<void>(box.put("ada@node1", parts, {}));
    constexpr std::size_t depth = 100000;
    write_bytes(box.folder() + "/deep.json",
                R"({"format":"attnpaths-submission","version":1,"asked_by":"x@y","at":"now","parts":)" +
                    std::string(depth, '[') + std::string(depth, ']') + "}");
    EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(box.read("deep")); }),
                HasSubstr("deep.json: is nested more than 16 deep"));
}

TEST(SubmissionBox, FollowsNoLinksOfOthersWhenItWrites) {
    const TemporaryFolder folder;
    const SubmissionBox box(folder.file("s.h5"));
    const std::string victim = folder.file("victim");
    write_bytes(victim, "precious");
    const std::string id = box.put("ada@node1", parts, {});
    std::filesystem::create_symlink(victim, box.folder() + "/." + id + ".rejected.tmp");
    std::filesystem::create_symlink(victim, box.folder() + "/" + id + ".rejected");
    box.reject(id, "no");
    EXPECT_EQ(read_bytes(victim), "precious");
    EXPECT_EQ(box.read_rejected(id).reason, "no");
}

TEST(SubmissionBox, IsOpenToThoseWhoMayWriteTheStoresFolder) {
    const TemporaryFolder folder;
    const mode_t old_mask = ::umask(0077);
    const std::string shared = folder.file("shared");
    ASSERT_EQ(::mkdir(shared.c_str(), 0700), 0);
    ASSERT_EQ(::chmod(shared.c_str(), 02775), 0);
    const SubmissionBox box(shared + "/s.h5");
    const std::string id = box.put("ada@node1", parts, {});
    EXPECT_EQ(mode_of(box.folder()), 02775U);
    EXPECT_EQ(mode_of(box.folder() + "/" + id + ".json"), 0644U);

    const std::string own = folder.file("own");
    ASSERT_EQ(::mkdir(own.c_str(), 0700), 0);
    const SubmissionBox closed(own + "/s.h5");
    const std::string mine = closed.put("ada@node1", parts, {});
    EXPECT_EQ(mode_of(closed.folder()), 0700U);
    EXPECT_EQ(mode_of(closed.folder() + "/" + mine + ".json"), 0600U);

    const std::string temporary = folder.file("tmp");
    ASSERT_EQ(::mkdir(temporary.c_str(), 0777), 0);
    ASSERT_EQ(::chmod(temporary.c_str(), 01777), 0);
    const SubmissionBox sticky(temporary + "/s.h5");
    static_cast<void>(sticky.put("ada@node1", parts, {}));
    EXPECT_EQ(mode_of(sticky.folder()) & 07002U, 0U) << "not a folder in which all may remove all files";
    ::umask(old_mask);
}

TEST(SubmissionBox, SaysWhoCanHelpWhereItCannotBeWritten) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
    const TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.file("").c_str(), 0755), 0);
    const std::string store = folder.file("s.h5");
    const std::string report = folder.file("report");
    write_bytes(report, "");
    ASSERT_EQ(::chmod(report.c_str(), 0666), 0);
    const auto refusal = [&] {
        if (const pid_t child = fork(); child != 0) {
            waitpid(child, nullptr, 0);
        } else {
            constexpr uid_t nobody = 65534;
            static_cast<void>(::setuid(nobody));
            write_bytes(report, message_of<CreateError>(
                                    [&] { static_cast<void>(SubmissionBox(store).put("x@y", parts, {})); }));
            _exit(0);
        }
        return read_bytes(report);
    };
    EXPECT_THAT(refusal(), HasSubstr("s.h5.queue: cannot be made: Permission denied"));
    static_cast<void>(SubmissionBox(store).put("x@y", parts, {}));
    EXPECT_THAT(
        refusal(),
        HasSubstr("s.h5.queue: cannot be written: Permission denied; ask its owner (root) to let you"));
}

TEST(SubmissionBox, OfALinkLiesBesideWhatTheLinkMeans) {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("real.h5", folder.file("link.h5"));
    EXPECT_EQ(SubmissionBox(folder.file("link.h5")).folder(), folder.file("real.h5") + ".queue");
}

TEST(ThisUser, IsTheAccountAndNotTheEnvironment) {
    const std::string before = this_user();
    ASSERT_EQ(::setenv("USER", "somebody-else", 1), 0);
    EXPECT_EQ(this_user(), before);
    EXPECT_THAT(before, testing::ContainsRegex("^[^@]+@[^@]+$"));
}

}  // namespace
}  // namespace attnpaths
