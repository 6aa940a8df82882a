// SPDX-License-Identifier: BSD-3-Clause
// Asks several actors how they are and puts their answers into one; who does not answer in time is left out.
#pragma once

#include "messages/actor_types.hpp"
#include "messages/session.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace saffron::actors {

/// An answer in the making; delivered when its last part has come, or none is asked for.
template <class Whole>
class gathering {
public:
  gathering(caf::typed_response_promise<Whole> promise, Whole start)
      : state_(std::make_shared<state>(state{std::move(promise), std::move(start), 1})) {}

  /// Asks `whom`; `add` puts the answer into the whole.
  template <class Part, class Self, class Handle>
  void ask(Self* self, const Handle& whom, void (*add)(Whole&, Part&&)) {
    ++state_->open;
    self->request(whom, patience, status_query{})
        .then([s = state_, add](Part& part) { add(s->whole, std::move(part)), s->close(); },
              [s = state_](const caf::error&) { s->close(); });
  }
  /// Everybody has been asked.
  caf::typed_response_promise<Whole> finish() {
    auto promise = state_->promise;
    state_->close();
    return promise;
  }

private:
  // Shorter than what the asker of the whole waits.
  static constexpr auto patience = std::chrono::seconds{1};

  struct state {
    caf::typed_response_promise<Whole> promise;
    Whole whole;
    std::size_t open;
    void close() {
      if (--open == 0) promise.deliver(std::move(whole));
    }
  };
  std::shared_ptr<state> state_;
};

} // namespace saffron::actors
