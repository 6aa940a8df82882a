// SPDX-License-Identifier: BSD-3-Clause
// A QMP connection on an actor's loop.
#pragma once

#include "devices/qemu_dbus/qmp_wire.hpp"
#include "devices/unique_fd.hpp"
#include "messages/defaults.hpp"
#include "transport/loop.hpp"

#include <asio/posix/stream_descriptor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace saffron::devices::qemu_dbus {

class qmp : public std::enable_shared_from_this<qmp> {
public:
  struct observer {
    std::function<void(const qmp_greeting&)> greeted;
    std::function<void(const std::string& name)> event;
    /// The connection is over; errc::bad_message when the peer does not speak QMP.
    std::function<void(errc reason)> closed;
  };
  using on_answer = std::function<void(const qmp_answer&)>;

  /// The observer and the answers run as the actor's completions.
  explicit qmp(transport::activation& actor) : actor_(actor), descriptor_(actor.home().io()) {}

  /// Returns the system's error number, 0 for success. Never waits.
  [[nodiscard]] int connect(const std::string& path, observer tell);
  /// A command, and a descriptor that travels with it. There is no time-out here: whoever waits has the clock.
  void execute(std::string_view command, const nlohmann::json& arguments, on_answer then, int fd = -1);
  /// Nobody is told of anything after this.
  void close();

private:
  void read_when_ready();
  void read();
  bool take(std::string_view line);
  void lost(errc reason);

  transport::activation& actor_;
  asio::posix::stream_descriptor descriptor_;
  observer tell_;
  bool greeted_ = false;
  line_cutter lines_{defaults::qmp_line_limit};
  std::map<std::uint64_t, on_answer> waiting_;
  std::uint64_t last_id_ = 0;
};

} // namespace saffron::devices::qemu_dbus
