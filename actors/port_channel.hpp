// SPDX-License-Identifier: BSD-3-Clause
// The logic of a port, WebDAV or USB client: a stream of bytes between a peer and a char device, with a window in bytes
// each way.
#pragma once

#include "actors/channel_setup.hpp"

#include <deque>
#include <functional>
#include <string>

namespace saffron::actors {

/// Where a port client's words go.
struct port_ports {
  std::function<void(client_flow)> attach;
  std::function<void(shared_bytes)> write;
  std::function<void(std::uint64_t)> add_send_tokens;
  std::function<void(port_event)> event;
  /// True: no message of the peer is handed over until false.
  std::function<void(bool)> hold;
  /// A sentence for the user.
  std::function<void(std::string)> notify;
  /// Say why, then close.
  std::function<void(errc)> leave;
};

struct port_peer {
  char_device_kind kind = char_device_kind::port;
  /// "org.saffron.echo.0"; empty for a USB device.
  std::string name;
  /// Data for the peer may be packed with LZ4.
  bool packs = false;
};

class port_channel final : public channel {
public:
  port_channel(channel_context context, port_ports ports, port_peer peer);

  void attached(const device_attached& answer);
  void data(const device_message& message);
  void granted(token_grant tokens);
  void event(device_event e);
  void removed(remove_client why);

private:
  void on_start() override;
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_drained() override { return_credit(); }

  result<void> write(const shared_bytes& bytes);
  void write_waiting();
  void return_credit();
  [[nodiscard]] bool tells_events() const { return peer_.kind != char_device_kind::usbredir; }
  void leave(std::string_view verb, errc reason);

  port_ports ports_;
  port_peer peer_;
  bool attached_ = false, held_ = false, leaving_ = false;
  /// Bytes that may be written now, and pieces of the peer's last message that wait for more.
  std::uint64_t tokens_ = defaults::stream_window;
  std::deque<shared_bytes> waiting_;
  /// Bytes that came from the device and whose send tokens were not returned yet.
  std::uint64_t taken_ = 0;
};

} // namespace saffron::actors
