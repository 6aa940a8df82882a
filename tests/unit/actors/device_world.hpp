// SPDX-License-Identifier: BSD-3-Clause
// A whole system, and VMs whose char devices the test is.
#pragma once

#include "devices/char/char_backend.hpp"
#include "messages/wire/port.hpp"
#include "messages/wire/smartcard.hpp"
#include "tests/unit/actors/box_world.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace saffron::tests {

/// The VM's side of a char device in the hands of a test, which calls these between settle() and settle().
class test_backend final : public char_backend, public std::enable_shared_from_this<test_backend> {
public:
  /// Bytes that it takes before the test takes some away.
  std::size_t room = std::size_t{64} << 20;
  std::string taken;
  int uses = 0;
  bool in_use = false, stopped = false;

  void say(std::string_view words) {
    there_ += words;
    wake();
  }
  void take(std::size_t more) {
    room += more;
    wake();
  }
  void event(port_event e) {
    opened_ = e == port_event::opened;
    if (actor_ != nullptr) actor_->run([&] { owner_->on_event(e); });
  }

  /// The device that it belongs to now; empty when none does.
  [[nodiscard]] const caf::strong_actor_ptr& device() const { return keep_; }

  void start(transport::activation& actor, backend_owner& owner) override {
    actor_ = &actor;
    owner_ = &owner;
    keep_ = actor.keep();
  }
  void stop() override {
    stopped = true;
    in_use = false;
    actor_ = nullptr;
    keep_ = nullptr;
  }
  void set_in_use(bool use) override {
    if (std::exchange(in_use, use) == use || !use) return;
    ++uses;
    asio::post(actor_->home().io(), transport::completion(*actor_, [self = shared_from_this()] {
                 if (self->actor_ != nullptr && self->opened_) self->owner_->on_event(port_event::opened);
               }));
  }
  std::size_t write(std::span<const std::byte> bytes) override {
    const auto n = std::min(room, bytes.size());
    taken.append(reinterpret_cast<const char*>(bytes.data()), n);
    room -= n;
    return n;
  }
  std::size_t read(std::span<std::byte> to) override {
    const auto n = std::min(to.size(), there_.size());
    std::memcpy(to.data(), there_.data(), n);
    there_.erase(0, n);
    return n;
  }

private:
  void wake() {
    if (actor_ != nullptr) actor_->run([&] { owner_->on_wakeup(); });
  }

  std::string there_;
  bool opened_ = true;
  transport::activation* actor_ = nullptr;
  backend_owner* owner_ = nullptr;
  caf::strong_actor_ptr keep_;
};

struct device_world : box_world {
  /// A VM with these devices, in order.
  source_record& add_vm_with(std::vector<char_device_offer> offers) {
    auto& record = records["web01"];
    record.offers.char_devices = std::move(offers);
    return add_vm("web01", "secret");
  }
  static char_device_offer offer(char_device_kind kind, const std::shared_ptr<test_backend>& backend,
                                 std::string name = {}) {
    return {kind, std::move(name), backend};
  }
  /// Everything of a port's data that has come.
  static std::string heard(test_client& from) {
    std::string out;
    from.listen([&](std::uint16_t type, std::span<const std::byte> body) {
      if (type == wire::port::plain_data::type) out.append(reinterpret_cast<const char*>(body.data()), body.size());
    });
    return out;
  }
  static void say(test_client& to, std::string_view words) {
    to.send(wire::port::plain_data{std::as_bytes(std::span{words})});
  }
  /// True when the server closes the channel, whatever it says before that. Real time passes: the client's own kernel
  /// may keep small messages back for some milliseconds (Nagle).
  bool closes(test_client& c) {
    return wait_until(
        [&] {
          c.peer().read_available();
          return c.is_closed();
        },
        std::chrono::seconds{5});
  }
  ~device_world() { // backends hold actors
    for (auto& [name, record] : records) record.offers.char_devices.clear();
  }
};

} // namespace saffron::tests
