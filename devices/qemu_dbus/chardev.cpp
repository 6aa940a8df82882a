// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/chardev.hpp"

#include "messages/log.hpp"

#include <asio/post.hpp>

#include <utility>

namespace saffron::devices::qemu_dbus {

namespace {

/// QEMU refuses until it has noticed that the last socket is closed; after so many times another program has it.
constexpr int refusals_told = 5;

} // namespace

/// A backend's handle on a chardev.
class chardev::door final : public connector {
public:
  door(std::shared_ptr<chardev> to, bool follows_guest) : to_(std::move(to)), follows_guest_(follows_guest) {}

  void start(transport::activation& actor, connector_owner& owner) override {
    to_->start(actor, owner, follows_guest_);
  }
  void connect() override { to_->connect(); }
  void cancel() override { to_->cancel(); }
  void stop() override { to_->stop(); }
  void send_break() override { to_->send_break(); }

private:
  std::shared_ptr<chardev> to_;
  bool follows_guest_;
};

std::unique_ptr<connector> chardev::make_connector(bool follows_guest) {
  return std::make_unique<door>(shared_from_this(), follows_guest);
}

template <class F>
void chardev::in_source(F f) {
  if (source_ == nullptr) return;
  asio::post(source_->home().io(), transport::completion(*source_, [weak = weak_from_this(), f] {
               if (const auto self = weak.lock(); self && self->source_ != nullptr) f(*self);
             }));
}

template <class F>
void chardev::in_device(F f) {
  if (device_ == nullptr) return;
  asio::post(device_->home().io(),
             transport::completion(*device_, [weak = weak_from_this(), start = starts_, f]() mutable {
               if (const auto self = weak.lock(); self && self->starts_ == start) f(*self);
             }));
}

// -- the device's side ------------------------------------------------------------------------------------------------

void chardev::start(transport::activation& device, connector_owner& owner, bool follows_guest) {
  ++starts_;
  device_ = &device;
  owner_ = &owner;
  follows_guest_ = follows_guest;
  if (follows_guest_) in_device([opened = opened_](chardev& self) { self.owner_->on_guest(opened); });
}

void chardev::connect() {
  waiting_ = ++requests_;
  if (source_ == nullptr)
    answer(waiting_, fail{errc::backend_gone});
  else
    in_source([request = waiting_](chardev& self) { self.ask(request); });
}

void chardev::cancel() { waiting_ = 0; }

void chardev::stop() {
  ++starts_;
  waiting_ = 0;
  device_ = nullptr;
  owner_ = nullptr;
}

void chardev::send_break() {
  in_source([](chardev& self) { self.qemu_->send_break(self.path_); });
}

// -- the source's side ------------------------------------------------------------------------------------------------

void chardev::ask(std::uint64_t request) {
  if (waiting_ != request) return; // nobody wants it any more
  auto pair = make_socket_pair(0);
  if (!pair) {
    answer(request, fail{pair.error()});
    return;
  }
  const auto ours = std::make_shared<unique_fd>(std::move(pair->ours));
  qemu_->register_chardev(path_, std::move(pair->theirs), [weak = weak_from_this(), request, ours](bool taken) {
    const auto self = weak.lock();
    if (!self) return;
    self->refusals_ = taken ? 0 : self->refusals_ + 1;
    if (self->refusals_ == refusals_told)
      log::warning("QEMU does not connect {}: perhaps another program uses this chardev", self->path_);
    self->answer(request, taken ? result<unique_fd>{std::move(*ours)} : fail{errc::device_in_use});
  });
}

/// The socket is closed again if nobody waits for it when the device's turn comes.
void chardev::answer(std::uint64_t request, result<unique_fd> socket) {
  in_device([request, held = std::make_shared<result<unique_fd>>(std::move(socket))](chardev& self) {
    if (self.waiting_ != request) return;
    self.waiting_ = 0;
    self.owner_->on_socket(std::move(*held));
  });
}

void chardev::guest(bool opened) {
  if (std::exchange(opened_, opened) == opened || !follows_guest_) return;
  in_device([opened](chardev& self) { self.owner_->on_guest(opened); });
}

void chardev::interrupted() {
  if (waiting_ != 0) answer(waiting_, fail{errc::socket_failed});
}

void chardev::gone() {
  source_ = nullptr;
  qemu_ = nullptr;
  if (waiting_ != 0) answer(waiting_, fail{errc::backend_gone});
}

} // namespace saffron::devices::qemu_dbus
