// Makes a store of many points through the sweep's own path (journal, sync, compaction) and prints what it
// cost. usage: store_benchmark FILE POINTS

#include "h5/handle.hpp"
#include "store/store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace attnpaths;

std::string key_of(int point) {
    return fmt::format("{:032x}", point);
}

ValueArray filled(std::vector<std::uint64_t> shape, double value) {
    std::uint64_t size = 1;
    for (const std::uint64_t extent : shape) size *= extent;
    return {std::move(shape), std::vector<double>(size, value)};
}

/// A record like those of the 4-path task: 40 scalars, order parameters and 30 spectrum values of two
/// predictors.
Record sample(int point) {
    const double x = 0.001 * point;
    Record record;
    record["point/key"] = key_of(point);
    record["point/task"] = std::string("hidden-markov");
    record["point/status"] = std::string("done");
    record["point/message"] = std::string();
    record["point/evaluation"] = std::string("kernels");
    record["point/host"] = std::string("node1");
    record["point/width"] = 10.0 + point % 1000;
    record["point/temperature"] = 0.01;
    record["point/seconds"] = 0.02;
    record["point/finished"] = 1.7e9 + x;
    for (const char* name : {"examples", "heads", "depth", "paths", "outputs", "seed"})
        record[std::string("point/") + name] = static_cast<std::int64_t>(point / 1000 + 1);
    record["point/widths"] = filled({3}, 10);
    record["point/head_counts"] = filled({2}, 2);
    record["point/variances"] = filled({4}, 1);
    for (const char* name : {"action", "energy", "entropy", "gradient_norm", "gradient_norm_U", "hessian_min",
                             "accuracy", "mse", "bias", "variance", "train_accuracy", "train_mse"})
        record[std::string("theory/") + name] = std::sin(x);
    for (const char* name : {"iterations", "evaluations", "hessians"})
        record[std::string("theory/") + name] = std::int64_t{20};
    for (const char* name : {"accuracy", "mse", "bias", "variance", "train_accuracy", "train_mse"}) {
        record[std::string("gp/") + name] = std::cos(x);
        record[std::string("theory-diagonal/") + name] = std::cos(2 * x);
    }
    record["theory/U_a"] = filled({1, 1}, x);
    record["theory/order_parameter"] = filled({4, 4}, x);
    record["theory/order_parameter_above-layer2"] = filled({2, 2}, x);
    record["theory/head_scores"] = filled({4}, x);
    record["theory/path_scores"] = filled({4}, x);
    for (const char* group : {"theory/", "gp/"})
        for (const char* name : {"eigenvalues", "overlaps", "cumulative_power"})
            record[std::string(group) + name] = filled({30}, x);
    return record;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: store_benchmark FILE POINTS\n");
        return 64;
    }
    h5::initialise();
    const std::string path = argv[1];
    const int points = std::atoi(argv[2]);
    SweepPlan plan;
    for (int point = 0; point < points; ++point) plan.keys.push_back(key_of(point));
    plan.configuration = "store_benchmark";
    plan.program_version = "0";
    plan.git_hash = "0";
    plan.ranks = 3;
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    Store store = Store::open(path, plan);
    int compactions = 0;
    for (int point = 0; point < points; ++point) {
        store.start(key_of(point));
        store.finish(sample(point));
        if (point % 8 == 7) {  // results that arrive together share one sync
            store.sync();
            compactions += store.compact_if_due() ? 1 : 0;
        }
    }
    store.sync();
    const double journalled = elapsed();
    store.compact();
    fmt::print(
        "{} points: {:.2f} s in the journal ({} compactions on the way), {:.2f} s with the last compaction, "
        "{:.3f} ms per point, {:.1f} MB\n",
        points, journalled, compactions, elapsed(), 1000 * elapsed() / points,
        static_cast<double>(std::filesystem::file_size(path)) / 1e6);
}
