#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace attnpaths {

/// Work that can be left behind. Inside one long step of linear algebra a process answers nobody, and nothing
/// ends such a step. Work is therefore done in a thread of its own, one piece at a time, while the thread
/// that waits for the result attends to it, and goes on without it where it must.
///
/// Of the two threads only the attending one touches what they share, but for calls that the work makes in
/// turn. Whatever else the work uses belongs to the work (shared pointers), because it may outlive the rest.
class AttendedWork {
  public:
    AttendedWork() = default;
    ~AttendedWork();
    AttendedWork(const AttendedWork&) = delete;
    AttendedWork& operator=(const AttendedWork&) = delete;

    /// Does the work in the other thread and waits for it. Meanwhile calls wants_to_leave() in this one, some
    /// fifty times a second and never during a call in turn; once that returns true, or throws, the work is
    /// left behind: it goes on until the process ends, but never gets a turn again. This object is then of no
    /// more use.
    /// @returns what work() returned; nothing if it was left behind
    /// @throws what work() throws, and Error if the system refuses the thread
    template <class Work>
    std::optional<std::invoke_result_t<Work&>> result_of(Work work,
                                                         const std::function<bool()>& wants_to_leave) {
        using Result = std::invoke_result_t<Work&>;
        const auto result = std::make_shared<std::optional<Result>>();
        if (!run([result, work = std::move(work)]() mutable { result->emplace(work()); }, wants_to_leave))
            return std::nullopt;
        return std::move(*result);
    }

    /// For the work: a function that does the same as `call` while the attending thread keeps still. Of work
    /// that was left behind it never returns.
    template <class Call>
    auto in_turn(Call call) const {
        return [shared = shared_, call = std::move(call)](auto&&... arguments) {
            const Turn turn(*shared);
            return call(std::forward<decltype(arguments)>(arguments)...);
        };
    }

    /// Whether this process left any work behind. It must then end by _Exit(), as destructors of static
    /// objects would destroy what the work still uses.
    static bool any_left_behind();

  private:
    /// What both threads know, guarded by the mutex. The attending thread holds it whenever it runs.
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::function<void()> work;  ///< not yet begun
        std::exception_ptr failure;  ///< of the last work
        bool is_busy = false;        ///< from the request to the end of the work
        bool is_left = false;
        bool is_over = false;  ///< no more work comes
    };
    class Turn {
      public:
        explicit Turn(Shared& shared);

      private:
        std::unique_lock<std::mutex> lock_;
    };

    static void serve(const std::shared_ptr<Shared>& shared);
    void start();
    bool run(std::function<void()> work, const std::function<bool()>& wants_to_leave);
    void leave();

    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
    std::thread thread_;
};

}  // namespace attnpaths
