#include "farm/mpi.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace attnpaths::mpi {
namespace {

/// A world of one rank: MPI can be begun once in a process.
class Mpi : public testing::Test {
  protected:
    static void SetUpTestSuite() { environment = new Environment; }
    static void TearDownTestSuite() {
        delete environment;
        environment = nullptr;
    }

    static Environment* environment;
    const Communicator world;
};
Environment* Mpi::environment = nullptr;

TEST_F(Mpi, ErrorsAreExceptionsThatNameTheRoutine) {
    // MPI's own handler would end the process here.
    constexpr int nobody = 5;
    try {
        world.send("text", nobody, 1);
        FAIL() << "there is no such rank";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::internal);
        EXPECT_EQ(std::string(error.what()).rfind("MPI_Send failed: ", 0), 0) << error.what();
    }
    EXPECT_THROW(static_cast<void>(Communicator::start_sending("text", nobody, 1)), Error);
    EXPECT_THROW(static_cast<void>(world.probe(nobody)), Error);
    EXPECT_THROW(static_cast<void>(world.receive({nobody, 1, 4})), Error);
}

TEST_F(Mpi, MessagesOfOthersAreNotTakenForOurs) {
    constexpr int tag = 3;
    int number = 7;
    MPI_Request request = MPI_REQUEST_NULL;
    ASSERT_EQ(MPI_Isend(&number, 1, MPI_INT, 0, tag, MPI_COMM_WORLD, &request), MPI_SUCCESS);
    EXPECT_FALSE(world.probe()) << "what a library sends in MPI_COMM_WORLD";
    int received = 0;
    MPI_Recv(&received, 1, MPI_INT, 0, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    EXPECT_EQ(received, number);
}

TEST_F(Mpi, AMessageGoesThroughAnyThread) {
    constexpr int tag = 4;
    const std::string text = "from another thread";
    MPI_Request request = MPI_REQUEST_NULL;
    std::thread([&] { request = Communicator::start_sending(text, 0, tag); }).join();
    const auto envelope = world.probe();
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->tag, tag);
    EXPECT_EQ(world.receive(*envelope), text);
    while (!Communicator::is_complete(request)) {
    }
    int provided = MPI_THREAD_SINGLE;
    MPI_Query_thread(&provided);
    EXPECT_GE(provided, MPI_THREAD_SERIALIZED);
}

}  // namespace
}  // namespace attnpaths::mpi
