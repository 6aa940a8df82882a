// SPDX-License-Identifier: BSD-3-Clause
#include "transport/key_maker.hpp"

#include <asio/post.hpp>

namespace saffron::transport {

namespace {

class key_maker final : public key_maker_actor::base {
public:
  explicit key_maker(caf::actor_config& config) : key_maker_actor::base(config) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return log_exception("key_maker", e); });
  }
  const char* name() const override { return "key_maker"; }

protected:
  behavior_type make_behavior() override {
    return {[](const make_key& wish) { wish.done(ticket_key::make()); }};
  }
};

} // namespace

key_maker_actor make_key_maker(caf::actor_system& system) { return system.spawn<key_maker>(); }

ticket_keys::maker keys_for(key_maker_actor maker, loop& home) {
  return [maker = std::move(maker), &home](std::function<void(ticket_key_ptr)> done) {
    caf::anon_send(maker, make_key{[&home, done = std::move(done)](ticket_key_ptr key) {
                     asio::post(home.io(), [done, key = std::move(key)] { done(key); });
                   }});
  };
}

} // namespace saffron::transport
