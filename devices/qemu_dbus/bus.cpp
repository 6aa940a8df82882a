// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/bus.hpp"

#include <asio/post.hpp>

#include <poll.h>

#include <cstdint>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr int messages_per_turn = 64;
/// The owner knows how long it wants to wait; sd-bus needs no clock then.
constexpr std::uint64_t for_ever = UINT64_MAX;

} // namespace

/// What sd-bus holds for a call that is on its way; destroyed with the call.
struct bus::pending {
  bus& owner;
  on_answer then;

  static int answered(sd_bus_message* m, void* self, sd_bus_error*) {
    auto& me = *static_cast<pending*>(self);
    if (me.owner.bus_ == nullptr || !me.then) return 0;
    me.owner.guarded([&me, m] {
      const auto* error = sd_bus_message_get_error(m);
      if (error == nullptr)
        me.then({m, {}, {}});
      else
        me.then({nullptr, error->name != nullptr ? error->name : "", error->message != nullptr ? error->message : ""});
    });
    return 0;
  }
  static void destroy(void* self) { delete static_cast<pending*>(self); }
};

template <class F>
void bus::guarded(F told) noexcept {
  try {
    told();
  } catch (...) {
    thrown_ = std::current_exception();
  }
}

result<void> bus::start(unique_fd socket, observer tell) {
  tell_ = std::move(tell);
  if (sd_bus_new(&bus_) < 0) return fail{errc::socket_failed};
  const auto fd = socket.get();
  if (sd_bus_set_fd(bus_, fd, fd) < 0) {
    close();
    return fail{errc::socket_failed};
  }
  static_cast<void>(socket.release()); // sd-bus closes it
  const auto signal = [](sd_bus_message* m, void* self, sd_bus_error*) {
    auto& me = *static_cast<bus*>(self);
    if (me.bus_ != nullptr && sd_bus_message_is_signal(m, nullptr, nullptr) > 0 && me.tell_.signal)
      me.guarded([&me, m] { me.tell_.signal(m); });
    return 0;
  };
  asio::error_code error;
  if (sd_bus_set_bus_client(bus_, 0) < 0 || sd_bus_negotiate_fds(bus_, 1) < 0 || sd_bus_set_trusted(bus_, 1) < 0 ||
      sd_bus_add_filter(bus_, nullptr, signal, this) < 0 || sd_bus_start(bus_) < 0)
    error = asio::error::fault;
  if (!error) descriptor_.assign(fd, error);
  if (error) {
    close();
    return fail{errc::socket_failed};
  }
  wait();
  return {};
}

void bus::close() {
  if (bus_ == nullptr) return;
  if (descriptor_.is_open()) descriptor_.release(); // cancels our waiting
  auto* b = std::exchange(bus_, nullptr);
  sd_bus_close(b);
  sd_bus_unref(b);
}

void bus::lost() {
  close();
  if (tell_.closed) tell_.closed();
}

// -- calls ------------------------------------------------------------------------------------------------------------

sd_bus_message* bus::make_call(const std::string& path, const char* interface, const char* member) {
  sd_bus_message* m = nullptr;
  if (bus_ == nullptr || sd_bus_message_new_method_call(bus_, &m, nullptr, path.c_str(), interface, member) < 0)
    return nullptr;
  if (!sender_.empty()) sd_bus_message_set_sender(m, sender_.c_str());
  return m;
}

bool bus::send(sd_bus_message* call, on_answer then) {
  auto held = std::make_unique<pending>(pending{*this, std::move(then)});
  sd_bus_slot* slot = nullptr;
  if (sd_bus_call_async(bus_, &slot, call, &pending::answered, held.get(), for_ever) < 0) return false;
  sd_bus_slot_set_destroy_callback(slot, &pending::destroy);
  static_cast<void>(held.release());
  sd_bus_slot_set_floating(slot, 1);
  sd_bus_slot_unref(slot);
  wait(); // for room, if the socket was full
  return true;
}

// -- the loop ---------------------------------------------------------------------------------------------------------

void bus::process() {
  if (bus_ == nullptr) return;
  const auto self = shared_from_this(); // whoever is told may let go of us
  int done = 1;
  for (int i = 0; i < messages_per_turn && done > 0 && bus_ != nullptr; ++i) done = sd_bus_process(bus_, nullptr);
  if (auto thrown = std::exchange(thrown_, nullptr)) std::rethrow_exception(thrown);
  if (bus_ == nullptr) return;
  if (done < 0)
    lost();
  else if (done > 0)
    asio::post(actor_.home().io(), transport::completion(actor_, [self] { self->process(); }));
  else
    wait();
}

void bus::wait() {
  const auto events = sd_bus_get_events(bus_);
  if (events < 0) return;
  const auto arm = [this](asio::posix::descriptor_base::wait_type what, bool bus::*armed) {
    if (std::exchange(this->*armed, true)) return;
    descriptor_.async_wait(what,
                           transport::completion(actor_, [self = weak_from_this(), armed](asio::error_code error) {
                             const auto me = self.lock();
                             if (!me) return;
                             (*me).*armed = false;
                             if (!error) me->process();
                           }));
  };
  arm(asio::posix::descriptor_base::wait_read, &bus::reading_);
  if ((events & POLLOUT) != 0) arm(asio::posix::descriptor_base::wait_write, &bus::writing_);
}

} // namespace saffron::devices::qemu_dbus
