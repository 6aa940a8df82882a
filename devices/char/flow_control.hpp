// SPDX-License-Identifier: BSD-3-Clause
// The flow control of a char device: the write queue towards the backend, the tokens of both directions, and a bounded
// send queue for each client that is out of tokens. No thread, no clock, no actor: what it wants done goes through
// flow_outlet, what time does comes in as tokens_expired() and retry(). Numbers of the reference: a client without
// tokens is removed after 30 s, a blocked write is tried again after 100 ms.
#pragma once

#include "devices/char/client_ledger.hpp"
#include "devices/char/device_description.hpp"
#include "devices/char/device_protocol.hpp"
#include "devices/char/flow_outlet.hpp"
#include "devices/char/write_queue.hpp"
#include "messages/char_device.hpp"
#include "messages/defaults.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace saffron::devices {

class flow_control final : public device_queues {
public:
  flow_control(flow_settings settings, device_reader& reader, flow_outlet& out);

  // -- clients --------------------------------------------------------------------------------------------------------

  /// False, and nothing changed, when the client is there already, or when it waits for migration data and the device
  /// has moved bytes since it was started. What the device has for it may be delivered before this returns.
  [[nodiscard]] bool attach_client(client_id client, const client_flow& flow);
  /// Its queue and its unwritten buffers go, without tokens; a buffer that is partly written is written to its end.
  /// Unknown clients are ignored.
  void detach_client(client_id client);
  [[nodiscard]] bool has_client(client_id client) const;
  /// From the client; unknown clients are ignored. No tokens at all do not put the time-out off.
  void add_send_tokens(client_id client, std::uint64_t tokens);
  void set_send_tokens(client_id client, std::uint64_t tokens);
  void send(const outgoing& message) override;
  /// This client has broken the rules of the protocol: its removal is recommended.
  void give_up(client_id client, errc reason);

  // -- writing --------------------------------------------------------------------------------------------------------

  /// Takes client tokens. Otherwise the removal of the client is recommended (errc::token_violation) and nothing taken;
  /// errc::out_of_order for an unknown client, one that is to be removed, or one that waits for migration data.
  [[nodiscard]] result<void> take_client_tokens(client_id client, std::uint64_t price);
  result<void> write_client(client_id client, shared_bytes bytes, std::uint64_t price) override;
  void release_client_tokens(client_id client, std::uint64_t price) override;
  [[nodiscard]] bool write_server(shared_bytes bytes) override;
  [[nodiscard]] bool write_server_no_token(shared_bytes bytes) override;

  // -- the device's life ----------------------------------------------------------------------------------------------

  /// The backend; null when there is none, which is like being stopped.
  void set_backend(char_io* backend);
  void start();
  /// Nothing is read or written; what arrives is kept.
  void stop();
  /// Write queue and send queues are emptied, nobody waits for migration data any more; all freed tokens are told.
  /// Messages that waited had cost nothing yet, so nothing comes back for them (the reference pays for them).
  void reset();
  /// There is something to read, or room to write. May come at any time, also from within a read or a write.
  void wakeup();
  void tokens_expired(client_id client, std::uint64_t epoch);
  void retry(std::uint64_t epoch);

  // -- migration ------------------------------------------------------------------------------------------------------

  /// What of this client must go with it: its tokens, and its unwritten buffers. None for an unknown client.
  [[nodiscard]] std::optional<device_state> save(client_id client) const;
  /// Its unwritten bytes go before all others. errc::bad_message when the numbers are more than the client's window,
  /// errc::too_many when the bytes are more than the limits, errc::out_of_order when the client does not wait for it.
  [[nodiscard]] result<void> restore(client_id client, const device_state& state);

  // -- looking at it --------------------------------------------------------------------------------------------------

  [[nodiscard]] bool running() const noexcept { return running_; }
  [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }
  [[nodiscard]] std::size_t write_queue_bytes() const noexcept { return queue_.bytes(); }
  [[nodiscard]] std::size_t send_queue_bytes() const;
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_written_; }

private:
  class meter;

  /// What the outermost call may still do before others have their turn.
  struct turn {
    std::size_t steps = defaults::device_turn_steps;
    std::size_t bytes = defaults::device_turn_bytes;
  };

  // Public methods change the books and then settle(); only there others are called.
  void settle(bool until_quiet = false);
  void move_bytes() { want_read_ = want_write_ = true; }
  void read_message();
  void write_buffer_on();
  bool arm_retry();

  [[nodiscard]] client_ledger* find(client_id client);
  [[nodiscard]] const client_ledger* find(client_id client) const;
  /// Not one whose removal was recommended.
  [[nodiscard]] client_ledger* find_served(client_id client);
  [[nodiscard]] bool can_move() const;
  [[nodiscard]] std::uint64_t read_budget() const;
  void press_the_slow();
  [[nodiscard]] bool room_for(std::size_t bytes) const;
  [[nodiscard]] bool room_for(const client_ledger& client, std::size_t bytes) const;
  void send_now(const outgoing& message);
  void write_ours(buffer_origin origin, shared_bytes bytes);
  void offer(client_ledger& client, const device_message& message);
  void start_waiting(client_ledger& client);
  void tokens_have_come(client_ledger& client);
  void condemn(client_ledger& client, errc reason);
  void tell_freed(client_ledger& client);
  void release(const write_buffer& buffer);

  flow_settings settings_;
  device_reader& reader_;
  flow_notices notices_;
  flow_outlet& out_;
  char_io* backend_ = nullptr;
  std::list<client_ledger> clients_;
  write_queue queue_;
  turn turn_;
  std::uint64_t self_tokens_ = 0, epoch_ = 0, retry_epoch_ = 0;
  std::uint64_t bytes_read_ = 0, bytes_written_ = 0;
  bool running_ = false, active_ = false;
  bool want_read_ = false, want_write_ = false, settling_ = false;
  /// wakeup() was asked for; a retry was.
  bool continuing_ = false, retry_armed_ = false;
};

} // namespace saffron::devices
