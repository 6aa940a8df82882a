// SPDX-License-Identifier: BSD-3-Clause
// One client in the books of a device: the tokens of both directions and the messages that wait for some. It adds up:
// what the client may write, what of its tokens is held for it, and what was freed make its window, always.
#pragma once

#include "messages/char_device.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace saffron::devices {

class client_ledger {
public:
  client_ledger(client_id id, const client_flow& flow);

  [[nodiscard]] client_id id() const noexcept { return id_; }
  [[nodiscard]] bool flow_control() const noexcept { return flow_.flow_control; }

  // -- towards the device ---------------------------------------------------------------------------------------------

  /// False, and nothing taken, when it has not so many.
  [[nodiscard]] bool take(std::uint64_t price);
  /// Tokens that were taken are free again; more than were taken do not come back.
  void give_back(std::uint64_t price);
  /// What is to be told of the freed tokens: all, once they are `interval`, or the whole window. 0: nothing now.
  [[nodiscard]] std::uint64_t grant(std::uint64_t interval);
  /// Bytes in the write queue.
  std::size_t write_bytes = 0;

  // -- towards the client ---------------------------------------------------------------------------------------------

  enum class verdict : std::uint8_t {
    /// It is paid for: send it.
    deliver,
    /// It waits, the first that does, or behind others.
    first_queued,
    queued,
    /// There is no room for it to wait.
    overflow,
  };
  [[nodiscard]] verdict offer(const device_message& message);
  /// The next that waits and is paid for now.
  [[nodiscard]] std::optional<device_message> next();
  void add_send_tokens(std::uint64_t tokens);
  void set_send_tokens(std::uint64_t tokens) { send_tokens_ = tokens; }
  /// What it can be sent at once. Behind messages that wait nothing can.
  [[nodiscard]] std::uint64_t send_budget() const;
  [[nodiscard]] bool waits_for_tokens() const noexcept { return !queue_.empty(); }
  [[nodiscard]] std::size_t queue_bytes() const noexcept { return queue_bytes_; }
  /// Nothing waits any more, and no time runs.
  void drop_queue();
  /// Of the time-out that runs; 0 for none.
  std::uint64_t waiting_epoch = 0;

  // -- its life -------------------------------------------------------------------------------------------------------

  /// Its removal was recommended: it waits for nothing any more.
  void condemn();
  [[nodiscard]] bool condemned() const noexcept { return condemned_; }
  /// Its state has not come from the other server yet.
  [[nodiscard]] bool waits_for_migrate_data() const noexcept { return flow_.wait_for_migrate_data; }
  void stop_waiting_for_migrate_data() { flow_.wait_for_migrate_data = false; }
  /// Its tokens; `queued` of them are held by its unwritten buffers.
  [[nodiscard]] device_state save(std::uint64_t queued) const;
  /// False, and nothing changed, when it is more than the window.
  [[nodiscard]] bool restore(const device_state& state);

private:
  client_id id_;
  client_flow flow_;
  std::uint64_t client_tokens_, held_tokens_ = 0, freed_tokens_ = 0;
  std::uint64_t send_tokens_;
  std::deque<device_message> queue_;
  std::size_t queue_bytes_ = 0;
  bool condemned_ = false;
};

} // namespace saffron::devices
