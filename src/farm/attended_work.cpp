#include "farm/attended_work.hpp"

#include "base/error.hpp"
#include "farm/signal_stack.hpp"

#include <fmt/format.h>

#include <atomic>
#include <system_error>

namespace attnpaths {

namespace {

constexpr std::chrono::milliseconds look_interval{20};
std::atomic<bool> some_work_is_left = false;

}  // namespace

AttendedWork::~AttendedWork() {
    if (!thread_.joinable()) return;
    {
        const std::scoped_lock lock(shared_->mutex);
        shared_->is_over = true;
    }
    shared_->changed.notify_all();
    thread_.join();
}

AttendedWork::Turn::Turn(Shared& shared) : lock_(shared.mutex) {
    // What the calls touch is the attending thread's alone now, or gone.
    while (shared.is_left) shared.changed.wait(lock_);
}

void AttendedWork::serve(const std::shared_ptr<Shared>& shared) {
    const SignalStack stack;
    std::unique_lock lock(shared->mutex);
    while (true) {
        shared->changed.wait(lock, [&] { return shared->work != nullptr || shared->is_over; });
        if (shared->is_over) return;
        std::function<void()> work = std::exchange(shared->work, nullptr);
        std::exception_ptr failure;
        lock.unlock();
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        work = nullptr;
        lock.lock();
        shared->failure = std::move(failure);
        shared->is_busy = false;
        shared->changed.notify_all();
    }
}

void AttendedWork::start() {
    try {
        thread_ = std::thread(serve, shared_);
    } catch (const std::system_error& error) {
        throw Error(
            ExitCode::internal,
            fmt::format("the system refuses a thread to compute in ({}); raise the limit of processes "
                        "(ulimit -u) or of the job's memory",
                        error.what()));
    }
}

bool AttendedWork::run(std::function<void()> work, const std::function<bool()>& wants_to_leave) {
    if (!thread_.joinable()) start();
    std::unique_lock lock(shared_->mutex);
    shared_->work = std::move(work);
    shared_->is_busy = true;
    shared_->changed.notify_all();
    while (!shared_->changed.wait_for(lock, look_interval, [&] { return !shared_->is_busy; })) {
        bool leaves = true;
        try {
            leaves = wants_to_leave();
        } catch (...) {
            leave();
            throw;
        }
        if (!leaves) continue;
        leave();
        return false;
    }
    if (shared_->failure) std::rethrow_exception(std::exchange(shared_->failure, nullptr));
    return true;
}

void AttendedWork::leave() {
    shared_->is_left = true;
    some_work_is_left = true;
    thread_.detach();
}

bool AttendedWork::any_left_behind() {
    return some_work_is_left;
}

}  // namespace attnpaths
