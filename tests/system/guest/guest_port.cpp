// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/guest_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <utility>

namespace saffron::guest {

guest_port::guest_port(std::string name, std::string path, std::unique_ptr<port_service> service)
    : name_(std::move(name)), path_(std::move(path)), service_(std::move(service)) {}

short guest_port::wanted() const noexcept {
  if (!connected_) return 0;
  short events = 0;
  if (in_at_ == in_.size() && !held_) events |= POLLIN;
  if (out_at_ < out_.size()) events |= POLLOUT;
  return events;
}

bool guest_port::open() {
  if (fd_ < 0) fd_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  return fd_ >= 0;
}

void guest_port::close() {
  if (fd_ < 0) return;
  disconnect();
  (void)::close(fd_);
  fd_ = -1;
}

void guest_port::disconnect() {
  if (connected_) service_->disconnected();
  connected_ = false;
  in_.clear();
  out_.clear();
  in_at_ = out_at_ = 0;
}

bool guest_port::polled(short events) {
  const bool there = (events & POLLHUP) == 0;
  if (there == connected_) return false;
  if (there) {
    connected_ = true;
    service_->connected();
    return true;
  }
  // A new open tells the host that whoever comes next meets somebody new.
  close();
  (void)open();
  return true;
}

bool guest_port::pump() {
  constexpr int rounds = 16;
  for (int round = 0; round < rounds && connected_; ++round) {
    bool moved = false;
    if (in_at_ == in_.size() && !held_) {
      in_.resize(piece);
      const auto n = ::read(fd_, in_.data(), in_.size());
      in_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
      in_at_ = 0;
    }
    if (in_at_ < in_.size()) {
      const auto taken = service_->write(std::span{in_}.subspan(in_at_));
      in_at_ += taken;
      moved |= taken > 0;
    }
    if (out_at_ == out_.size()) {
      out_.resize(piece);
      out_.resize(service_->read(out_));
      out_at_ = 0;
    }
    if (out_at_ < out_.size()) {
      const auto n = ::write(fd_, out_.data() + out_at_, out_.size() - out_at_);
      if (n > 0) out_at_ += static_cast<std::size_t>(n);
      moved |= n > 0;
    }
    if (!moved) return false;
  }
  return connected_;
}

} // namespace saffron::guest
