// SPDX-License-Identifier: BSD-3-Clause
// The frame path: one socket of a QEMU, whose pixels go straight into a console's canvas. It is read as fast as QEMU
// writes, because what is not read piles up in QEMU's memory.
#pragma once

#include "devices/display/feed.hpp"
#include "devices/qemu_dbus/frame_parser.hpp"
#include "devices/qemu_dbus/listener_service.hpp"
#include "devices/unique_fd.hpp"
#include "messages/counters.hpp"

#include <asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace saffron::devices::qemu_dbus {

/// Made by the VM's source, owned by a console, and on one loop with both.
class listener final : public console_feed, public std::enable_shared_from_this<listener> {
public:
  /// Told while the console's completions run, so they may only send messages.
  struct observer {
    /// QEMU has got its first answer and waits for nothing any more.
    std::function<void()> ready;
    /// The socket is closed, by QEMU or because of what it sent.
    std::function<void()> closed;
  };

  /// Our end of the socket pair. The handshake is written at once, so that QEMU never waits for it. `name` is for log
  /// lines.
  listener(unique_fd socket, counters& count, std::string name, observer tell);

  void start(devices::canvas& canvas, transport::activation& actor) override;
  void before_read(rect area) override;
  void stop() override;

  /// The console's size as QEMU tells it on its control connection.
  void fit(extent size);

private:
  void read_when_ready();
  void read();
  /// False when the socket is closed or broken.
  bool read_once(std::size_t most, std::size_t& got);
  bool parsed(const result<void>& outcome);
  void end(errc reason);

  unique_fd socket_;
  counters& counters_;
  std::string name_;
  observer tell_;
  transport::activation* actor_ = nullptr;
  std::optional<asio::posix::stream_descriptor> descriptor_;
  std::optional<listener_service> service_;
  std::optional<frame_parser> parser_;
  errc broken_ = errc::none;
};

} // namespace saffron::devices::qemu_dbus
