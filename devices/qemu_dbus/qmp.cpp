// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/qmp.hpp"

#include <asio/post.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace saffron::devices::qemu_dbus {

int qmp::connect(const std::string& path, observer tell) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  unique_fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket) return errno;
  // A unix socket connects at once or not at all; EAGAIN is a full backlog.
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return errno;
  asio::error_code error;
  descriptor_.assign(socket.get(), error);
  if (error) return error.value();
  static_cast<void>(socket.release());
  tell_ = std::move(tell);
  read_when_ready();
  return 0;
}

void qmp::close() {
  waiting_.clear();
  asio::error_code ignored;
  descriptor_.close(ignored);
}

void qmp::lost(errc reason) {
  if (!descriptor_.is_open()) return;
  close();
  if (tell_.closed) tell_.closed(reason);
}

void qmp::execute(std::string_view command, const nlohmann::json& arguments, on_answer then, int fd) {
  if (!descriptor_.is_open()) return;
  const auto line = make_qmp_command(command, ++last_id_, arguments);
  waiting_.emplace(last_id_, std::move(then));
  if (send_all(descriptor_.native_handle(), std::as_bytes(std::span{line}), fd)) return;
  // Reported as a completion, because the caller is in the middle of something.
  asio::post(actor_.home().io(), transport::completion(actor_, [weak = weak_from_this()] {
               if (const auto self = weak.lock()) self->lost(errc::socket_failed);
             }));
}

void qmp::read_when_ready() {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                         transport::completion(actor_, [weak = weak_from_this()](asio::error_code error) {
                           if (const auto self = weak.lock(); self && !error) self->read();
                         }));
}

void qmp::read() {
  const auto self = shared_from_this(); // whoever is told may let go of us
  std::array<char, 16 * 1024> buffer;
  const auto n = ::recv(descriptor_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    read_when_ready();
    return;
  }
  if (n <= 0) {
    lost(errc::closed_by_peer);
    return;
  }
  auto good = true;
  const auto cut = lines_.feed({buffer.data(), static_cast<std::size_t>(n)}, [&](std::string_view line) {
    good = take(line);
    return good && descriptor_.is_open();
  });
  if (!descriptor_.is_open()) return;
  if (!cut || !good)
    lost(errc::bad_message);
  else
    read_when_ready();
}

bool qmp::take(std::string_view line) {
  if (line.empty() || line == "\r") return true;
  auto parsed = parse_qmp(line);
  if (!parsed) return false;
  if (!greeted_) {
    const auto* greeting = std::get_if<qmp_greeting>(&*parsed);
    if (greeting == nullptr) return false;
    greeted_ = true;
    if (tell_.greeted) tell_.greeted(*greeting);
  } else if (const auto* event = std::get_if<qmp_event>(&*parsed)) {
    if (tell_.event) tell_.event(event->name);
  } else if (const auto* answer = std::get_if<qmp_answer>(&*parsed)) {
    if (auto found = waiting_.extract(answer->id); !found.empty() && found.mapped()) found.mapped()(*answer);
  }
  return true;
}

} // namespace saffron::devices::qemu_dbus
