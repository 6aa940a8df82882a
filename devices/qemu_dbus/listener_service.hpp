// SPDX-License-Identifier: BSD-3-Clause
// The object /org/qemu/Display1/Listener that QEMU calls. QEMU's main loop waits for the answers that are given here,
// so each is given at once.
#pragma once

#include "devices/qemu_dbus/frame_parser.hpp"
#include "devices/qemu_dbus/painter.hpp"
#include "messages/counters.hpp"

#include <functional>
#include <string>

namespace saffron::devices::qemu_dbus {

class listener_service final : public frame_target {
public:
  /// Where the service's messages go and who is told of its start.
  struct outlets {
    std::function<void(std::span<const std::byte>)> send;
    /// QEMU has asked for our properties and waits for nothing any more.
    std::function<void()> ready;
  };

  /// `name` is for log lines.
  listener_service(canvas& on, counters& count, std::string name, outlets out)
      : painter_(on), counters_(count), name_(std::move(name)), out_(std::move(out)) {}

  [[nodiscard]] painter& paint() noexcept { return painter_; }

  bool begin(const frame& f) override { return painter_.begin(f); }
  std::span<std::byte> row(std::uint32_t y) override { return painter_.row(y); }
  void end(const frame& f, const message_header& call) override;
  void message(const message_header& header, std::span<const std::byte> body, unique_fd fd) override;
  void refused(const message_header& header) override;
  [[nodiscard]] bool tired() const override { return painter_.tired(); }

private:
  /// What to answer: nothing more to say, or the name of an error.
  enum class outcome : std::uint8_t { done, answered, bad_arguments, unknown };

  outcome call(const message_header& header, std::span<const std::byte> body, unique_fd fd);
  outcome properties(const message_header& header, dbus_reader& arguments);
  bool define_cursor(dbus_reader& arguments);
  bool scanout_map(dbus_reader& arguments, unique_fd fd);
  bool update_map(dbus_reader& arguments);
  void answer(const message_header& call, std::string_view signature = {}, std::span<const std::byte> body = {});
  void answer_error(const message_header& call, std::string_view name);
  void send(message_header& header, const message_header& call, std::span<const std::byte> body);

  painter painter_;
  counters& counters_;
  std::string name_;
  outlets out_;
  std::uint32_t serial_ = 0;
  bool complained_ = false;
};

} // namespace saffron::devices::qemu_dbus
