// SPDX-License-Identifier: BSD-3-Clause
// A loop is one thread that runs one Asio io_context and the actors pinned to it. A pinned actor's handlers and the
// completions of its sockets run on that thread only, so it owns its sockets and its state without locks. A message to
// a neighbour on the same loop costs 0.3 µs, one to another thread 25 µs: what talks much lives together.
#pragma once

#include "messages/actor_types.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace saffron::transport {

class loop final : public caf::execution_unit {
public:
  /// `number` is its place in the host's list of loops. Runs nothing before start(); tests poll io() by hand instead.
  explicit loop(caf::actor_system& system, std::size_t number = 0, std::size_t max_throughput = 64)
      : execution_unit(&system), number_(number), max_throughput_(max_throughput) {}
  ~loop() override { stop(); }

  [[nodiscard]] asio::io_context& io() noexcept { return io_; }
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

  /// CAF calls this: pinned actors run here, anything else goes to CAF's own scheduler.
  void exec_later(caf::resumable* job) override;

  void start(std::string thread_name);
  /// Ends the thread; what is pending is dropped. Only after every actor pinned here has ended.
  void stop();

private:
  struct job;

  asio::io_context io_{1}; // one thread: posts from it skip the lock
  std::size_t number_;
  std::size_t max_throughput_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::thread thread_;
};

/// The door into a pinned actor for the objects it owns (connections, feeds, timers of libraries): their completions
/// run as message handlers do, so quit(), send() and exceptions work, and nothing runs once the actor has ended.
class activation {
public:
  virtual ~activation() = default;
  /// False, and `body` not run, once the actor has ended. From the actor's own loop only, and never from within a
  /// handler.
  virtual bool run(const std::function<void()>& body) = 0;
  /// Keeps the actor, and so its owned objects, alive while an operation is pending.
  virtual caf::strong_actor_ptr keep() = 0;
  virtual loop& home() noexcept = 0;
};

/// Wraps the completion handler of an asynchronous operation that an object owned by `actor` starts.
template <class F>
auto completion(activation& actor, F f) {
  return
      [alive = actor.keep(), &actor, f = std::move(f)](auto... results) mutable { actor.run([&] { f(results...); }); };
}

/// A statically typed actor pinned to a loop.
template <class Handle>
class pinned_actor : public Handle::base, public activation {
public:
  using super = typename Handle::base;
  using handle_type = Handle;

  pinned_actor(caf::actor_config& config, loop& home) : super(config), home_(home) {
    this->set_default_handler(caf::drop); // CAF's own would print to the host's standard output
    this->set_exception_handler([this](std::exception_ptr& e) { return on_exception(e); });
    this->set_down_handler([](caf::down_msg&) {});
    this->set_error_handler([](caf::error&) {}); // a failed send is reported by the request that cares
  }

  using super::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) override {
    super::enqueue(std::move(message), &home_);
  }
  void launch(caf::execution_unit*, bool lazy, bool hide) override { super::launch(&home_, lazy, hide); }
  caf::resumable::subtype_t subtype() const override { return caf::resumable::io_actor; }

  bool run(const std::function<void()>& body) override {
    if (!this->activate(&home_)) return false;
    try {
      body();
    } catch (...) {
      auto e = std::current_exception();
      this->quit(on_exception(e));
    }
    this->bhvr_stack_.cleanup(); // the tail of CAF's own reactivate(): acts on quit() and become()
    this->finalize();
    return true;
  }
  caf::strong_actor_ptr keep() override { return caf::strong_actor_ptr{this->ctrl()}; }
  loop& home() noexcept override { return home_; }

protected:
  /// Logs and names the reason the actor ends with.
  caf::error on_exception(std::exception_ptr& thrown) { return report_exception(this->name(), thrown); }

private:
  static caf::error report_exception(const char* actor, std::exception_ptr& thrown);

  loop& home_;
};

/// One log line for an exception that reached the edge of an actor.
caf::error log_exception(const char* actor, const std::exception_ptr& thrown);
/// One log line for an exception that cost an actor only this piece of work.
void log_failed_work(const char* actor, const std::exception_ptr& thrown);

/// For work whose outcome others wait for: nothing when it threw, after one log line, and the actor lives on.
template <class Work>
[[nodiscard]] std::optional<std::invoke_result_t<Work&>> attempt(const char* actor, Work work) {
  try {
    return work();
  } catch (...) {
    log_failed_work(actor, std::current_exception());
    return std::nullopt;
  }
}

template <class Handle>
caf::error pinned_actor<Handle>::report_exception(const char* actor, std::exception_ptr& thrown) {
  return log_exception(actor, thrown);
}

/// The loops of a process. One is chosen for each VM and for each client.
class loops {
public:
  loops(caf::actor_system& system, std::size_t count);
  [[nodiscard]] loop& at(std::size_t number) { return *all_[number]; }
  [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }
  void start();
  void stop();

private:
  std::vector<std::unique_ptr<loop>> all_;
};

} // namespace saffron::transport
