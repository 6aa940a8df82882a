// SPDX-License-Identifier: BSD-3-Clause
// A backend without a VM: two bounded queues between a device and a peer, an object that plays the guest and lives in
// the device's actor. Everything crosses asynchronously, as it does with a socket: neither side is called from within a
// call of its own.
#pragma once

#include "devices/char/byte_queue.hpp"
#include "devices/char/char_backend.hpp"

#include <deque>
#include <memory>

namespace saffron::devices {

/// What a peer can do. Valid as long as the peer.
class memory_line {
public:
  virtual ~memory_line() = default;
  /// Takes bytes for the device from the front and says how many; when not all, on_room() comes later. 0 while closed.
  virtual std::size_t write(std::span<const std::byte> bytes) = 0;
  [[nodiscard]] virtual std::size_t room() const = 0;
  /// The same; when there is none, on_room() comes as soon as there is some.
  [[nodiscard]] virtual std::size_t room_or_wait() = 0;
  /// Opens or closes the guest's side, or sends a break. What is queued is lost when it closes.
  virtual void send_event(port_event event) = 0;
  /// on_bytes() comes again for what the peer did not take.
  virtual void ask_again() = 0;
};

/// The guest of a memory_backend. It is called on the device's loop only, between start() and stop().
class memory_peer {
public:
  virtual ~memory_peer() = default;
  /// Once, before everything else. By default the guest's side opens.
  virtual void on_start(memory_line& line) { line.send_event(port_event::opened); }
  /// Bytes of the device, at least one. Takes some from the front and says how many; the others are offered again with
  /// what follows them, after on_room(), or after ask_again().
  virtual std::size_t on_bytes(std::span<const std::byte> bytes) = 0;
  /// There is room again after a write() that took too little.
  virtual void on_room() {}
  /// Somebody uses the device, or nobody does.
  virtual void on_in_use(bool /*in_use*/) {}
  /// A client opened or closed its end, or sent a break.
  virtual void on_event(port_event) {}
};

class memory_backend final : public char_backend, public std::enable_shared_from_this<memory_backend> {
public:
  static constexpr std::size_t default_capacity = 64 * 1024;
  /// `capacity` bytes each way. Only in a std::shared_ptr.
  explicit memory_backend(std::unique_ptr<memory_peer> peer, std::size_t capacity = default_capacity);

  std::size_t write(std::span<const std::byte> bytes) override;
  std::size_t read(std::span<std::byte> room) override;
  void start(transport::activation& actor, backend_owner& owner) override;
  void stop() override;
  void set_in_use(bool in_use) override;
  void send_event(port_event event) override;

private:
  class line final : public memory_line {
  public:
    explicit line(memory_backend& backend) : backend_(backend) {}
    std::size_t write(std::span<const std::byte> bytes) override;
    [[nodiscard]] std::size_t room() const override;
    [[nodiscard]] std::size_t room_or_wait() override;
    void send_event(port_event event) override;
    void ask_again() override;

  private:
    memory_backend& backend_;
  };

  void schedule();
  void turn();
  void tell_owner();
  void tell_peer();

  std::unique_ptr<memory_peer> peer_;
  line line_{*this};
  byte_queue to_guest_, from_guest_;
  /// What the peer and the clients did, not told yet.
  std::deque<port_event> guest_events_, client_events_;
  transport::activation* actor_ = nullptr;
  /// Null before start() and after stop().
  backend_owner* owner_ = nullptr;
  bool scheduled_ = false, started_ = false, opened_ = false;
  bool in_use_ = false, told_in_use_ = false;
  /// A write that took too little waits for room, on either side; there are bytes that the peer has not seen yet.
  bool device_waits_ = false, peer_waits_ = false, room_made_ = false, bytes_new_ = false, wakeup_due_ = false;
};

} // namespace saffron::devices
