// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/flow_outlet.hpp"

#include <utility>

namespace saffron::devices {
namespace {

struct teller {
  flow_outlet& out;
  client_id client;

  void operator()(const device_message& message) const { out.deliver(client, message); }
  void operator()(token_grant grant) const { out.grant_tokens(client, grant.tokens); }
  void operator()(remove_client removal) const { out.recommend_removal(client, removal.reason); }
  void operator()(flow_notices::tokens_timer timer) const { out.await_tokens(client, timer.epoch); }
  void operator()(flow_notices::self_token) const { out.self_token_freed(); }
  void operator()(flow_notices::queue_empty) const { out.write_queue_empty(); }
};

} // namespace

void flow_notices::tell(flow_outlet& out) {
  while (!waiting_.empty()) {
    const auto next = std::move(waiting_.front());
    waiting_.pop_front(); // before the call, which may add and forget
    std::visit(teller{out, next.client.value_or(0)}, next.what);
  }
}

} // namespace saffron::devices
