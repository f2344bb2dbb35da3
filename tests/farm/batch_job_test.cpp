#include "farm/batch_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(JudgeBatchJob, BelievesAnEndThatLiesAheadOfAProcessInTheJob) {
    const BatchJob job = judge_batch_job("5", "1000", true, 400);
    EXPECT_EQ(job.id, "5");
    EXPECT_EQ(job.seconds_left, 600);
    EXPECT_THAT(job.doubt, IsEmpty());
}

TEST(JudgeBatchJob, KnowsNoEndWithoutTheVariable) {
    for (const char* id : {"", "5"}) {
        const BatchJob job = judge_batch_job(id, "", true, 400);
        EXPECT_TRUE(std::isinf(job.seconds_left));
        EXPECT_THAT(job.doubt, IsEmpty());
    }
}

TEST(JudgeBatchJob, DoubtsWhatAnotherJobLeft) {
    struct Case {
        const char* id;
        const char* end;
        bool is_in_job;
        const char* words;
    };
    const Case cases[] = {{"5", "1", true, "it is over; was it left by job 5?"},
                          {"5", "400", true, "it is over"},
                          {"5", "-1", true, "it is over"},
                          {"", "1000", false, "SLURM_JOB_ID is not set"},
                          {"5", "1000", false, "this process is not in job 5"},
                          {"5", "soon", true, "it is not a time"}};
    for (const Case& left : cases) {
        const BatchJob job = judge_batch_job(left.id, left.end, left.is_in_job, 400);
        EXPECT_TRUE(std::isinf(job.seconds_left)) << left.words;
        EXPECT_THAT(job.doubt, AllOf(HasSubstr("SLURM_JOB_END_TIME"), HasSubstr(left.words)));
    }
}

TEST(NamesGroupOfJob, FindsTheJobInEitherVersionOfControlGroups) {
    EXPECT_TRUE(names_group_of_job("0::/system.slice/slurmstepd.scope/job_5/step_0/user/task_0\n", "5"));
    EXPECT_TRUE(names_group_of_job("9:memory:/\n4:freezer:/slurm/uid_0/job_5/step_batch\n", "5"));
    EXPECT_TRUE(names_group_of_job("0::/slurm/job_5\n", "5"));
    EXPECT_FALSE(names_group_of_job("0::/system.slice/slurmstepd.scope/job_55/step_0\n", "5"));
    EXPECT_FALSE(names_group_of_job("0::/user.slice\n", "5"));
    EXPECT_FALSE(names_group_of_job("", ""));
}

/// Sets variables as Slurm does and takes them back.
class SlurmVariables {
  public:
    explicit SlurmVariables(const std::string& task) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto end = std::chrono::duration_cast<std::chrono::seconds>(now).count() + 3600;
        setenv("SLURM_JOB_ID", "123456789", 1);
        setenv("SLURM_JOB_END_TIME", std::to_string(end).c_str(), 1);
        setenv("SLURM_TASK_PID", task.c_str(), 1);
    }
    ~SlurmVariables() {
        for (const char* name : {"SLURM_JOB_ID", "SLURM_JOB_END_TIME", "SLURM_TASK_PID"}) unsetenv(name);
    }
    SlurmVariables(const SlurmVariables&) = delete;
    SlurmVariables& operator=(const SlurmVariables&) = delete;
};

TEST(BatchJob, HoldsForProcessesBelowTheOneThatSlurmStarted) {
    for (const pid_t task : {getpid(), getppid()}) {
        const SlurmVariables variables(std::to_string(task));
        EXPECT_NEAR(batch_job().seconds_left, 3600, 60);
    }
    const SlurmVariables stale("999999999");  // no process has this number
    EXPECT_TRUE(std::isinf(batch_job().seconds_left));
    EXPECT_THAT(batch_job().doubt, HasSubstr("this process is not in job 123456789"));
}

}  // namespace
}  // namespace attnpaths
