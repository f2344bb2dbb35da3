#include "cli/command.hpp"

#include <array>

namespace attnpaths::cli {

std::span<const Command> commands() {
    static constexpr std::array all = {
        Command{"sweep", "compute a grid of points into a store (under mpirun, or alone)", run_sweep},
        Command{"submit", "queue more points for the sweep that runs on a store, or the next one",
                run_submit},
        Command{"status", "points done, failed and left of a store, rate, remaining time", run_status},
        Command{"show", "a row per point of a store, as table, CSV or JSON", run_show},
        Command{"select", "the temperature of greatest evidence, line by line of a grid", run_select},
        Command{"heads", "score and rank of every attention head, a row each", run_heads},
        Command{"verify", "check a store's checksums, or compare two stores", run_verify},
        Command{"merge", "join stores into one", run_merge},
        Command{"train", "train a network on one-shot classification, whose heads the theory takes",
                run_train},
        Command{"prune", "remove heads of a trained network by the theory's scores, with controls",
                run_prune},
        Command{"dataset", "make, convert or check a data set file", run_dataset, dataset_kinds},
        Command{"help", "what an analysis computes, its columns, settings and cost; man pages, completion",
                run_help, nullptr, help_topics},
    };
    return all;
}

}  // namespace attnpaths::cli
