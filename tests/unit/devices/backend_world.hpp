// SPDX-License-Identifier: BSD-3-Clause
// A device in small: an actor that owns a backend, reads what comes and writes down what it is told.
#pragma once

#include "devices/char/char_backend.hpp"
#include "devices/unique_fd.hpp"
#include "messages/actors.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace saffron::tests {

inline std::span<const std::byte> view_of(std::string_view text) { return std::as_bytes(std::span{text}); }

class backend_device final : public transport::pinned_actor<actor_handle<void(shut_down)>>, public backend_owner {
public:
  backend_device(caf::actor_config& config, transport::loop& home, std::shared_ptr<char_backend> b)
      : pinned_actor(config, home), backend(std::move(b)) {}
  void on_exit() override {
    if (backend) backend->stop();
    backend.reset();
  }
  void on_wakeup() override {
    ++wakeups;
    CHECK_FALSE(inside);
    if (reads) take();
  }
  void on_event(port_event event) override {
    CHECK_FALSE(inside);
    events += event == port_event::opened ? "o" : event == port_event::closed ? "c" : "b";
    if (then) then(event);
  }
  /// Reads until nothing is there, in pieces.
  void take() {
    std::array<std::byte, 1000> room;
    for (std::size_t n = 1; n != 0;) {
      inside = true;
      n = backend->read(room);
      inside = false;
      CHECK(n <= room.size());
      received.append(reinterpret_cast<const char*>(room.data()), n);
    }
  }
  /// Writes until nothing is taken; says how much was.
  std::size_t give(std::string_view text) {
    std::size_t taken = 0;
    for (std::size_t n = 1; n != 0; taken += n) {
      inside = true;
      n = backend->write(view_of(text.substr(taken)));
      inside = false;
    }
    return taken;
  }

  std::shared_ptr<char_backend> backend;
  std::string received, events;
  std::size_t wakeups = 0;
  bool reads = true, inside = false;
  std::function<void(port_event)> then;

protected:
  behavior_type make_behavior() override {
    return {[this](shut_down) { quit(); }};
  }
};

struct backend_world : virtual_world {
  captured_log log;
  actor_handle<void(shut_down)> handle;
  backend_device* device = nullptr;

  ~backend_world() { end(); }
  void end() {
    if (handle) tell(std::exchange(handle, {}), shut_down{});
    settle();
  }

  void begin(std::shared_ptr<char_backend> backend, bool in_use = true) {
    handle = spawn<backend_device>(loop, std::move(backend));
    settle();
    device = dynamic_cast<backend_device*>(caf::actor_cast<caf::abstract_actor*>(handle));
    act([in_use](backend_device& d) {
      d.inside = true;
      d.backend->start(d, d);
      if (in_use) d.backend->set_in_use(true);
      d.inside = false;
    });
  }
  /// Runs as the device would: inside its activation, on its loop.
  void act(const std::function<void(backend_device&)>& body) {
    asio::post(loop.io(), [this, body] { device->run([&] { body(*device); }); });
    settle();
  }
  void use(bool in_use) {
    act([in_use](backend_device& d) {
      d.inside = true;
      d.backend->set_in_use(in_use);
      d.inside = false;
    });
  }
  std::size_t give(std::string_view text) {
    std::size_t taken = 0;
    act([&](backend_device& d) { taken = d.give(text); });
    return taken;
  }
  [[nodiscard]] bool has_events(std::string_view events) {
    return wait_until([&] { return device->events == events; });
  }
  [[nodiscard]] bool has_received(std::string_view text) {
    return wait_until([&] { return device->received == text; });
  }

  /// What has arrived at the other end; "" and `closed` when it was closed.
  static std::string received_by(const devices::unique_fd& fd, bool* closed = nullptr) {
    std::string all;
    std::array<char, 64 * 1024> room;
    for (;;) {
      const auto n = ::recv(fd.get(), room.data(), room.size(), MSG_DONTWAIT);
      if (n > 0) all.append(room.data(), static_cast<std::size_t>(n));
      if (closed != nullptr) *closed = n == 0;
      if (n <= 0) return all;
    }
  }
};

} // namespace saffron::tests
