#include "training/descent/training_run.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"
#include "farm/mpi.hpp"
#include "farm/stop_request.hpp"
#include "files/file_paths.hpp"
#include "files/present_failure.hpp"
#include "store/log/store_lock.hpp"
#include "training/descent/decisive_settings.hpp"
#include "training/descent/rank_weights.hpp"
#include "training/descent/starting_network.hpp"
#include "training/descent/training_report.hpp"
#include "training/descent/training_state.hpp"
#include "training/topology/gossip_matrix.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>

namespace attnpaths {

namespace {

class TrainingRun {
  public:
    TrainingRun(const mpi::Communicator& world, const TrainingSettings& settings)
        : world_(world),
          settings_(settings),
          deadline_(settings.time_limit),
          line_(world.is_master() ? settings.progress : ProgressStyle::none) {}

    /// The file is this run's alone from here to the end: it goes on from what the file holds.
    void take_output() {
        if (!world_.is_master()) return;
        lock_.emplace(followed_path(settings_.output), "run");
        if (!lock_->note().empty()) note(lock_->note());
    }

    /// Everything that can be wrong with the input is found here.
    void prepare() {
        if (!settings_.topology.empty()) gossip_ = gossip_matrix(settings_.topology, world_.size());
        const bool going_on = path_exists(settings_.output);
        if (going_on) state_ = read_training_file(settings_.output);
        TrainedNetwork start = starting_network(settings_, images_);
        if (world_.is_master())
            for (const std::string& line : images_.notes) note(line);
        const std::map<std::string, std::string> ours = decisive_settings(settings_, images_, start, gossip_);
        if (going_on) {
            check_same_settings(settings_.output, state_.settings, ours);
            state_.best.notes = std::move(start.notes);  // the same, and complete
        } else {
            state_.settings = ours;
            state_.weights = start.weights;
            state_.best = std::move(start);
            if (gossip_.size() > 0)
                state_.rank_weights.assign(static_cast<std::size_t>(world_.size()), state_.weights);
        }
        tokens_ = std::make_unique<EpisodeTokens>(images_, settings_.patch, state_.best.notes.label_vectors);
        train_ = std::make_unique<EpisodeStream>(images_, Split::train, settings_.seed, "one-shot/descent");
        validation_ = std::make_unique<EpisodeStream>(images_, Split::validation, settings_.seed,
                                                      "one-shot/descent/validation");
        test_ =
            std::make_unique<EpisodeStream>(images_, Split::test, settings_.seed, "one-shot/descent/test");
        const WeightLayout layout(state_.best.shape);
        descent_ = std::make_unique<Descent>(
            world_, layout, *tokens_, settings_.adam,
            weights_of_rank(world_, state_, gossip_.size() > 0, settings_.output), gossip_);
        if (going_on) {
            descent_->adam.mean = state_.mean;
            descent_->adam.square = state_.square;
            descent_->steps = state_.steps;
        }
        goal_ = (settings_.episodes + settings_.batch - 1) / settings_.batch;
        going_on_ = going_on;
    }

    /// Before any work: a folder that cannot be written should not cost a period of it.
    void begin() {
        steps_at_start_ = descent_->steps;
        seconds_before_ = state_.seconds;
        start_ = saved_ = Clock::now();
        if (gossip_.size() > 0)
            state_.topology = topology_numbers(world_, *descent_, gossip_, settings_.adam.learning_rate,
                                               *train_, settings_.batch);
        if (!world_.is_master()) return;
        if (!going_on_) write_training_file(settings_.output, collected());
        announce();
    }

    int run() {
        StepRequests requests;
        while (!requests.stop && (is_validation_due() || descent_->steps < goal_)) {
            if (is_validation_due()) {
                requests.stop = !validate();
                continue;
            }
            state_.test.reset();  // was of other weights
            requests.stop = wants_to_stop();
            requests.save = world_.is_master() && seconds_since(saved_) >= settings_.checkpoint_period;
            const auto first = static_cast<std::uint64_t>(descent_->steps * settings_.batch);
            const Score score = descent_->step(*train_, first, settings_.batch, requests);
            state_.since_validation += score;
            recent_ += score;
            if (world_.is_master() && line_.is_due()) show(false);
            if (requests.save) save();
        }
        bool finished = descent_->steps >= goal_ && !is_validation_due();
        const bool tested = state_.test && state_.test->episodes == settings_.test_episodes;
        if (finished && settings_.test_episodes > 0 && !tested) finished = test();
        if (world_.is_master() && ran()) show(true);
        if (ran() || !tested) save();
        if (world_.is_master()) report(finished);
        return finished ? 0 : static_cast<int>(ExitCode::stopped_with_work);
    }

  private:
    using Clock = std::chrono::steady_clock;

    static void note(const std::string& line) { print_error("attnpaths train: note: {}\n", line); }

    static double seconds_since(Clock::time_point begin) {
        return std::chrono::duration<double>(Clock::now() - begin).count();
    }

    [[nodiscard]] bool wants_to_stop() const {
        return stop_request() != StopRequest::none || deadline_.passed();
    }
    /// Of the present weights. One that was interrupted is made by the next run.
    [[nodiscard]] bool is_validation_due() const {
        const std::int64_t period = std::max<std::int64_t>(1, settings_.validation_period / settings_.batch);
        if (descent_->steps == 0 || (descent_->steps % period != 0 && descent_->steps != goal_)) return false;
        return state_.curve.empty() || state_.curve.back().episodes != episodes();
    }
    [[nodiscard]] std::int64_t episodes() const { return descent_->steps * settings_.batch; }
    [[nodiscard]] bool ran() const { return descent_->steps != steps_at_start_; }
    [[nodiscard]] double rate() const {
        return static_cast<double>((descent_->steps - steps_at_start_) * settings_.batch) /
               seconds_since(start_);
    }

    [[nodiscard]] TrainingProgress progress() const { return {episodes(), goal_ * settings_.batch, rate()}; }

    void announce() const {
        print_output("{}\n", network_text(going_on_, state_.best.shape, images_.name,
                                          images_.classes_of(Split::train).size(), world_.size()));
        if (going_on_) print_output("{}: {}\n", settings_.output, going_on_text(progress()));
        if (state_.topology)
            print_output("{}\n",
                         topology_text(settings_.topology, *state_.topology, settings_.adam.learning_rate));
        static_cast<void>(std::fflush(stdout));
    }

    /// @returns false if it was stopped, and nothing changed
    bool validate() {
        const WeightVector<float> weights = descent_->common();
        const auto number = static_cast<std::uint64_t>(state_.curve.size());
        const std::optional<Score> validated = descent_->evaluate(
            weights, *validation_, number * static_cast<std::uint64_t>(settings_.validation_episodes),
            settings_.validation_episodes, [this] { return wants_to_stop(); });
        if (!validated) return false;
        const Score& score = *validated;
        const Score& train = state_.since_validation;
        state_.curve.push_back({episodes(), train.mean_loss(), train.accuracy(), score.mean_loss(),
                                score.accuracy(), seconds_before_ + seconds_since(start_)});
        state_.since_validation = {};
        const bool best = score.accuracy() > state_.best_accuracy;
        if (best) {
            state_.best.weights = weights;
            state_.best_accuracy = score.accuracy();
            state_.best_episodes = episodes();
        }
        if (world_.is_master() && settings_.progress != ProgressStyle::none)
            line_.message(validation_text(state_.curve.back(), best));
        return true;
    }

    /// @returns false if it was stopped
    bool test() {
        state_.test.reset();
        const auto accuracy = [this](const WeightVector<float>& weights) {
            const std::optional<Score> score = descent_->evaluate(weights, *test_, 0, settings_.test_episodes,
                                                                  [this] { return wants_to_stop(); });
            return score ? std::optional(score->accuracy()) : std::nullopt;
        };
        const std::optional<double> last = accuracy(descent_->common());
        const std::optional<double> best = last ? accuracy(state_.best.weights) : std::nullopt;
        if (!best) return false;
        TestResult result;
        result.episodes = settings_.test_episodes;
        result.last = *last;
        result.best = *best;
        state_.test = result;
        return true;
    }

    void show(bool last) {
        const double done = static_cast<double>(descent_->steps) / static_cast<double>(goal_);
        line_.show(done, progress_text(progress(), recent_, state_.best_accuracy, last), last);
        if (recent_.episodes > 10'000) recent_ = {};
    }

    /// Everything that goes into the file. Ranks have made their weights complete.
    const TrainingState& collected() {
        state_.steps = descent_->steps;
        if (gossip_.size() == 0) state_.weights = descent_->weights;
        state_.mean = descent_->adam.mean;
        state_.square = descent_->adam.square;
        state_.seconds = seconds_before_ + seconds_since(start_);
        return state_;
    }

    void save() {
        for (WeightVector<float>* weights :
             {&descent_->weights, &descent_->adam.mean, &descent_->adam.square, &state_.best.weights})
            descent_->complete(*weights);
        if (gossip_.size() > 0) collect_rank_weights(world_, *descent_, state_);
        if (!world_.is_master()) return;
        write_training_file(settings_.output, collected());
        saved_ = Clock::now();
    }

    void report(bool finished) const {
        if (finished)
            print_output("{}: {}\n", settings_.output, result_text(progress(), state_));
        else
            print_output("{}\n",
                         stopped_text(progress(),
                                      stop_request() != StopRequest::none ? "a signal" : "the time limit"));
    }

    const mpi::Communicator& world_;
    TrainingSettings settings_;
    std::optional<StoreLock> lock_;
    Deadline deadline_;
    StatusLine line_;
    ImageSet images_;
    Matrix gossip_;  // empty: ranks share their weights
    TrainingState state_;
    std::unique_ptr<EpisodeTokens> tokens_;
    std::unique_ptr<EpisodeStream> train_;
    std::unique_ptr<EpisodeStream> validation_;
    std::unique_ptr<EpisodeStream> test_;
    std::unique_ptr<Descent> descent_;
    bool going_on_ = false;
    std::int64_t goal_ = 0;
    std::int64_t steps_at_start_ = 0;
    double seconds_before_ = 0;
    Score recent_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point saved_ = Clock::now();
};

int fail(const Failure& failure) {
    print_error("attnpaths train: {}\n", printable(failure.message));
    return static_cast<int>(failure.code);
}

/// Does something. @returns what went wrong, if anything did
template <class Action>
std::optional<Failure> failure_of(const Action& action) {
    try {
        action();
        return std::nullopt;
    } catch (const std::exception&) {
        return present_failure();
    }
}

}  // namespace

int run_training(const TrainingSettings& settings) {
    watch_signals();
    const mpi::Communicator world;
    TrainingRun run(world, settings);
    for (const auto part : {&TrainingRun::take_output, &TrainingRun::prepare, &TrainingRun::begin}) {
        const std::optional<Failure> failure = failure_of([&] { (run.*part)(); });
        // A mistake that every rank sees is told once.
        std::array<double, 2> failed = {failure ? 1.0 : 0.0, failure && world.is_master() ? 1.0 : 0.0};
        world.sum(std::span<double>(failed));
        if (failed[0] == 0) continue;
        return failure && (world.is_master() || failed[1] == 0) ? fail(*failure) : 0;
    }
    int code = 0;
    const std::optional<Failure> failure = failure_of([&] { code = run.run(); });
    if (!failure) return world.is_master() ? code : 0;
    code = fail(*failure);
    if (world.size() > 1) world.abort(code);  // the others may be anywhere
    return code;
}

}  // namespace attnpaths
