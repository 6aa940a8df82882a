// SPDX-License-Identifier: BSD-3-Clause
// The way to a QEMU's display: QMP, then a descriptor of ours for its D-Bus display, then the display's objects. One
// attachment is one connection to QMP; after a failure a new one is made.
#pragma once

#include "devices/qemu_dbus/bus.hpp"
#include "devices/qemu_dbus/display_objects.hpp"
#include "devices/qemu_dbus/qmp.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::devices::qemu_dbus {

/// What a QEMU tells of itself.
struct qemu_facts {
  std::string version, name, uuid;
  /// As query-status has it: "running", "paused", …
  std::string status;
  /// The pointer is absolute by QMP's account; QEMU 7 does not tell it on D-Bus before it changes.
  bool absolute_pointer = false;
  /// Graphic consoles, by their numbers.
  std::vector<console_object> consoles;
  /// Chardevs on D-Bus, by their ids.
  std::vector<chardev_object> chardevs;
};

/// Is told how it goes. Every call may end the attachment.
class attachment_observer {
public:
  virtual ~attachment_observer() = default;
  /// The next step should come within defaults::qmp_timeout; `late` says what is wrong when it does not.
  virtual void next_step(std::string late) = 0;
  /// It cannot be, or is no more. A sentence for people, with what to do about it.
  virtual void failed(std::string why) = 0;
  /// The display's objects are known; listeners may be registered.
  virtual void opened(const qemu_facts& facts) = 0;
  /// The connection to the display is closed, the one to QMP is not: another program took the display.
  virtual void display_closed() = 0;
  virtual void status_changed(const std::string& status) = 0;
  virtual void properties_changed(const console_object& change) = 0;
  virtual void chardev_changed(const chardev_object& change) = 0;
};

class attachment : public std::enable_shared_from_this<attachment> {
public:
  attachment(transport::activation& actor, std::string qmp_path, attachment_observer& tell)
      : actor_(actor), path_(std::move(qmp_path)), tell_(tell) {}
  ~attachment() { close(); }
  attachment(const attachment&) = delete;
  attachment& operator=(const attachment&) = delete;

  void start();
  /// Connects to the display, for the first time or again.
  void open_display();
  /// QEMU calls the listener at the other end of `socket` from now on.
  void register_listener(const console_object& console, unique_fd socket);
  /// The chardev at `path` speaks with the other end of `socket` from now on. `then` is told whether QEMU takes it,
  /// perhaps at once, and never when the display closes before; QEMU refuses while another socket is there.
  void register_chardev(const std::string& path, unique_fd socket, const std::function<void(bool taken)>& then);
  void send_break(const std::string& path);
  /// Nobody is told of anything after this.
  void close();

  /// For calls on the display's objects; only after opened().
  [[nodiscard]] bus& display() noexcept { return *bus_; }

private:
  using answer_step = void (attachment::*)(const qmp_answer&);

  void ask(const char* command, const nlohmann::json& arguments, answer_step then, int fd = -1);
  void greeted(const qmp_greeting& greeting);
  void has_capabilities(const qmp_answer& answer);
  void has_status(const qmp_answer& answer);
  void has_name(const qmp_answer& answer);
  void has_uuid(const qmp_answer& answer);
  void has_mice(const qmp_answer& answer);
  void has_descriptor(const qmp_answer& answer);
  void has_client(const qmp_answer& answer);
  void has_objects(const bus::answer& answer);
  void event(const std::string& name);
  void signalled(sd_bus_message* signal);
  void use_next_sender();
  void fail_with(std::string why);
  [[nodiscard]] std::string advice(int error) const;

  transport::activation& actor_;
  std::string path_;
  attachment_observer& tell_;
  std::shared_ptr<qmp> qmp_;
  std::shared_ptr<bus> bus_;
  unique_fd ours_;
  qemu_facts facts_;
  std::uint32_t senders_ = 0;
  bool asking_status_ = false, ask_again_ = false;
};

} // namespace saffron::devices::qemu_dbus
