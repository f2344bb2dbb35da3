#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "base/this_user.hpp"
#include "base/value_syntax.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/sweep_settings.hpp"
#include "cli/unread.hpp"
#include "files/file_paths.hpp"
#include "run/plan_text.hpp"
#include "store/log/store_lock.hpp"
#include "store/store_view.hpp"
#include "submit/point_counts.hpp"
#include "submit/submission_box.hpp"
#include "submit/submissions.hpp"
#include "sweep/configuration.hpp"
#include "sweep/data_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

constexpr const char* memory_key = "run.memory_per_rank";

bool names_a_file(const std::string& key) {
    const std::vector<SettingKey>& keys = sweep_keys();
    return std::any_of(keys.begin(), keys.end(), [&](const SettingKey& setting) {
        return setting.name == key && setting.kind == SettingKind::file;
    });
}

/// Settings as they go into the box: without keys of the run, with paths that do not depend on our folder.
PartSettings submittable(const PartSettings& part, const std::string& store) {
    PartSettings result{part.name, Settings()};
    for (const auto& [key, setting] : part.settings.values()) {
        // The store is named first, and wins over the file's as it does with `sweep --store`.
        if (key == "store.file" && setting.where != "command line") continue;
        if (key == "store.file")
            part.settings.fail(key, fmt::format("leave it out; the points go to {}", store));
        if (concerns_the_run(key))
            part.settings.fail(key,
                               "concerns the sweep that runs, which has a value of its own; leave it out");
        Setting submitted = setting;
        if (names_a_file(key))
            submitted.text = quoted_if_needed(std::filesystem::absolute(part.settings.text(key)).string());
        result.settings.set(key, std::move(submitted));
    }
    return result;
}

std::string submitted_parts(const po::variables_map& values, const std::string& store) {
    std::vector<EncodedPart> parts;
    for (const PartSettings& part : settings_of(values)) parts.push_back({submittable(part, store), ""});
    return encode_parts(parts);
}

/// The store, or nothing if there is none yet although a sweep holds its lock or the user says so.
std::optional<StoreView> view_of(const std::string& store, bool may_be_new) {
    if (is_folder(store)) throw UsageError(store + ": is a folder; give the name of a store file");
    const std::string file = followed_path(store);
    if (path_exists(file) || path_exists(file + ".journal")) return read_store(file);
    if (may_be_new || lock_owner(file)) return std::nullopt;
    throw InputError(fmt::format(
        "{}: there is no such store; check its name, begin a sweep (attnpaths sweep --store {} --wait), or "
        "add --new to submit to one that will be made",
        store, store));
}

/// The memory budget of the latest sweep on the store, which is part of what determines a result.
Setting memory_of(const std::optional<StoreView>& store) {
    const std::string line_start = fmt::format("{} = ", memory_key);
    if (store)
        for (const std::string& line : split(store->header().configuration, "\n"))
            if (line.starts_with(line_start)) return {line.substr(line_start.size()), "the store"};
    for (const SettingKey& key : sweep_keys())
        if (key.name == memory_key) return {key.default_value, "default"};
    throw Error(ExitCode::internal, fmt::format("there is no key {}", memory_key));
}

/// What becomes of the submission, by who holds the store's lock.
std::string destiny(const std::string& store) {
    const std::optional<LockOwner> owner = lock_owner(followed_path(store));
    const Liveness alive = owner ? liveness(*owner) : Liveness::gone;
    if (alive == Liveness::gone)
        return fmt::format("no sweep runs on it; the next one takes it (attnpaths sweep --store {} --wait)",
                           store);
    const std::string who = fmt::format("pid {} on host {} since {}", owner->pid, owner->host, owner->since);
    return alive == Liveness::running
               ? fmt::format("the sweep that runs on it ({}) takes it", who)
               : fmt::format(
                     "a sweep may be running on it ({}: cannot be seen from this machine); it, or the "
                     "next one, takes it",
                     who);
}

po::options_description submit_options() {
    po::options_description options("Options", sweep_help_columns);
    options.add_options()("dry-run", "say what would be submitted and write nothing")(
        "new", "the store need not exist yet")("no-samples",
                                               "theory alone; the same as --analyses.samples false");
    add_help_option(options);
    return options;
}

std::string put(const SubmissionBox& box, const std::string& parts,
                const std::vector<PointRequest>& requests) {
    std::vector<std::string> keys;
    std::vector<std::string> plans;
    std::vector<std::size_t> plan_of;
    std::map<const Plan*, std::size_t> numbers;
    for (const PointRequest& request : requests) {
        const auto [found, is_new] = numbers.try_emplace(request.plan.get(), plans.size());
        if (is_new) plans.push_back(request.plan == nullptr ? "" : plan_text(*request.plan));
        keys.push_back(request.key);
        plan_of.push_back(found->second);
    }
    return box.put(this_user(), parts, keys, plans, plan_of);
}

int submit(const po::variables_map& values) {
    const std::string store = values["target"].as<std::string>();
    const std::string parts = submitted_parts(values, store);
    const std::optional<StoreView> view = view_of(store, values.count("new") > 0);
    // Points that are missing for it are computed again, and no more than that.
    if (view) static_cast<void>(report_unread(*view, "submit"));
    const std::vector<Configuration> loaded = load_submitted_parts(parts, memory_of(view));
    const std::vector<GridPoint> points = grid_points(loaded);
    for (const std::string& note : data_notes(loaded)) print_error("attnpaths submit: note: {}\n", note);
    std::vector<PointRequest> requests;
    for (const GridPoint& point : points) requests.push_back({point.key, point.plan});
    const PointCounts counts = view ? count_points(*view, requests) : PointCounts{0, 0, requests.size()};

    std::string text = fmt::format("{} for {}", count_text(points.size()), store);
    if (counts.done > 0) text += fmt::format(", {} of them done already", counts.done);
    if (counts.failed > 0)
        text +=
            fmt::format(", {} failed (attnpaths sweep --retry-failed takes these up again)", counts.failed);
    if (counts.unfinished == 0) {
        write_output(text + ": nothing to do\n");
        return 0;
    }
    if (values.count("dry-run") > 0) {
        write_output(fmt::format("{}; {} to compute (dry run: nothing is submitted); {}\n", text,
                                 counts.unfinished, destiny(store)));
        return 0;
    }
    const std::string id = put(SubmissionBox(store), parts, requests);
    write_output(
        fmt::format("{}; {} to compute\nsubmission {}: {}\n", text, counts.unfinished, id, destiny(store)));
    return 0;
}

}  // namespace

int run_submit(const std::vector<std::string>& arguments) {
    po::options_description visible = submit_options();
    visible.add(key_options([](const std::string& key) { return !concerns_the_run(key); }));
    po::options_description all;
    // Keys of the run are parsed too, to say why they are refused.
    all.add(visible).add(key_options(concerns_the_run));
    all.add_options()("target", po::value<std::string>())("configuration", po::value<std::string>());
    po::positional_options_description words;
    words.add("target", 1).add("configuration", 1);
    const po::variables_map values = parse_options(arguments, all, words, "submit");
    if (values.count("help") > 0) {
        print_help(
            "submit STORE [CONFIGURATION] [--key value ...]",
            "Queues the points of a grid for the sweep that runs on a store, which takes them up within "
            "seconds and without\n"
            "a restart; if none runs, the next sweep on that store takes them. Anybody who may write "
            "the folder STORE.queue\n"
            "can submit, from any machine that sees it; who asked for a point is stored with it "
            "(point/asked_by).\n"
            "Points that the store has are not computed again.\n\n"
            "  attnpaths submit results.h5 --grid.width \"200 500\" --grid.temperature 0.1\n"
            "  attnpaths status results.h5 --watch",
            visible);
        return 0;
    }
    if (values.count("target") == 0) throw UsageError("give a store; see attnpaths submit --help");
    return submit(values);
}

}  // namespace attnpaths::cli
