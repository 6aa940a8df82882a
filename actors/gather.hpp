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
      : state_(std::make_shared<state>(state{std::move(promise), std::move(start), 1, {}})) {}

  /// Asks `whom`; `add` puts the answer into the whole, in the order of asking.
  template <class Part, class Self, class Handle>
  void ask(Self* self, const Handle& whom, void (*add)(Whole&, Part&&)) {
    const auto place = state_->parts.size();
    state_->parts.emplace_back();
    ++state_->open;
    self->request(whom, patience, status_query{})
        .then(
            [s = state_, place, add](Part& part) {
              s->parts[place] = [add, part = std::move(part)](Whole& whole) mutable { add(whole, std::move(part)); };
              s->close();
            },
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
    /// What each answer adds; empty where none came.
    std::vector<std::function<void(Whole&)>> parts;

    void close() {
      if (--open != 0) return;
      for (const auto& part : parts)
        if (part) part(whole);
      promise.deliver(std::move(whole));
    }
  };
  std::shared_ptr<state> state_;
};

} // namespace saffron::actors
