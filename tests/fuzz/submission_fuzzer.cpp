// Files in a store's queue, as a sweep reads them: the submission, its parts and, where the grid is small and
// needs no data, its points. What it says of itself goes out again as a submission that says the same; what
// cannot be taken is set aside with a reason.
#include "base/error.hpp"
#include "submit/submission_box.hpp"
#include "submit/submissions.hpp"
#include "sweep/configuration.hpp"
#include "sweep/grid.hpp"
#include "sweep/part_encoding.hpp"
#include "sweep/sweep_parts.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

using namespace attnpaths;

constexpr const char* id = "fuzz";

/// A queue in memory, if the system has such a folder; removed with the process.
class Queue {
  public:
    Queue() : box_((folder_ / "store.h5").string()) { std::filesystem::create_directories(box_.folder()); }
    ~Queue() { std::filesystem::remove_all(folder_); }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    [[nodiscard]] Submission read(const std::uint8_t* data, std::size_t size) const {
        std::ofstream(std::filesystem::path(box_.folder()) / (std::string(id) + ".json"),
                      std::ios::binary | std::ios::trunc)
            .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
        return box_.read(id);
    }
    [[nodiscard]] const SubmissionBox& box() const { return box_; }

  private:
    static std::filesystem::path memory_folder() {
        return std::filesystem::is_directory("/dev/shm") ? "/dev/shm"
                                                         : std::filesystem::temp_directory_path();
    }

    std::filesystem::path folder_ =
        memory_folder() / ("attnpaths-submission-fuzzer-" + std::to_string(::getpid()));
    SubmissionBox box_;
};

void check_points(const std::string& encoded_parts) {
    constexpr std::int64_t most = 200;
    for (EncodedPart& part : decode_parts(encoded_parts)) {
        const Configuration configuration = read_configuration(std::move(part.settings.settings));
        if (!configuration.task->source().empty() || grid_size(configuration) > most) return;
    }
    for (const GridPoint& point : grid_points(load_submitted_parts(encoded_parts, {"8GiB", "fuzz.ini"})))
        if (point.architecture.paths() < 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Queue queue;
    try {
        const Submission submission = queue.read(data, size);
        const std::string copy_id =
            queue.box().put(submission.requested_by, submission.parts, submission.keys);
        const Submission copy = queue.box().read(copy_id);
        queue.box().remove(copy_id);
        if (copy.parts != submission.parts || copy.keys != submission.keys) std::abort();
        check_points(submission.parts);
    } catch (const Error& error) {
        queue.box().reject(id, error.what());
        if (queue.box().read_rejected(id).reason.empty()) std::abort();
    }
    return 0;
}
