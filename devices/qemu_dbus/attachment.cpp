// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/attachment.hpp"

#include "devices/qemu_dbus/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace saffron::devices::qemu_dbus {

namespace {

/// The name under which QMP keeps our descriptor until add_client takes it.
constexpr auto descriptor_name = "saffron";
constexpr std::string_view unknown_uuid = "00000000-0000-0000-0000-000000000000";

/// Events after which QEMU may have another status.
bool changes_status(std::string_view event) {
  constexpr std::array<std::string_view, 7> all{"STOP",    "RESUME", "SHUTDOWN",      "RESET",
                                                "SUSPEND", "WAKEUP", "GUEST_PANICKED"};
  return std::ranges::find(all, event) != all.end();
}

} // namespace

// -- QMP --------------------------------------------------------------------------------------------------------------

void attachment::start() {
  qmp_ = std::make_shared<qmp>(actor_);
  const auto weak = weak_from_this();
  qmp::observer tell;
  tell.greeted = [weak](const qmp_greeting& g) {
    if (const auto self = weak.lock()) self->greeted(g);
  };
  tell.event = [weak](const std::string& name) {
    if (const auto self = weak.lock()) self->event(name);
  };
  tell.closed = [weak](errc reason) {
    const auto self = weak.lock();
    if (!self) return;
    self->fail_with(reason == errc::bad_message ? "it is not a QMP socket" : "QEMU has closed the connection");
  };
  if (const auto error = qmp_->connect(path_, std::move(tell)); error != 0)
    fail_with(advice(error));
  else
    tell_.next_step("no greeting comes; another program is connected to this socket, or it is no QMP socket");
}

std::string attachment::advice(int error) const {
  switch (error) {
  case ENOENT: return fmt::format("no such file; start QEMU with -qmp unix:{},server=on,wait=off", path_);
  case ECONNREFUSED: return fmt::format("nobody listens; start QEMU with -qmp unix:{},server=on,wait=off", path_);
  case EACCES:
  case EPERM: return "permission denied; only the socket's owner may connect, or who has write permission";
  case EAGAIN: return "other programs wait for this socket; give Saffron a -qmp socket of its own";
  case EPROTOTYPE:
  case ENOTSOCK: return "it is not a stream socket";
  default: return std::strerror(error);
  }
}

void attachment::ask(const char* command, const nlohmann::json& arguments, answer_step then, int fd) {
  tell_.next_step(fmt::format("QEMU does not answer {}", command));
  qmp_->execute(
      command, arguments,
      [weak = weak_from_this(), then](const qmp_answer& answer) {
        if (const auto self = weak.lock()) ((*self).*then)(answer);
      },
      fd);
}

void attachment::greeted(const qmp_greeting& greeting) {
  facts_.version = fmt::format("{}.{}.{}", greeting.major, greeting.minor, greeting.micro);
  ask("qmp_capabilities", {}, &attachment::has_capabilities);
}

void attachment::has_capabilities(const qmp_answer& answer) {
  if (!answer.ok())
    fail_with(fmt::format("QEMU refuses QMP: {}", printable(answer.error)));
  else
    ask("query-status", {}, &attachment::has_status);
}

void attachment::has_status(const qmp_answer& answer) {
  facts_.status = printable(text_member(answer.value, "status"));
  ask("query-name", {}, &attachment::has_name);
}

void attachment::has_name(const qmp_answer& answer) {
  facts_.name = printable(text_member(answer.value, "name"));
  ask("query-uuid", {}, &attachment::has_uuid);
}

void attachment::has_uuid(const qmp_answer& answer) {
  facts_.uuid = printable(text_member(answer.value, "UUID"));
  if (facts_.uuid == unknown_uuid) facts_.uuid.clear();
  ask("query-mice", {}, &attachment::has_mice);
}

void attachment::has_mice(const qmp_answer& answer) {
  if (answer.value.is_array())
    for (const auto& mouse : answer.value)
      facts_.absolute_pointer |= mouse.is_object() && mouse.value("current", nlohmann::json{}) == true &&
                                 mouse.value("absolute", nlohmann::json{}) == true;
  open_display();
}

void attachment::event(const std::string& name) {
  if (!changes_status(name)) return;
  if (std::exchange(asking_status_, true)) {
    ask_again_ = true;
    return;
  }
  qmp_->execute("query-status", {}, [weak = weak_from_this()](const qmp_answer& answer) {
    const auto self = weak.lock();
    if (!self) return;
    self->asking_status_ = false;
    self->facts_.status = printable(text_member(answer.value, "status"));
    if (std::exchange(self->ask_again_, false)) self->event("STOP");
    self->tell_.status_changed(self->facts_.status);
  });
}

// -- display ----------------------------------------------------------------------------------------------------------

void attachment::open_display() {
  auto pair = make_socket_pair();
  if (!pair) {
    fail_with("no more file descriptors; raise the limit of open files");
    return;
  }
  ours_ = std::move(pair->ours);
  ask("getfd", {{"fdname", descriptor_name}}, &attachment::has_descriptor, pair->theirs.get());
}

void attachment::has_descriptor(const qmp_answer& answer) {
  if (!answer.ok())
    fail_with(fmt::format("QEMU refuses a descriptor: {}", printable(answer.error)));
  else
    ask("add_client", {{"protocol", "@dbus-display"}, {"fdname", descriptor_name}}, &attachment::has_client);
}

void attachment::has_client(const qmp_answer& answer) {
  if (!answer.ok()) {
    fail_with(fmt::format("QEMU has no D-Bus display; start it with -display dbus,p2p=yes (it says: {})",
                          printable(answer.error)));
    return;
  }
  bus_ = std::make_shared<bus>(actor_);
  const auto weak = weak_from_this();
  bus::observer tell;
  tell.signal = [weak](sd_bus_message* m) {
    if (const auto self = weak.lock()) self->signalled(m);
  };
  tell.closed = [weak] {
    if (const auto self = weak.lock()) self->tell_.display_closed();
  };
  if (!bus_->start(std::move(ours_), std::move(tell))) {
    fail_with("a D-Bus connection cannot be made");
    return;
  }
  tell_.next_step("QEMU does not tell its consoles");
  bus_->call(
      display_path, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
      [weak](const bus::answer& a) {
        if (const auto self = weak.lock()) self->has_objects(a);
      },
      "");
}

void attachment::has_objects(const bus::answer& answer) {
  auto objects = answer.ok() ? read_objects(answer.message) : result<display_objects>{};
  if (!answer.ok() || !objects) {
    fail_with(fmt::format("QEMU does not tell its consoles: {}",
                          answer.ok() ? "malformed answer" : printable(answer.error_text)));
    return;
  }
  std::erase_if(objects->consoles,
                [](const console_object& c) { return c.properties.type.value_or("Graphic") != "Graphic"; });
  facts_.consoles = std::move(objects->consoles);
  facts_.chardevs = std::move(objects->chardevs);
  tell_.opened(facts_);
}

void attachment::signalled(sd_bus_message* signal) {
  if (const auto console = read_change(signal))
    tell_.properties_changed(*console);
  else if (const auto chardev = read_chardev_change(signal))
    tell_.chardev_changed(*chardev);
}

/// Each Register* call comes from another name: QEMU 7.2 keeps one listener for each and drops the older one.
void attachment::use_next_sender() { bus_->set_sender(fmt::format(":1.{}", ++senders_)); }

void attachment::register_listener(const console_object& console, unique_fd socket) {
  tell_.next_step(fmt::format("QEMU does not call the listener of {}", console.path));
  use_next_sender();
  bus_->call(
      console.path, console_interface, "RegisterListener",
      [weak = weak_from_this(), path = console.path](const bus::answer& a) {
        if (const auto self = weak.lock(); self && !a.ok())
          self->fail_with(fmt::format("QEMU takes no listener for {}: {}", path, printable(a.error_text)));
      },
      "h", socket.get());
}

void attachment::register_chardev(const std::string& path, unique_fd socket,
                                  const std::function<void(bool taken)>& then) {
  if (!bus_) {
    then(false);
    return;
  }
  use_next_sender();
  const auto sent = bus_->call(
      path, chardev_interface, "Register", [then](const bus::answer& a) { then(a.ok()); }, "h", socket.get());
  if (!sent) then(false);
}

void attachment::send_break(const std::string& path) {
  if (bus_) bus_->call(path, chardev_interface, "SendBreak", {}, "");
}

// -- ends -------------------------------------------------------------------------------------------------------------

void attachment::close() {
  if (bus_) bus_->close();
  if (qmp_) qmp_->close();
}

void attachment::fail_with(std::string why) {
  const auto self = weak_from_this().lock(); // the observer lets go of us
  close();
  tell_.failed(std::move(why));
}

} // namespace saffron::devices::qemu_dbus
