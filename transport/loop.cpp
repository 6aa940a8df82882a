// SPDX-License-Identifier: BSD-3-Clause
#include "transport/loop.hpp"

#include "messages/log.hpp"

#include <fmt/format.h>

#include <pthread.h>

namespace saffron::transport {

// Owns the reference that CAF added for its scheduler, so that a loop destroyed early leaks nothing.
struct loop::job {
  struct release {
    void operator()(caf::resumable* r) const { caf::intrusive_ptr_release(r); }
  };
  loop* home;
  std::unique_ptr<caf::resumable, release> work;

  job(loop* l, caf::resumable* r) : home(l), work(r) {}
  void operator()() {
    auto* r = work.release();
    switch (r->resume(home, home->max_throughput_)) {
    case caf::resumable::resume_later: home->exec_later(r); break; // sockets get their turn in between
    case caf::resumable::shutdown_execution_unit: break;
    default: caf::intrusive_ptr_release(r);
    }
  }
};

void loop::exec_later(caf::resumable* r) {
  if (r->subtype() == caf::resumable::io_actor)
    asio::post(io_, job{this, r});
  else
    system().scheduler().enqueue(r);
}

void loop::start(std::string thread_name) {
  work_.emplace(io_.get_executor());
  thread_ = std::thread([this, name = std::move(thread_name)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    io_.run();
  });
}

void loop::stop() {
  work_.reset();
  io_.stop(); // timers and half-open links may be pending for seconds
  if (thread_.joinable()) thread_.join();
}

namespace {

std::string what_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "of unknown type";
  }
}

} // namespace

caf::error log_exception(const char* actor, const std::exception_ptr& thrown) {
  log::error("{} ended by an exception: {}", actor, what_of(thrown));
  return caf::make_error(caf::sec::runtime_error);
}

void log_failed_work(const char* actor, const std::exception_ptr& thrown) {
  log::error("{} could not do one piece of work, an exception: {}", actor, what_of(thrown));
}

loops::loops(caf::actor_system& system, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) all_.push_back(std::make_unique<loop>(system, i));
}

void loops::start() {
  for (auto& l : all_) l->start(fmt::format("saffron.loop{}", l->number()));
}

void loops::stop() {
  for (auto& l : all_) l->stop();
}

} // namespace saffron::transport
