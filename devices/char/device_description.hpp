// SPDX-License-Identifier: BSD-3-Clause
// What a char device is: who may use it, how its flow is controlled, what it is called, and what makes its protocol.
#pragma once

#include "devices/char/agent/agent_host.hpp"
#include "messages/char_device.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace saffron::devices {

/// What happens when a second client wants to use a device.
enum class device_sharing : std::uint8_t {
  /// It is told that the device is in use.
  first,
  /// It gets the device, and the one before is told that it was taken over.
  last,
  /// It reads what the first one reads; the first one alone writes.
  all_readers,
  /// Everybody reads and writes: the protocol keeps them apart.
  all,
};

struct flow_settings {
  /// Client tokens are returned in bunches of at least so many.
  std::uint64_t client_tokens_interval = 0;
  /// Buffers of origin `server` that may be on their way.
  std::uint64_t self_tokens = 0;
  /// Bytes in the write queue, and of one client in it; more is refused.
  std::size_t write_queue_bytes = 0, client_write_bytes = 0;
};

struct device_description {
  char_device_kind kind = char_device_kind::port;
  /// Of a port: "org.saffron.echo.0".
  std::string name;
  /// "port org.saffron.echo.0 of vm web01", for log lines.
  std::string label;
  device_sharing sharing = device_sharing::first;
  flow_settings flow;
};

/// Makes the protocol of a device, which speaks to the host for as long as the device lives.
using protocol_factory = std::function<std::unique_ptr<device_protocol>(agent_host&)>;

} // namespace saffron::devices
