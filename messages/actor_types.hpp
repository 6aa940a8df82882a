// SPDX-License-Identifier: BSD-3-Clause
// The one header that knows which CAF this is. Interfaces are spelt as function types:
//   using counter_actor = actor_handle<void(add), int(get)>;
#pragma once

#include <caf/all.hpp>

#include <string>

namespace saffron {

namespace detail {
template <class F>
struct signature;
template <class... A>
struct signature<void(A...)> {
  using type = caf::reacts_to<A...>;
};
template <class R, class... A>
struct signature<R(A...)> {
  using type = typename caf::replies_to<A...>::template with<R>;
};
} // namespace detail

template <class... F>
using actor_handle = caf::typed_actor<typename detail::signature<F>::type...>;

/// CAF names its reasons; this prints one.
inline std::string to_text(caf::actor_system& system, const caf::error& reason) { return system.render(reason); }

} // namespace saffron

// A message of ours: lives in this process only, moved or reference counted, never serialised.
#define SAFFRON_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
