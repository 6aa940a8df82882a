// SPDX-License-Identifier: BSD-3-Clause
// One virtio port of the guest: its device file, and bytes between it and its service, without waiting. Facts of Linux'
// virtio_console: poll() says POLLHUP while the host's side is closed, from the first open on; a read then gives 0.
#pragma once

#include "tests/system/guest/port_service.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace saffron::guest {

class guest_port {
public:
  guest_port(std::string name, std::string path, std::unique_ptr<port_service> service);
  guest_port(const guest_port&) = delete;
  guest_port& operator=(const guest_port&) = delete;
  ~guest_port() { close(); }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] port_service& service() noexcept { return *service_; }
  /// -1 when the guest's side is closed.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool connected() const noexcept { return connected_; }
  /// Of poll(); 0 while only the host's side is awaited, which poll() could not wait for.
  [[nodiscard]] short wanted() const noexcept;

  /// False when the device cannot be opened.
  bool open();
  void close();
  /// What poll() said. True when the host's side came or went; then the port is open anew.
  bool polled(short events);
  /// Moves what can be moved. True when it stopped only to let the other ports have a turn.
  bool pump();
  /// Nothing is read from now on, as by a guest that is busy; or again.
  void hold(bool held) { held_ = held; }

private:
  static constexpr std::size_t piece = 64 * 1024;

  void disconnect();

  std::string name_, path_;
  std::unique_ptr<port_service> service_;
  int fd_ = -1;
  bool connected_ = false, held_ = false;
  std::vector<std::byte> in_, out_;
  std::size_t in_at_ = 0, out_at_ = 0;
};

} // namespace saffron::guest
