#pragma once

#include <unistd.h>
#include <utility>

namespace attnpaths {

/// Owner of a file descriptor of the system: a socket, an epoll instance.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    /// Gives the descriptor up: it is the caller's to close.
    [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

  private:
    int number_ = -1;
};

}  // namespace attnpaths
