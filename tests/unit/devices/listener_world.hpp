// SPDX-License-Identifier: BSD-3-Clause
// The other end of a listener's socket, in a test's hands.
#pragma once

#include "devices/qemu_dbus/listener.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/fake_console.hpp"
#include "tests/unit/devices/qemu_calls.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace saffron::tests {

struct listener_world : virtual_world {
  captured_log log; // hostile bytes are meant to be complained of
  using message_header = devices::qemu_dbus::message_header;
  using listener = devices::qemu_dbus::listener;

  counters count;
  memory_canvas canvas;
  devices::unique_fd socket; // QEMU's end
  int ready = 0;
  int closed = 0;
  console_actor console = spawn<fake_console>(loop, canvas);
  std::shared_ptr<listener> feed;

  listener_world() {
    auto pair = devices::make_socket_pair();
    REQUIRE(pair);
    socket = std::move(pair->theirs);
    feed = std::make_shared<listener>(std::move(pair->ours), count, "test",
                                      listener::observer{[this] { ++ready; }, [this] { ++closed; }});
    tell(console, attach_feed{feed});
    CHECK(received() == devices::qemu_dbus::handshake(::geteuid()));
    write(greeting_of_qemu());
  }
  ~listener_world() { tell(console, shut_down{}); }

  /// Writes as much as the socket takes, lets the listener read, and so on.
  void write(std::span<const std::byte> bytes, int fd = -1) {
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), 64 * 1024));
      if (!devices::send_all(socket.get(), piece, fd)) break;
      fd = -1;
      bytes = bytes.subspan(piece.size());
      settle();
    }
    CHECK(bytes.empty());
    settle();
  }
  std::string received() {
    std::string all(64 * 1024, '\0');
    const auto n = ::recv(socket.get(), all.data(), all.size(), MSG_DONTWAIT);
    all.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return all;
  }
  /// The one answer that has come.
  std::pair<message_header, byte_list> answer() {
    const auto text = received();
    const auto bytes = std::as_bytes(std::span{text});
    REQUIRE(bytes.size() >= devices::qemu_dbus::fixed_header_size);
    const auto size = devices::qemu_dbus::header_size(bytes.first(devices::qemu_dbus::fixed_header_size));
    REQUIRE(size);
    const auto header = devices::qemu_dbus::read_header(bytes.first(*size));
    REQUIRE(header);
    CHECK(*size + header->body_size == bytes.size());
    CHECK(header->reply_serial == 7);
    const auto body = bytes.subspan(*size);
    return {*header, {body.begin(), body.end()}};
  }
  void expect_error() { CHECK(answer().first.type == devices::qemu_dbus::message_type::error); }
  [[nodiscard]] bool open() {
    char byte = 0;
    const auto n = ::recv(socket.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return n > 0 || (n < 0 && errno == EAGAIN);
  }
};

} // namespace saffron::tests
