#pragma once

#include "files/descriptor.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>

namespace attnpaths::h5 {

/// One end of the conversation with a reader process.
class Channel {
  public:
    explicit Channel(Descriptor socket) : socket_(std::move(socket)) {}

    /// @returns false if the other end is gone
    [[nodiscard]] bool send(const void* data, std::size_t bytes) const noexcept;
    /// Receives exactly so many bytes. @returns false if the other end is gone before
    [[nodiscard]] bool receive(void* target, std::size_t bytes) const noexcept;
    /// A message of at most `largest_message` bytes, its length first.
    [[nodiscard]] bool send_message(const std::string& message) const noexcept;
    [[nodiscard]] bool receive_message(std::string& message) const;

    static constexpr std::uint64_t largest_message = std::uint64_t{1} << 26U;

  private:
    Descriptor socket_;
};

/// A child process in which libhdf5 reads a file that may be damaged. The library crashes on some damaged
/// files, and runs for ever on others; here that costs the child, whose parent says so in one line. The child
/// is a fork without exec: it touches no MPI, keeps no descriptor but its channel, leaves signals to its
/// parent, dies with it, and never returns from `serve`. Its memory is the parent's, copied on write.
class ReaderProcess {
  public:
    /// @param serve  runs in the child; the child ends when it returns or throws
    /// @throws InputError if the system gives no process
    ReaderProcess(const std::string& file, const std::function<void(const Channel&)>& serve);
    ~ReaderProcess();
    ReaderProcess(const ReaderProcess&) = delete;
    ReaderProcess& operator=(const ReaderProcess&) = delete;

    [[nodiscard]] const Channel& channel() const noexcept { return channel_; }
    /// Why the child is gone, to follow the name of what was being read: "makes the HDF5 library crash ...".
    [[nodiscard]] std::string cause_of_death();

  private:
    void collect() noexcept;

    Channel channel_;
    pid_t pid_ = -1;
    int status_ = 0;
};

/// In a reader process: what the next step may take, given the bytes of numbers that it handles. A step that
/// takes more processor time ends the process; memory beyond the limit is refused.
void limit_next_step(std::uint64_t bytes) noexcept;

}  // namespace attnpaths::h5
