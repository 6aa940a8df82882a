// SPDX-License-Identifier: BSD-3-Clause
// The seam between a random history and the char device that lives it, which is the plain flow control or the whole
// actor: what the device is told, in its own messages, what it finds around it, and what its clients hear.
#pragma once

#include "devices/char/device_description.hpp"
#include "devices/char/device_protocol.hpp"
#include "messages/char_device.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace saffron::tests {

/// What one attachment of a client must hear and has not heard yet, in the order of each kind.
struct hearing {
  client_id client = 0;
  /// Grows with every attachment.
  std::size_t number = 0;
  /// To attach_client.
  std::optional<errc> answer{};
  std::deque<device_message> messages{};
  std::uint64_t tokens = 0;
  std::deque<errc> removals{};
  /// What it has heard: that the VM's side is there.
  bool opened = false;
};
using ear = std::shared_ptr<hearing>;

/// The world around a device: its VM's side (char_io), what it reads messages with, its protocol, and clients' ears.
class device_surroundings : public char_io, public devices::device_reader {
public:
  using char_io::read, devices::device_reader::read;
  /// As device_protocol's, with the queues that the protocol was connected to.
  virtual result<void> from_client(devices::device_queues& queues, client_id client, const shared_bytes& data,
                                   std::uint64_t price) = 0;
  virtual void self_token_freed() = 0;
  /// What was just read makes no sense: the protocol says so to its host.
  [[nodiscard]] virtual bool makes_no_sense() const = 0;
  /// The VM's side closes right after this, because nobody uses the device.
  virtual void let_go() = 0;
  /// The same because what it sent made no sense; and it is there again.
  virtual void break_off() = 0;
  virtual void come_back() = 0;
  virtual void hear(hearing& who, const device_attached& answer) = 0;
  virtual void hear(hearing& who, const device_message& message) = 0;
  virtual void hear(hearing& who, token_grant grant) = 0;
  virtual void hear(hearing& who, remove_client removal) = 0;
  virtual void hear(hearing& who, device_event event) = 0;
  /// The device did what no device may do.
  virtual void wrong(const char* what) = 0;
};

/// attach_client, with an ear for what the client hears.
struct attach_ear {
  ear who;
  client_flow flow;
};
/// This client ends without a word.
struct kill_client {
  ear who;
};
/// A VM's side that is open for bytes from now on, or none.
struct bind_backend {
  bool there = false;
};
/// The VM's side has something to read, or room to write.
struct wake_up {};

using device_command =
    std::variant<client_data, add_send_tokens, set_send_tokens, attach_ear, detach_client, kill_client, bind_backend,
                 device_event, wake_up, start_device, stop_device, restore_device>;

/// What a device says of itself.
struct device_books {
  char_device_status status;
  std::map<client_id, device_state> states;
};

class device_under_test {
public:
  virtual ~device_under_test() = default;
  /// `first` runs right before the device hears of it, not at all when the device never does: an event of a VM's side
  /// that is not there. Takes effect at once or until rest(). May be called from within a call of the surroundings.
  virtual void tell(device_command what, std::function<void()> first = {}) = 0;
  /// The protocol does this by itself, in its place between what was told before and what is told after.
  virtual void act(std::function<void(devices::device_queues&)> what) = 0;
  /// Everything that was told has taken effect, and was heard. False: it does not come to rest.
  [[nodiscard]] virtual bool rest() = 0;
  /// Of these clients; rests.
  virtual device_books books(const std::vector<client_id>& clients) = 0;

  /// When the next of its clocks strikes, in tenths of a second from now. It may be one that nobody hears any more.
  [[nodiscard]] virtual std::optional<std::int64_t> next_clock() = 0;
  /// Time passes: not more than until the next clock. Rests.
  virtual void pass(std::int64_t tenths) = 0;

  /// True: it keeps the rules of a whole device: who may use it, what happens when nobody does, and that a client hears
  /// to the end what was said before it was detached. False: it has the tokens and queues only.
  [[nodiscard]] virtual bool whole() const = 0;
};

/// Nothing of it is left when it is destroyed, so that it can be followed by one "on another server".
using make_device =
    std::function<std::unique_ptr<device_under_test>(const devices::device_description&, device_surroundings&)>;

} // namespace saffron::tests
