// SPDX-License-Identifier: BSD-3-Clause
// A char device behind a stream socket. Bytes go straight between the kernel and the device, both ways with the
// kernel's flow control; a socket that is lost is asked for again, with a growing pause.
#pragma once

#include "devices/char/char_backend.hpp"
#include "devices/char/connector.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace saffron::devices {

/// When the host's end is open, which the guest can see.
enum class connect_when : std::uint8_t {
  /// From start to stop: the agent speaks with the server, not only with clients.
  always,
  /// Every use is a new connection: usbredir says its hello then, a port is closed when nobody reads it.
  while_in_use,
};

/// Made by a source, owned by a device from start() to stop(), on one loop with it; always held by a shared_ptr. May be
/// started again after stop(). The VM's side is open while there is a socket and the guest has not closed its end.
class socket_backend final : public char_backend,
                             private connector_owner,
                             public std::enable_shared_from_this<socket_backend> {
public:
  socket_backend(std::unique_ptr<connector> from, connect_when when);
  ~socket_backend() override;
  socket_backend(const socket_backend&) = delete;
  socket_backend& operator=(const socket_backend&) = delete;

  void start(transport::activation& actor, backend_owner& owner) override;
  void stop() override;
  void set_in_use(bool in_use) override;
  /// A break goes to the guest. Opening and closing is what set_in_use() is for.
  void send_event(port_event event) override;
  std::size_t write(std::span<const std::byte> bytes) override;
  std::size_t read(std::span<std::byte> room) override;

private:
  enum class phase : std::uint8_t { idle, connecting, pausing, connected, gone };

  void on_socket(result<unique_fd> socket) override;
  void on_guest(bool opened) override;

  [[nodiscard]] bool wanted() const noexcept { return when_ == connect_when::always || in_use_; }
  void connect();
  void pause();
  void let_go();
  void close();

  void tell();
  void tell_later();
  void wake_up();
  void ready(bool socket_backend::*armed);
  void end_stream();
  void discard();
  void fail_later();
  void failed();
  void arm(asio::posix::descriptor_base::wait_type what, bool socket_backend::*armed);
  template <class F>
  auto completion(F f);
  template <class F>
  auto socket_completion(F f);

  std::unique_ptr<connector> from_;
  connect_when when_;
  transport::activation* actor_ = nullptr;
  backend_owner* owner_ = nullptr;
  phase phase_ = phase::idle;
  std::optional<asio::posix::stream_descriptor> socket_;
  std::optional<asio::steady_timer> timer_;
  std::chrono::milliseconds pause_{0};
  /// Completions of an older start or socket say nothing.
  std::uint64_t starts_ = 0, sockets_ = 0;
  bool in_use_ = false, guest_open_ = true;
  /// What the owner was told last, and that it has not been told of an end yet.
  bool told_open_ = false, owes_closed_ = false;
  bool reading_ = false, writing_ = false, failing_ = false;
};

} // namespace saffron::devices
