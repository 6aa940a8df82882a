// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/listener.hpp"

#include "messages/log.hpp"

#include <asio/post.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace saffron::devices::qemu_dbus {

namespace {

// What one completion reads at most: about a millisecond. Then the loop's others get their turn.
constexpr std::size_t bytes_per_turn = 4 * 1024 * 1024;
constexpr int reads_per_turn = 64;
constexpr std::size_t descriptors_per_read = 4;

} // namespace

listener::listener(unique_fd socket, counters& count, std::string name, observer tell)
    : socket_(std::move(socket)), counters_(count), name_(std::move(name)), tell_(std::move(tell)) {
  const auto text = handshake(::geteuid());
  if (!send_all(socket_.get(), std::as_bytes(std::span{text}))) broken_ = errc::socket_failed;
}

void listener::start(devices::canvas& canvas, transport::activation& actor) {
  if (!socket_) return; // stopped before it began
  actor_ = &actor;
  descriptor_.emplace(actor.home().io());
  asio::error_code error;
  descriptor_->assign(socket_.get(), error);
  if (error) {
    end(errc::socket_failed);
    return;
  }
  static_cast<void>(socket_.release());
  service_.emplace(canvas, counters_, name_,
                   listener_service::outlets{[this](std::span<const std::byte> bytes) {
                                               if (!send_all(descriptor_->native_handle(), bytes))
                                                 broken_ = errc::socket_failed;
                                             },
                                             tell_.ready});
  parser_.emplace(*service_);
  read_when_ready();
}

void listener::stop() {
  socket_.reset();
  if (descriptor_) {
    asio::error_code ignored;
    descriptor_->close(ignored);
  }
  parser_.reset();
  service_.reset();
  tell_ = {};
}

void listener::before_read(rect area) {
  if (service_) service_->paint().bring(area);
}

void listener::fit(extent size) {
  if (actor_ == nullptr) return;
  asio::post(actor_->home().io(), transport::completion(*actor_, [self = shared_from_this(), size] {
               if (self->descriptor_->is_open()) self->service_->paint().fit(size);
             }));
}

// -- reading ----------------------------------------------------------------------------------------------------------

void listener::read_when_ready() {
  descriptor_->async_wait(asio::posix::descriptor_base::wait_read,
                          transport::completion(*actor_, [self = shared_from_this()](asio::error_code error) {
                            if (!error) self->read();
                          }));
}

void listener::read() {
  if (!descriptor_->is_open()) return;
  service_->paint().begin_turn();
  if (!parsed(parser_->arrived(0))) return; // what the last turn was too tired for
  std::size_t left = bytes_per_turn;
  for (int i = 0; i < reads_per_turn && left != 0 && !service_->tired(); ++i) {
    std::size_t got = 0;
    if (!read_once(left, got)) return;
    if (got == 0) {
      read_when_ready();
      return;
    }
    left -= std::min(got, left);
  }
  asio::post(actor_->home().io(), transport::completion(*actor_, [self = shared_from_this()] { self->read(); }));
}

bool listener::read_once(std::size_t most, std::size_t& got) {
  const auto places = parser_->places(most);
  alignas(cmsghdr) char control[CMSG_SPACE(descriptors_per_read * sizeof(int))];
  msghdr message{};
  message.msg_iov = places.data();
  message.msg_iovlen = places.size();
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const auto n = ::recvmsg(descriptor_->native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true; // EINTR: waiting again reports it again
  if (n <= 0) {
    end(n == 0 || errno == ECONNRESET ? errc::closed_by_peer : errc::socket_failed);
    return false;
  }
  for (auto* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
      parser_->received(unique_fd{fd});
    }
  }
  got = static_cast<std::size_t>(n);
  return parsed(parser_->arrived(got));
}

bool listener::parsed(const result<void>& outcome) {
  if (outcome && broken_ == errc::none) return true;
  end(outcome ? broken_ : outcome.error());
  return false;
}

void listener::end(errc reason) {
  const auto closed = std::exchange(tell_, {}).closed;
  stop();
  if (reason != errc::closed_by_peer) log::warning("display listener of {} ended: {}", name_, to_string(reason));
  if (closed) closed();
}

} // namespace saffron::devices::qemu_dbus
