// SPDX-License-Identifier: BSD-3-Clause
// Where the words of flow_control go, and the line in which they wait until it has finished its own books: nothing of
// it is half changed when somebody is called, so whoever is called may call back.
#pragma once

#include "messages/char_device.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>

namespace saffron::devices {

/// The actor sends them, a test writes them down. Any of them may call any method of flow_control: it takes effect at
/// once in the books, and what follows from it is read, written and told before the outermost call returns.
class flow_outlet {
public:
  virtual ~flow_outlet() = default;
  virtual void deliver(client_id client, const device_message& message) = 0;
  virtual void grant_tokens(client_id client, std::uint64_t tokens) = 0;
  virtual void self_token_freed() = 0;
  /// A recommendation, once for a client; it stays, without service, until detach_client().
  virtual void recommend_removal(client_id client, errc reason) = 0;
  /// Call tokens_expired(client, epoch) in 30 s.
  virtual void await_tokens(client_id client, std::uint64_t epoch) = 0;
  /// Call retry(epoch) in 100 ms.
  virtual void await_write(std::uint64_t epoch) = 0;
  /// The device has taken everything that was queued for it.
  virtual void write_queue_empty() {}
  /// Call wakeup() again, after other messages had their turn. Who is asked again before then need not do it twice.
  virtual void continue_soon() = 0;
};

/// What flow_control has to say, in the order in which it came to pass.
class flow_notices {
public:
  struct self_token {};
  struct queue_empty {};
  struct tokens_timer {
    std::uint64_t epoch = 0;
  };
  using words = std::variant<device_message, token_grant, remove_client, tokens_timer, self_token, queue_empty>;

  /// To `client`, or about it; none for what concerns no client.
  void add(std::optional<client_id> client, words what) { waiting_.push_back({client, std::move(what)}); }
  /// A client has gone: nobody is told anything of it any more.
  void forget(client_id client) {
    std::erase_if(waiting_, [&](const notice& n) { return n.client == client; });
  }
  /// Until nothing is left, with what is added meanwhile.
  void tell(flow_outlet& out);

private:
  struct notice {
    std::optional<client_id> client;
    words what;
  };
  std::deque<notice> waiting_;
};

} // namespace saffron::devices
