// SPDX-License-Identifier: BSD-3-Clause
// A peer-to-peer D-Bus connection (sd-bus) on an actor's loop: calls are always asynchronous, because QEMU and we could
// otherwise wait for each other.
#pragma once

#include "devices/unique_fd.hpp"
#include "transport/loop.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <systemd/sd-bus.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace saffron::devices::qemu_dbus {

class bus : public std::enable_shared_from_this<bus> {
public:
  /// A call's answer: the message, or none and the error's name and text.
  struct answer {
    sd_bus_message* message = nullptr;
    std::string error_name, error_text;
    [[nodiscard]] bool ok() const noexcept { return message != nullptr; }
  };
  using on_answer = std::function<void(const answer&)>;

  struct observer {
    std::function<void(sd_bus_message* signal)> signal;
    /// The peer has closed its end, or does not speak D-Bus.
    std::function<void()> closed;
  };

  /// Everything the observer and the calls are told runs as the actor's completions.
  explicit bus(transport::activation& actor) : actor_(actor), descriptor_(actor.home().io()) {}
  bus(const bus&) = delete;
  bus& operator=(const bus&) = delete;
  ~bus() { close(); }

  /// Authentication goes on by itself; calls may be made at once.
  [[nodiscard]] result<void> start(unique_fd socket, observer tell);
  /// Nobody is told of anything after this.
  void close();

  /// A method call; `arguments` follows sd_bus_message_append, 'h' duplicates its descriptor. False: it could not be
  /// made, and `then` is never called.
  template <class... A>
  bool call(const std::string& path, const char* interface, const char* member, on_answer then, const char* types,
            A... arguments) {
    auto* m = make_call(path, interface, member);
    const auto sent = m != nullptr && sd_bus_message_append(m, types, arguments...) >= 0 && send(m, std::move(then));
    sd_bus_message_unref(m);
    return sent;
  }
  /// The sender of calls from now on. QEMU 7.2 tells listeners apart by it, and a peer-to-peer connection has none.
  void set_sender(std::string name) { sender_ = std::move(name); }

private:
  struct pending;

  sd_bus_message* make_call(const std::string& path, const char* interface, const char* member);
  bool send(sd_bus_message* call, on_answer then);
  template <class F>
  void guarded(F told) noexcept;
  void process();
  void wait();
  void lost();

  transport::activation& actor_;
  asio::posix::stream_descriptor descriptor_;
  sd_bus* bus_ = nullptr;
  observer tell_;
  std::string sender_;
  bool reading_ = false, writing_ = false;
  std::exception_ptr thrown_; // on its way around sd-bus, which is C
};

} // namespace saffron::devices::qemu_dbus
