// SPDX-License-Identifier: BSD-3-Clause
// Makes ticket keys on CAF's scheduler, where computing holds up no socket.
#pragma once

#include "messages/actor_types.hpp"
#include "transport/loop.hpp"
#include "transport/ticket.hpp"

#include <functional>

namespace saffron::transport {

/// A key is wanted; `done` is called on the maker's thread, with null when OpenSSL refused.
struct make_key {
  std::function<void(ticket_key_ptr)> done;
};

/// Makes RSA keys, one after the other.
using key_maker_actor = actor_handle<
    // Make one.
    void(make_key)>;

key_maker_actor make_key_maker(caf::actor_system& system);

/// What a pool on `home` asks for its keys: they are made elsewhere and arrive on `home`.
ticket_keys::maker keys_for(key_maker_actor maker, loop& home);

} // namespace saffron::transport

CAF_BEGIN_TYPE_ID_BLOCK(saffron_keys, caf::first_custom_type_id + 300)
CAF_ADD_TYPE_ID(saffron_keys, (saffron::transport::make_key))
CAF_END_TYPE_ID_BLOCK(saffron_keys)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(saffron::transport::make_key)
