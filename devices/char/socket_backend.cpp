// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/socket_backend.hpp"

#include "messages/defaults.hpp"

#include <asio/post.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace saffron::devices {

namespace {

using wait_type = asio::posix::descriptor_base::wait_type;

constexpr std::size_t discard_piece = 4096;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

} // namespace

socket_backend::socket_backend(std::unique_ptr<connector> from, connect_when when)
    : from_(std::move(from)), when_(when) {}

socket_backend::~socket_backend() { stop(); }

template <class F>
auto socket_backend::completion(F f) {
  return transport::completion(*actor_, [weak = weak_from_this(), start = starts_, f](auto... results) {
    if (const auto self = weak.lock(); self && self->starts_ == start) f(*self, results...);
  });
}

template <class F>
auto socket_backend::socket_completion(F f) {
  return completion([socket = sockets_, f](socket_backend& self, auto... results) {
    if (self.sockets_ == socket) f(self, results...);
  });
}

// -- the device's calls -----------------------------------------------------------------------------------------------

void socket_backend::start(transport::activation& actor, backend_owner& owner) {
  stop();
  actor_ = &actor;
  owner_ = &owner;
  timer_.emplace(actor.home().io());
  from_->start(actor, *this);
  if (wanted()) connect();
}

void socket_backend::stop() {
  if (actor_ == nullptr) return;
  ++starts_;
  close();
  from_->stop();
  timer_.reset();
  actor_ = nullptr;
  owner_ = nullptr;
  phase_ = phase::idle;
  pause_ = {};
  in_use_ = told_open_ = owes_closed_ = false;
  guest_open_ = true;
}

void socket_backend::set_in_use(bool in_use) {
  if (actor_ == nullptr || std::exchange(in_use_, in_use) == in_use || phase_ == phase::gone) return;
  if (wanted() && phase_ == phase::idle)
    connect();
  else if (!wanted())
    let_go();
}

void socket_backend::send_event(port_event event) {
  if (actor_ != nullptr && event == port_event::break_sent) from_->send_break();
}

std::size_t socket_backend::write(std::span<const std::byte> bytes) {
  // Who waits for room waits until there is much of it: small writes between would cost a call each.
  if (!told_open_ || owes_closed_ || failing_ || writing_ || !socket_ || bytes.empty()) return 0;
  const auto n = ::send(socket_->native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && !would_block(errno)) {
    fail_later();
    return 0;
  }
  const auto taken = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (taken > 0) pause_ = {};
  if (taken < bytes.size()) arm(wait_type::wait_write, &socket_backend::writing_);
  return taken;
}

std::size_t socket_backend::read(std::span<std::byte> room) {
  if (!told_open_ || owes_closed_ || !socket_ || room.empty()) return 0;
  const auto n = ::recv(socket_->native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (n > 0) {
    pause_ = {};
    return static_cast<std::size_t>(n);
  }
  if (n < 0 && would_block(errno))
    arm(wait_type::wait_read, &socket_backend::reading_);
  else
    fail_later();
  return 0;
}

// -- sockets ----------------------------------------------------------------------------------------------------------

void socket_backend::connect() {
  phase_ = phase::connecting;
  from_->connect();
}

void socket_backend::on_socket(result<unique_fd> socket) {
  if (phase_ != phase::connecting) return;
  if (!socket) {
    phase_ = phase::gone;
    if (socket.error() != errc::backend_gone) pause();
    return;
  }
  asio::error_code error;
  socket_.emplace(actor_->home().io());
  socket_->assign(socket->get(), error);
  if (error) {
    socket_.reset();
    pause();
    return;
  }
  static_cast<void>(socket->release());
  phase_ = phase::connected;
  arm(wait_type::wait_read, &socket_backend::reading_);
  tell();
}

void socket_backend::pause() {
  phase_ = phase::pausing;
  pause_ =
      std::clamp<std::chrono::milliseconds>(pause_ * 2, defaults::attach_backoff_min, defaults::attach_backoff_max);
  timer_->expires_after(pause_);
  timer_->async_wait(completion([](socket_backend& self, asio::error_code cancelled) {
    if (!cancelled && self.phase_ == phase::pausing) self.connect();
  }));
}

/// Nobody uses the device any more: the guest is to see it.
void socket_backend::let_go() {
  from_->cancel();
  timer_->cancel();
  if (phase_ != phase::gone) phase_ = phase::idle;
  close();
  if (told_open_ && !std::exchange(owes_closed_, true)) tell_later();
}

void socket_backend::close() {
  ++sockets_;
  reading_ = writing_ = failing_ = false;
  if (!socket_) return;
  asio::error_code ignored;
  socket_->close(ignored);
  socket_.reset();
}

// -- what the device is told ------------------------------------------------------------------------------------------

void socket_backend::on_guest(bool opened) {
  if (std::exchange(guest_open_, opened) == opened || !socket_) return;
  if (opened) {
    arm(wait_type::wait_read, &socket_backend::reading_);
    tell();
  } else {
    end_stream();
    discard();
  }
}

/// What the device has not been told: first an end, then a beginning.
void socket_backend::tell() {
  if (std::exchange(owes_closed_, false)) {
    told_open_ = false;
    owner_->on_event(port_event::closed);
  }
  const auto open = actor_ != nullptr && socket_ && guest_open_;
  if (open && !std::exchange(told_open_, true)) owner_->on_event(port_event::opened);
}

void socket_backend::tell_later() {
  asio::post(actor_->home().io(), completion([](socket_backend& self) { self.tell(); }));
}

void socket_backend::wake_up() {
  if (told_open_ && !owes_closed_) owner_->on_wakeup();
}

/// What has arrived still belongs to the stream that ends.
void socket_backend::end_stream() {
  if (!told_open_) return;
  wake_up();
  if (!told_open_ || owes_closed_) return; // the device had enough of us itself
  told_open_ = false;
  owner_->on_event(port_event::closed);
}

/// Nobody wants what the guest's last speaker left in the socket: the next one begins anew. At most what a socket
/// holds.
void socket_backend::discard() {
  int left = 0;
  if (!socket_ || ::ioctl(socket_->native_handle(), FIONREAD, &left) != 0) return;
  std::array<std::byte, discard_piece> scrap;
  while (left > 0) {
    const auto n = ::recv(socket_->native_handle(), scrap.data(),
                          std::min(scrap.size(), static_cast<std::size_t>(left)), MSG_DONTWAIT);
    if (n <= 0) break;
    left -= static_cast<int>(n);
  }
}

void socket_backend::fail_later() {
  if (std::exchange(failing_, true)) return;
  asio::post(actor_->home().io(), socket_completion([](socket_backend& self) { self.failed(); }));
}

void socket_backend::failed() {
  if (phase_ != phase::connected) return;
  end_stream();
  if (phase_ != phase::connected) return; // nobody uses it any more
  close();
  pause();
}

/// One wait at a time, and only after the kernel has said that there is nothing now, so nothing spins.
void socket_backend::arm(wait_type what, bool socket_backend::*armed) {
  if (std::exchange(this->*armed, true)) return;
  socket_->async_wait(what, socket_completion([armed](socket_backend& self, asio::error_code error) {
                        self.*armed = false;
                        if (!error) self.ready(armed);
                      }));
}

void socket_backend::ready(bool socket_backend::*armed) {
  if (told_open_) {
    wake_up();
    return;
  }
  // The guest has closed its end, so nobody reads; an end of the socket is to be seen all the same.
  std::byte first{};
  const auto n = ::recv(socket_->native_handle(), &first, 1, MSG_DONTWAIT | MSG_PEEK);
  if (n == 0 || (n < 0 && !would_block(errno)))
    fail_later();
  else if (n < 0 && armed == &socket_backend::reading_)
    arm(wait_type::wait_read, armed);
}

} // namespace saffron::devices
