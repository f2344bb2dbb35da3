#include "tasks/rehearsal/rehearsal_task.hpp"

#include "base/error.hpp"

namespace attnpaths {

namespace {

constexpr double longest_point = 1e7;  // seconds
constexpr double largest_width = 0x1p53;

const SettingKey seconds = {"task.seconds",    "0.001", "time that a point of the rehearsal takes",
                            SettingKind::real, 0,       longest_point};
const SettingKey crash_widths = {
    "task.crash_widths", "", "list: points of these widths end their process by a segmentation fault",
    SettingKind::reals,  1,  largest_width};
const SettingKey hang_widths = {
    "task.hang_widths", "", "list: points of these widths never end, whatever they are asked",
    SettingKind::reals, 1,  largest_width};

class RehearsalTask : public Task {
  public:
    explicit RehearsalTask(Rehearsal rehearsal) : rehearsal_(std::move(rehearsal)) {}

    /// Nothing: what its points do on the way is no part of their results.
    [[nodiscard]] std::string content() const override { return ""; }
    [[nodiscard]] Index input_width() const override { return 1; }
    [[nodiscard]] Index default_examples() const override { return 100; }
    void check_examples(Index /*examples*/, const std::string& /*where*/) const override {}
    [[nodiscard]] DataSize data_size(Index /*examples*/) const override { return {}; }
    [[nodiscard]] std::shared_ptr<const Dataset> data(const DataRequest& /*request*/) const override {
        throw Error(ExitCode::internal, "a rehearsal has no data");
    }
    [[nodiscard]] const Rehearsal* rehearsal() const override { return &rehearsal_; }

  private:
    Rehearsal rehearsal_;
};

std::vector<double> widths_of(const Settings& settings, const SettingKey& key) {
    return settings.has(key.name) ? settings.numbers(key) : std::vector<double>{};
}

}  // namespace

bool is_rehearsed_fault(const std::string& key) {
    return key == crash_widths.name || key == hang_widths.name;
}

TaskDeclaration rehearsal_task() {
    return {"rehearsal",
            "points that compute nothing, to try out a cluster",
            {seconds, crash_widths, hang_widths},
            [](const Settings& settings) {
                return std::make_shared<RehearsalTask>(Rehearsal{settings.number(seconds),
                                                                 widths_of(settings, crash_widths),
                                                                 widths_of(settings, hang_widths)});
            }};
}

}  // namespace attnpaths
