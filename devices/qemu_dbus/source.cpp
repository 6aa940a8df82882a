// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/source.hpp"

#include "devices/qemu_dbus/qemu_source.hpp"
#include "messages/defaults.hpp"
#include "messages/log.hpp"

#include <algorithm>

namespace saffron::devices::qemu_dbus {

namespace {

using namespace std::chrono_literals;

/// A size that QEMU tells beside its frames counts once it has stood so long: frames of that size come first.
constexpr auto size_settles_after = 50ms;
/// A listener that is closed alone, not with its QEMU, is noticed after so long.
constexpr auto listener_grace = 1s;

} // namespace

source_actor make_qemu_source(caf::actor_system& system, transport::loop& home, std::string qmp_path, vm_actor vm,
                              counters& count, std::vector<device_setting> char_devices) {
  return system.spawn<qemu_source>(home, std::move(qmp_path), std::move(vm), count, std::move(char_devices));
}

qemu_source::behavior_type qemu_source::make_behavior() {
  monitor(vm_);
  set_down_handler([this](const caf::down_msg& m) { quit(m.reason); }); // there is nobody to draw for
  send(qemu_source_actor{this}, tick{epoch_});
  return {
      [this](const pointer_input& p) { std::visit([this](const auto& event) { take(event); }, p.event); },
      [this](const key_input& key) { take(key); },
      [this](const resize_head& wish) { resize(wish); },
      [this](tick t) { tick_came(t.epoch); },
      [this](const size_settled& s) { fit(s); },
      [this](const listener_event& e) { listener_changed(e); },
      [this](shut_down) { quit(); },
  };
}

void qemu_source::on_exit() {
  for (auto& h : heads_)
    if (h.feed) h.feed->stop();
  heads_.clear();
  consoles_.clear();
  drop_chardevs();
  attachment_.reset();
  vm_ = vm_actor{};
  input_ = input_actor{};
}

// -- attaching --------------------------------------------------------------------------------------------------------

void qemu_source::wake_after(std::chrono::milliseconds delay) {
  const tick next{++epoch_}; // those before it are stale now
  delayed_send(qemu_source_actor{this}, delay, next);
}

void qemu_source::tick_came(std::uint64_t epoch) {
  if (epoch != epoch_) return;
  switch (phase_) {
  case phase::waiting: try_again(); break;
  case phase::attaching: lose(std::move(late_)); break;
  case phase::attached: break;
  case phase::display_taken:
    phase_ = phase::attaching;
    attachment_->open_display();
    break;
  case phase::listener_lost: lose("QEMU's display has closed a listener"); break;
  }
}

void qemu_source::try_again() {
  phase_ = phase::attaching;
  attachment_ = std::make_shared<attachment>(*this, path_, *this);
  attachment_->start();
}

void qemu_source::next_step(std::string late) {
  late_ = std::move(late);
  wake_after(defaults::qmp_timeout);
}

void qemu_source::opened(const qemu_facts& facts) {
  facts_ = facts;
  // After another program took the display, the listeners are still there: QEMU 9 and later never let go of one.
  heads_.resize(facts_.consoles.size());
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    heads_[i].console = facts_.consoles[i];
    heads_[i].resizing = false; // nothing is on its way on a new connection
    heads_[i].settling = false;
  }
  absolute_ = any_absolute() || facts_.absolute_pointer;
  adopt_chardevs();
  ++epoch_; // the request has its own time-out
  announce();
}

source_attached qemu_source::description() {
  return {source_actor{this}, facts_.name, facts_.uuid, heads_.size(), absolute_, !fixed_size_ && !heads_.empty(),
          offers(),           places()};
}

std::vector<display_place> qemu_source::places() const {
  std::vector<display_place> out;
  for (const auto& h : heads_) {
    const auto& p = h.console.properties;
    out.push_back({static_cast<std::uint32_t>(out.size()), 0, p.head.value_or(0), p.device_address.value_or("")});
  }
  return out;
}

/// One announcement at a time, so that a QEMU that changes its mind all the time costs the VM no more than that.
void qemu_source::announce() {
  if (std::exchange(announcing_, true)) {
    announce_again_ = true;
    return;
  }
  const auto answered = [this, generation = generation_] {
    announcing_ = false;
    if (std::exchange(announce_again_, false)) announce();
    return generation == generation_;
  };
  request(vm_, defaults::request_timeout, description())
      .then(
          [this, answered](const vm_consoles& answer) {
            if (answered()) got_consoles(answer);
          },
          [this, answered](const caf::error& e) {
            if (answered() && phase_ == phase::attaching)
              lose(fmt::format("the VM does not answer: {}", to_text(system(), e)));
          });
}

void qemu_source::got_consoles(const vm_consoles& answer) {
  input_ = answer.input;
  if (phase_ != phase::attaching) return; // something about us was different, our consoles are not
  consoles_ = answer.consoles;
  listen_to_next();
}

void qemu_source::listen_to_next() {
  const auto count = std::min(heads_.size(), consoles_.size());
  const auto next = static_cast<std::size_t>(std::ranges::find_if(heads_, [](const head& h) { return !h.listening; }) -
                                             heads_.begin());
  if (next >= count) {
    all_listening();
    return;
  }
  auto pair = make_socket_pair();
  if (!pair) {
    lose("no more file descriptors; raise the limit of open files");
    return;
  }
  const auto tell = [self = qemu_source_actor{this}, generation = generation_, next](bool open) {
    caf::anon_send(self, listener_event{generation, next, open});
  };
  auto feed = std::make_shared<listener>(std::move(pair->ours), counters_, path_,
                                         listener::observer{[tell] { tell(true); }, [tell] { tell(false); }});
  heads_[next].feed = feed;
  send(consoles_[next], attach_feed{feed}); // before QEMU can call it
  attachment_->register_listener(heads_[next].console, std::move(pair->theirs));
}

void qemu_source::all_listening() {
  phase_ = phase::attached;
  ++epoch_;
  backoff_ = 0ms;
  last_reason_.clear();
  log::info("QEMU {} behind {} is attached: {}, heads: {}", facts_.version, path_,
            facts_.name.empty() ? "a VM without a name" : facts_.name, heads_.size());
  report(facts_.status, true);
  report_locks();
}

void qemu_source::lose(std::string why) {
  const auto was_attached = phase_ != phase::waiting && phase_ != phase::attaching;
  ++generation_;
  phase_ = phase::waiting;
  for (auto& h : heads_)
    if (h.feed) h.feed->stop(); // before the screens go black, so that they stay black
  for (auto& c : consoles_) send(c, blank{});
  heads_.clear();
  consoles_.clear();
  queue_.clear();
  drop_chardevs();
  attachment_.reset();
  fixed_size_ = false;
  announce_again_ = false;                   // the next QEMU is another one
  if (was_attached || why != last_reason_) { // the VM logs each state that is told, so retries are silent
    counters_.sources_lost.add();
    report(fmt::format("waiting for {}: {}", path_, why), false);
    last_reason_ = std::move(why);
  }
  backoff_ =
      std::clamp<std::chrono::milliseconds>(backoff_ * 2, defaults::attach_backoff_min, defaults::attach_backoff_max);
  wake_after(backoff_);
}

void qemu_source::report(std::string state, bool attached) {
  const auto running = attached && state == "running";
  send(vm_, source_state{std::move(state), attached, running});
}

// -- what the QEMU tells ----------------------------------------------------------------------------------------------

void qemu_source::display_closed() {
  if (phase_ == phase::attaching) {
    lose("QEMU has closed the D-Bus connection");
    return;
  }
  queue_.clear();
  for (const auto& c : chardevs_) c.door->interrupted();
  phase_ = phase::display_taken;
  wake_after(defaults::attach_backoff_max);
}

void qemu_source::status_changed(const std::string& status) {
  facts_.status = status;
  if (phase_ == phase::attached) report(status, true);
}

void qemu_source::listener_changed(const listener_event& e) {
  if (e.generation != generation_ || e.head >= heads_.size()) return;
  heads_[e.head].listening = e.open;
  if (phase_ == phase::attaching && e.open) {
    listen_to_next();
  } else if (!e.open && phase_ != phase::listener_lost) {
    phase_ = phase::listener_lost;
    wake_after(listener_grace);
  }
}

void qemu_source::properties_changed(const console_object& change) {
  const auto found = std::ranges::find(heads_, change.number, [](const head& h) { return h.console.number; });
  if (found == heads_.end()) return;
  auto& known = found->console.properties;
  const auto& told = change.properties;
  if (told.width) known.width = told.width;
  if (told.height) known.height = told.height;
  if (told.width || told.height) {
    found->size_changed = clock().now();
    await_size(static_cast<std::size_t>(found - heads_.begin()), size_settles_after);
  }
  if (told.modifiers) {
    known.modifiers = told.modifiers;
    if (found == heads_.begin()) report_locks();
  }
  if (told.absolute) {
    known.absolute = told.absolute;
    set_absolute(any_absolute());
  }
}

bool qemu_source::any_absolute() const {
  return std::ranges::any_of(heads_, [](const head& h) { return h.console.properties.absolute.value_or(false); });
}

/// One timer for each head, however often QEMU tells another size.
void qemu_source::await_size(std::size_t number, caf::timespan time) {
  if (std::exchange(heads_[number].settling, true)) return;
  delayed_send(qemu_source_actor{this}, time, size_settled{generation_, number});
}

void qemu_source::fit(const size_settled& s) {
  if (s.generation != generation_ || s.head >= heads_.size()) return;
  auto& h = heads_[s.head];
  const auto& p = h.console.properties;
  h.settling = false;
  if (const auto left = h.size_changed + size_settles_after - clock().now(); left.count() > 0)
    await_size(s.head, left);
  else if (h.feed && p.width && p.height)
    h.feed->fit({*p.width, *p.height});
}

} // namespace saffron::devices::qemu_dbus
