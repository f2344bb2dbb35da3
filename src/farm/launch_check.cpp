#include "farm/launch_check.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace attnpaths {

namespace {

struct Launcher {
    const char* size;  ///< variable: how many processes it started
    const char* rank;  ///< variable: which of them this is
};

// Those that run inside a job first: mpirun -n 1 in a step of Slurm starts one process. Of Slurm the numbers
// of the step: those of the job are set in a batch script too, which is one process.
constexpr std::array<Launcher, 5> launchers = {{{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                                {"PMI_SIZE", "PMI_RANK"},
                                                {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
                                                {"PALS_SIZE", "PALS_RANKID"},
                                                {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"}}};

}  // namespace

std::string launch_mismatch(int ranks, const std::string& library,
                            const std::function<const char*(const char*)>& variable) {
    if (ranks != 1) return "";
    const auto number = [&](const char* name) {
        const char* text = variable(name);
        std::int64_t value = -1;
        return text != nullptr && parse_integer(text, value) ? value : -1;
    };
    for (const Launcher& launcher : launchers) {
        const std::int64_t size = number(launcher.size);
        if (size < 1) continue;
        if (size == 1 || number(launcher.rank) > 0) return "";  // number 0 says it
        return fmt::format(
            "the launcher started {} processes ({}), but to MPI each is alone; unless every one has a store "
            "of its own, start them with the mpirun of {}, which this program is linked with, or by srun "
            "with "
            "its PMI (srun --mpi=list)",
            size, launcher.size, library);
    }
    return "";
}

}  // namespace attnpaths
