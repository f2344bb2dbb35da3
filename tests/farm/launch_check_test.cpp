#include "farm/launch_check.hpp"

#include <gmock/gmock.h>

#include <map>

namespace attnpaths {
namespace {

using testing::HasSubstr;

std::string mismatch(int ranks, const std::map<std::string, const char*>& variables) {
    return launch_mismatch(ranks, "MPICH 4.0.2", [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second;
    });
}

TEST(LaunchCheck, ProcessesOfAnotherLauncherAreToldOnce) {
    EXPECT_THAT(mismatch(1, {{"PMI_SIZE", "3"}, {"PMI_RANK", "0"}}),
                HasSubstr("started 3 processes (PMI_SIZE), but to MPI each is alone"));
    EXPECT_EQ(mismatch(1, {{"PMI_SIZE", "3"}, {"PMI_RANK", "1"}}), "");
    EXPECT_THAT(mismatch(1, {{"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "0"}}),
                HasSubstr("started 8 processes (SLURM_STEP_NUM_TASKS)"));
    EXPECT_THAT(mismatch(1, {{"MV2_COMM_WORLD_SIZE", "2"}}), HasSubstr("started 2 processes"));
    EXPECT_THAT(mismatch(1, {{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "0"}}),
                HasSubstr("start them with the mpirun of MPICH 4.0.2"));
    EXPECT_EQ(mismatch(1, {{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "2"}}), "");
}

TEST(LaunchCheck, OrdinaryStartsAreLeftAlone) {
    EXPECT_EQ(mismatch(1, {}), "");
    EXPECT_EQ(mismatch(3, {{"PMI_SIZE", "3"}}), "");
    EXPECT_EQ(mismatch(1, {{"PMI_SIZE", "1"}}), "");
    EXPECT_EQ(mismatch(1, {{"PMI_SIZE", "many"}}), "");
    // A batch script of a job with tasks, and mpirun -n 1 in a step.
    EXPECT_EQ(mismatch(1, {{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}), "");
    EXPECT_EQ(mismatch(1, {{"SLURM_STEP_NUM_TASKS", "2"}, {"OMPI_COMM_WORLD_SIZE", "1"}}), "");
    EXPECT_EQ(mismatch(1, {{"SLURM_STEP_NUM_TASKS", "2"}, {"PMI_SIZE", "1"}}), "");
}

}  // namespace
}  // namespace attnpaths
