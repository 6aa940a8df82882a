// SPDX-License-Identifier: BSD-3-Clause
// The actor behind make_qemu_source(), in three files: source.cpp follows the QEMU, source_input.cpp its input,
// source_chardevs.cpp its char devices.
#pragma once

#include "devices/char/device_setting.hpp"
#include "devices/qemu_dbus/attachment.hpp"
#include "devices/qemu_dbus/chardev.hpp"
#include "devices/qemu_dbus/input_queue.hpp"
#include "devices/qemu_dbus/listener.hpp"
#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace saffron::devices::qemu_dbus {

/// A listener of head `head` has been called for the first time, or is closed. `generation` counts the attachments.
struct listener_event {
  std::uint64_t generation = 0;
  std::size_t head = 0;
  bool open = false;
};
/// The size that QEMU told for a head has perhaps not changed for a while.
struct size_settled {
  std::uint64_t generation = 0;
  std::size_t head = 0;
};

using qemu_source_actor =
    source_actor::extend<caf::reacts_to<tick>, caf::reacts_to<listener_event>, caf::reacts_to<size_settled>>;

class qemu_source final : public transport::pinned_actor<qemu_source_actor>,
                          public attachment_observer,
                          public chardev_registrar {
public:
  qemu_source(caf::actor_config& config, transport::loop& home, std::string qmp_path, vm_actor vm, counters& count,
              std::vector<device_setting> char_devices)
      : pinned_actor(config, home), path_(std::move(qmp_path)), vm_(std::move(vm)), counters_(count),
        device_settings_(std::move(char_devices)) {}
  const char* name() const override { return "qemu_source"; }
  void on_exit() override;

protected:
  behavior_type make_behavior() override;

private:
  /// Each ends by what it waits for or, all but `attached`, by its tick.
  enum class phase : std::uint8_t {
    /// Nobody is there; the tick tries again.
    waiting,
    /// A step is on its way; the tick is its end.
    attaching,
    attached,
    /// Another program took the display; the tick takes it back.
    display_taken,
    /// A listener is closed; a QEMU that ends closes everything else before the tick.
    listener_lost,
  };
  /// A console of QEMU and what we know of it.
  struct head {
    console_object console;
    std::shared_ptr<listener> feed;
    bool listening = false;
    /// When QEMU told its size last.
    caf::actor_clock::time_point size_changed;
    bool settling = false;
    /// A size that a client wants, and whether QEMU is considering one.
    std::optional<extent> wanted;
    bool resizing = false;
  };
  /// A chardev of QEMU that clients may have.
  struct offered_chardev {
    std::shared_ptr<chardev> door;
    char_device_offer offer;
  };

  // -- attaching: source.cpp
  void tick_came(std::uint64_t epoch);
  void wake_after(std::chrono::milliseconds delay);
  void try_again();
  void announce();
  void got_consoles(const vm_consoles& answer);
  void listen_to_next();
  void all_listening();
  void lose(std::string why);
  void report(std::string state, bool attached);
  [[nodiscard]] source_attached description();
  [[nodiscard]] std::vector<display_place> places() const;
  [[nodiscard]] bool any_absolute() const;

  // -- what the QEMU tells: source.cpp
  void next_step(std::string late) override;
  void failed(std::string why) override { lose(std::move(why)); }
  void opened(const qemu_facts& facts) override;
  void display_closed() override;
  void status_changed(const std::string& status) override;
  void properties_changed(const console_object& change) override;
  void listener_changed(const listener_event& e);
  void await_size(std::size_t number, caf::timespan time);
  void fit(const size_settled& s);

  // -- char devices: source_chardevs.cpp
  void adopt_chardevs();
  void drop_chardevs();
  [[nodiscard]] std::vector<char_device_offer> offers() const;
  void chardev_changed(const chardev_object& change) override;
  void register_chardev(const std::string& path, unique_fd socket,
                        const std::function<void(bool taken)>& then) override;
  void send_break(const std::string& path) override;

  // -- input: source_input.cpp
  void take(const input_operation& operation);
  void send_waiting();
  void send_now(const input_operation& operation);
  void send_now(const key_input& key);
  void send_now(const pointer_motion& motion);
  void send_now(const pointer_position& position);
  void send_now(const pointer_button& button);
  void input_answered(const bus::answer& answer);
  void set_absolute(bool absolute);
  void report_locks();
  void resize(const resize_head& wish);
  void ask_for_size(std::size_t number);
  [[nodiscard]] bus::on_answer input_answer();

  std::string path_;
  vm_actor vm_;
  counters& counters_;

  phase phase_ = phase::waiting;
  std::uint64_t epoch_ = 0, generation_ = 0;
  std::chrono::milliseconds backoff_{0};
  std::string late_, last_reason_;

  std::shared_ptr<attachment> attachment_;
  bool announcing_ = false, announce_again_ = false;
  qemu_facts facts_;
  std::vector<head> heads_;
  std::vector<console_actor> consoles_;
  input_actor input_;

  input_queue queue_;
  /// The head that the pointer is on.
  std::size_t pointer_head_ = 0;
  bool absolute_ = false;
  /// QEMU has said that a head cannot be resized.
  bool fixed_size_ = false;

  std::vector<device_setting> device_settings_;
  /// One backend each for an attachment, however often it is announced.
  std::vector<char_device_offer> socket_offers_;
  std::vector<offered_chardev> chardevs_;
};

} // namespace saffron::devices::qemu_dbus

CAF_BEGIN_TYPE_ID_BLOCK(saffron_qemu_dbus, caf::first_custom_type_id + 200)
CAF_ADD_TYPE_ID(saffron_qemu_dbus, (saffron::devices::qemu_dbus::listener_event))
CAF_ADD_TYPE_ID(saffron_qemu_dbus, (saffron::devices::qemu_dbus::size_settled))
CAF_END_TYPE_ID_BLOCK(saffron_qemu_dbus)
SAFFRON_MESSAGE(saffron::devices::qemu_dbus::listener_event)
SAFFRON_MESSAGE(saffron::devices::qemu_dbus::size_settled)
