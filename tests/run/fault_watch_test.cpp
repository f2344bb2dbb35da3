#include "run/fault_watch.hpp"

#include "base/error.hpp"
#include "farm/liveness_link.hpp"
#include "store/sample_store.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sys/wait.h>
#include <thread>

namespace attnpaths {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr double for_ever = std::numeric_limits<double>::infinity();

/// A master with three workers, which are processes that connect and wait to be killed. Each holds three
/// tasks, of which the second is being computed.
class FaultWatchTest : public testing::Test {
  protected:
    FaultWatchTest() {
        for (int rank = 1; rank <= 3; ++rank) {
            WorkerState& worker = workers_[static_cast<std::size_t>(rank)];
            worker.finished = 100 * rank;
            for (int task = 0; task < 3; ++task)
                worker.outstanding.push_back(*pool_.next_for(rank, for_ever));
            pool_.begin(worker.outstanding.front().point.key);
            worker.has_news();
            worker.introduction = Introduction{"node7", start_worker(rank), true};
        }
        for (int rank = 1; rank <= 3; ++rank) wait_until_it_works(rank);
    }
    ~FaultWatchTest() override {
        for (const pid_t child : children_) {
            kill(child, SIGKILL);
            waitpid(child, nullptr, 0);
        }
    }

    pid_t start_worker(int rank) {
        const pid_t child = fork();
        if (child == 0) {
            auto* line = new LivenessLink(liveness_.invitation(), rank);
            line->working_on(100 * rank + 1);
            while (true) pause();
        }
        children_.push_back(child);
        return child;
    }

    void wait_until_it_works(int rank) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (!liveness_.serial_of(rank) && std::chrono::steady_clock::now() < end) {
            ASSERT_TRUE(liveness_.look().empty());
            std::this_thread::sleep_for(1ms);
        }
        ASSERT_EQ(liveness_.serial_of(rank), 100 * rank + 1);
    }

    void send(int rank, int signal) { kill(children_[static_cast<std::size_t>(rank - 1)], signal); }

    /// The message with which the run ends; "" if it does not within a second.
    std::string look_until_the_end() {
        const auto end = std::chrono::steady_clock::now() + 1s;
        try {
            while (std::chrono::steady_clock::now() < end) {
                faults_.look();
                std::this_thread::sleep_for(1ms);
            }
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::stopped_with_work);
            return error.what();
        }
        return "";
    }

    /// Lost attempts of each of a worker's three tasks, as "010".
    std::string lost_attempts(int rank) {
        std::string text;
        for (const PointTask& task : workers_[static_cast<std::size_t>(rank)].outstanding) {
            const PointState* state = store_.find(task.point.key);
            text += std::to_string(state == nullptr ? 0 : state->lost_attempts);
        }
        return text;
    }

    TemporaryFolder folder_;
    std::vector<GridPoint> points_ = small_grid({{"grid.width", "10 20 30 40 50 60 70 80 90"}});
    SweepPlan plan_{keys(), "", "", "", 4};
    Store store_ = Store::open(folder_.file("s.h5"), plan_);
    CostModel costs_;
    PointPool pool_{store_, points_, costs_};
    std::vector<WorkerState> workers_{4};
    mpi::Outbox outbox_;  // nothing is sent in these tests, which have no MPI
    LivenessMonitor liveness_;
    FaultWatch faults_{liveness_, store_, pool_, workers_, outbox_, 3600};
    std::vector<pid_t> children_;

  private:
    [[nodiscard]] std::vector<std::string> keys() const {
        std::vector<std::string> all;
        for (const GridPoint& point : points_) all.push_back(point.key);
        return all;
    }
};

TEST_F(FaultWatchTest, NothingHappensWhileNothingHappens) {
    EXPECT_EQ(look_until_the_end(), "");
}

TEST_F(FaultWatchTest, AWorkerThatVanishesAloneLosesTheTaskItWasAt) {
    send(2, SIGKILL);
    const std::string message = look_until_the_end();
    EXPECT_THAT(message, AllOf(HasSubstr("worker 2 (pid " + std::to_string(children_[1]) + " on node7) died"),
                               HasSubstr("while computing " + point_text(workers_[2].outstanding[1].point)),
                               HasSubstr("run again to go on")));
    EXPECT_EQ(lost_attempts(1) + " " + lost_attempts(2) + " " + lost_attempts(3), "000 010 000");
    EXPECT_THAT(store_.find(workers_[2].outstanding[1].point.key)->last_loss, HasSubstr("worker 2 (pid"));
}

TEST_F(FaultWatchTest, WorkersThatVanishTogetherLoseNothing) {
    send(1, SIGKILL);
    send(3, SIGKILL);
    EXPECT_THAT(look_until_the_end(),
                HasSubstr("2 workers vanished at once, which no point is to blame for"));
    EXPECT_EQ(lost_attempts(1) + " " + lost_attempts(2) + " " + lost_attempts(3), "000 000 000");
}

TEST_F(FaultWatchTest, FaultsCountEvenTogetherAndAtOnce) {
    send(1, SIGSEGV);
    send(3, SIGFPE);
    const auto end = std::chrono::steady_clock::now() + 100ms;
    while (std::chrono::steady_clock::now() < end) faults_.look();
    EXPECT_EQ(lost_attempts(1) + " " + lost_attempts(2) + " " + lost_attempts(3), "010 000 010");
    EXPECT_THAT(look_until_the_end(),
                AllOf(HasSubstr("worker 1 (pid"), HasSubstr("signal 11 (Segmentation fault)"),
                      HasSubstr("worker 3 (pid"), HasSubstr("signal 8")));
}

TEST_F(FaultWatchTest, AFaultExplainsThoseWhoVanishWithIt) {
    send(1, SIGSEGV);
    send(2, SIGKILL);
    EXPECT_THAT(look_until_the_end(), AllOf(HasSubstr("worker 1 (pid"), HasSubstr("1 more died with it"),
                                            Not(HasSubstr("worker 2"))));
    EXPECT_EQ(lost_attempts(1) + " " + lost_attempts(2) + " " + lost_attempts(3), "010 000 000");
}

TEST_F(FaultWatchTest, ATaskWhoseResultCameIsNotToBlame) {
    workers_[2].outstanding.pop_front();
    workers_[2].outstanding.pop_front();
    workers_[2].finished += 2;
    send(2, SIGSEGV);
    EXPECT_THAT(look_until_the_end(), AllOf(HasSubstr("signal 11"), Not(HasSubstr("while computing"))));
    EXPECT_EQ(lost_attempts(2), "0");
}

TEST_F(FaultWatchTest, AWorkerThatHasLeftMayEndAsItLikes) {
    workers_[2].left = true;
    send(2, SIGKILL);
    EXPECT_EQ(look_until_the_end(), "");
}

TEST_F(FaultWatchTest, TheEndLeavesNothingInFlight) {
    send(2, SIGKILL);
    ASSERT_NE(look_until_the_end(), "");
    store_ = Store::open(folder_.file("other.h5"), plan_);  // lets go of the lock
    EXPECT_THAT(Store::open(folder_.file("s.h5"), plan_).warnings(), testing::IsEmpty());
}

}  // namespace
}  // namespace attnpaths
