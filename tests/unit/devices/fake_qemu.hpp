// SPDX-License-Identifier: BSD-3-Clause
// A QEMU without a guest: a QMP socket in the file system, and behind it a D-Bus display (sd-bus as a server) with
// consoles that remember the calls they get. It moves only in step(), so a test decides who is how fast.
#pragma once

#include "devices/unique_fd.hpp"
#include "tests/unit/devices/qemu_calls.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <systemd/sd-bus.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace saffron::tests {

class fake_qemu {
public:
  using unique_fd = devices::unique_fd;

  struct console {
    fake_qemu* owner = nullptr;
    std::string path;
    const char* type = "Graphic";
    const char* address = "";
    std::uint32_t head = 0, width = 640, height = 480, modifiers = 2;
    int absolute = 0;
    std::vector<std::string> senders;
    /// QEMU's ends of the listeners' sockets.
    std::vector<unique_fd> listeners;
  };

  struct chardev {
    std::string path;
    const char* name = "";
    int opened = 0;
    std::vector<std::string> senders{};
    /// Our end of the socket that was registered last.
    unique_fd socket{};
    int breaks = 0;

    [[nodiscard]] bool connected() const {
      char byte = 0;
      return socket && ::recv(socket.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0;
    }
  };

  explicit fake_qemu(std::string path, std::size_t heads = 1) : path_(std::move(path)) {
    for (std::size_t i = 0; i < heads; ++i) {
      auto& c = consoles.emplace_back();
      c.owner = this;
      c.path = fmt::format("/org/qemu/Display1/Console_{}", i);
    }
    ::unlink(path_.c_str());
    listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path_.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    REQUIRE(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listening_.get(), 1) == 0);
  }
  /// The socket file stays, as after a kill.
  ~fake_qemu() { close_display(); }
  fake_qemu(const fake_qemu&) = delete;
  fake_qemu& operator=(const fake_qemu&) = delete;

  /// Does what there is to do; false when there was nothing.
  bool step() {
    auto moved = false;
    if (!qmp_) moved |= accept();
    if (qmp_) moved |= read_qmp();
    while (bus_ != nullptr && sd_bus_process(bus_, nullptr) > 0) moved = true;
    return moved;
  }

  void send_event(const std::string& event) { write_qmp(fmt::format(R"({{"event": "{}"}})", event)); }
  /// A property of a console is different.
  void changed(std::size_t head, const char* interface, const char* property) {
    REQUIRE(sd_bus_emit_properties_changed(bus_, consoles[head].path.c_str(), interface, property, nullptr) >= 0);
  }
  /// Writes to the latest listener of a head.
  void draw(std::size_t head, std::span<const std::byte> message) {
    REQUIRE(devices::send_all(consoles[head].listeners.back().get(), message));
  }
  /// QEMU does so when another program takes the display.
  void close_display() {
    if (bus_ != nullptr) sd_bus_close(bus_);
    bus_ = sd_bus_unref(bus_);
  }
  void write_qmp(const std::string& line) {
    const auto whole = line + "\r\n";
    static_cast<void>(devices::send_all(qmp_.get(), std::as_bytes(std::span{whole})));
  }

  /// Before it is attached.
  chardev& add_chardev(const char* id, const char* called) {
    return chardevs.emplace_back(chardev{fmt::format("/org/qemu/Display1/Chardev_{}", id), called});
  }
  /// The guest opens or closes its side.
  void guest(chardev& c, bool opened) {
    c.opened = opened ? 1 : 0;
    REQUIRE(sd_bus_emit_properties_changed(bus_, c.path.c_str(), "org.qemu.Display1.Chardev", "FEOpened", nullptr) >=
            0);
  }

  // What it is like.
  std::string greeting = R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": []}})";
  bool has_display = true, resizable = true, answers = true, calls_listeners = true;
  std::string status = "running", name = "web01", mice = "[]";

  // What it has seen.
  std::vector<std::string> commands, calls;
  std::deque<console> consoles;
  std::deque<chardev> chardevs;
  /// Calls that wait for an answer while `answers` is false.
  std::deque<sd_bus_message*> held;

  void answer_one() {
    REQUIRE(!held.empty());
    sd_bus_reply_method_return(held.front(), "");
    sd_bus_message_unref(held.front());
    held.pop_front();
  }

private:
  bool accept() {
    qmp_.reset(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (qmp_ && !greeting.empty()) write_qmp(greeting);
    return static_cast<bool>(qmp_);
  }

  bool read_qmp() {
    char buffer[4096];
    iovec place{buffer, sizeof buffer};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const auto n = ::recvmsg(qmp_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0) return false;
    if (n == 0) {
      qmp_.reset();
      received_.clear();
      return true;
    }
    if (const auto* c = CMSG_FIRSTHDR(&message); c != nullptr) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c), sizeof fd);
      passed_.reset(fd);
    }
    received_.append(buffer, static_cast<std::size_t>(n));
    for (auto end = received_.find('\n'); end != received_.npos; end = received_.find('\n')) {
      obey(nlohmann::json::parse(received_.substr(0, end)));
      received_.erase(0, end + 1);
    }
    return true;
  }

  void obey(const nlohmann::json& command) {
    const auto what = command["execute"].get<std::string>();
    const auto id = command["id"].get<int>();
    commands.push_back(what);
    std::string value = "{}", error;
    if (what == "query-status") value = fmt::format(R"({{"status": "{}", "running": true}})", status);
    if (what == "query-name") value = fmt::format(R"({{"name": "{}"}})", name);
    if (what == "query-uuid") value = R"({"UUID": "12345678-1234-1234-1234-123456789abc"})";
    if (what == "query-mice") value = mice;
    if (what == "getfd" && !passed_) error = "No file descriptor supplied via SCM_RIGHTS";
    if (what == "add_client" && !has_display) error = "D-Bus display is not in use";
    if (what == "add_client" && has_display) start_display();
    if (error.empty())
      write_qmp(fmt::format(R"({{"return": {}, "id": {}}})", value, id));
    else
      write_qmp(fmt::format(R"({{"id": {}, "error": {{"class": "GenericError", "desc": "{}"}}}})", id, error));
  }

  void start_display() {
    close_display(); // one connection at a time
    REQUIRE(sd_bus_new(&bus_) >= 0);
    const auto fd = passed_.release();
    REQUIRE(sd_bus_set_fd(bus_, fd, fd) >= 0);
    REQUIRE(sd_bus_set_server(bus_, 1, sd_id128_t{}) >= 0);
    REQUIRE(sd_bus_negotiate_fds(bus_, 1) >= 0);
    REQUIRE(sd_bus_set_trusted(bus_, 1) >= 0);
    REQUIRE(sd_bus_add_object_manager(bus_, nullptr, "/org/qemu/Display1") >= 0);
    for (auto& c : consoles) {
      const auto add = [&](const char* interface, const sd_bus_vtable* table) {
        REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, c.path.c_str(), interface, table, &c) >= 0);
      };
      add("org.qemu.Display1.Console", console_table());
      add("org.qemu.Display1.Keyboard", keyboard_table());
      add("org.qemu.Display1.Mouse", mouse_table());
    }
    for (auto& c : chardevs)
      REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, c.path.c_str(), "org.qemu.Display1.Chardev", chardev_table(),
                                       &c) >= 0);
    REQUIRE(sd_bus_start(bus_) >= 0);
  }

  static int called(sd_bus_message* m, void* self, sd_bus_error* error) {
    auto& c = *static_cast<console*>(self);
    auto& q = *c.owner;
    const std::string member = sd_bus_message_get_member(m);
    if (member == "RegisterListener") return registered(m, c);
    auto text = fmt::format("{}:{}", c.path.back(), member);
    for (const char* type = sd_bus_message_get_signature(m, 1); *type != '\0'; ++type) {
      std::int64_t value = 0; // little endian: the low bytes are the number
      sd_bus_message_read_basic(m, *type, &value);
      text += *type == 'i' ? fmt::format(" {}", static_cast<std::int32_t>(value)) : fmt::format(" {}", value);
    }
    q.calls.push_back(text);
    if (member == "SetUIInfo" && !q.resizable)
      return sd_bus_error_set(error, "org.qemu.Display1.Error.Unsupported", "SetUIInfo is not supported");
    if (member == "SetAbsPosition" && c.absolute == 0)
      return sd_bus_error_set(error, "org.qemu.Display1.Error.Invalid", "Mouse is not absolute");
    if (!q.answers) {
      q.held.push_back(sd_bus_message_ref(m));
      return 1;
    }
    return sd_bus_reply_method_return(m, "");
  }

  static int registered(sd_bus_message* m, console& c) {
    const auto* sender = sd_bus_message_get_sender(m);
    c.senders.emplace_back(sender != nullptr ? sender : "");
    int fd = -1;
    sd_bus_message_read_basic(m, 'h', &fd);
    c.listeners.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    const auto socket = c.listeners.back().get();
    auto first = greeting_of_qemu();
    if (c.owner->calls_listeners) append(first, get_all());
    static_cast<void>(devices::send_all(socket, first));
    return sd_bus_reply_method_return(m, "");
  }

  static int chardev_called(sd_bus_message* m, void* self, sd_bus_error* error) {
    auto& c = *static_cast<chardev*>(self);
    if (std::string_view{sd_bus_message_get_member(m)} == "SendBreak") {
      ++c.breaks;
      return sd_bus_reply_method_return(m, "");
    }
    const auto* sender = sd_bus_message_get_sender(m);
    c.senders.emplace_back(sender != nullptr ? sender : "");
    if (c.connected()) return sd_bus_error_set(error, "org.qemu.Display1.Error.Failed", "Couldn't register FD!");
    int fd = -1;
    sd_bus_message_read_basic(m, 'h', &fd);
    c.socket.reset(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    return sd_bus_reply_method_return(m, "");
  }
  static const sd_bus_vtable* chardev_table() {
    static const sd_bus_vtable table[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Register", "h", "", chardev_called, 0),
        SD_BUS_METHOD("SendBreak", "", "", chardev_called, 0),
        SD_BUS_PROPERTY("Name", "s", nullptr, offsetof(chardev, name), SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("FEOpened", "b", nullptr, offsetof(chardev, opened), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END};
    return table;
  }

  static const sd_bus_vtable* console_table() {
    static const sd_bus_vtable table[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("RegisterListener", "h", "", called, 0),
        SD_BUS_METHOD("SetUIInfo", "qqiiuu", "", called, 0),
        SD_BUS_PROPERTY("Type", "s", nullptr, offsetof(console, type), SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Head", "u", nullptr, offsetof(console, head), SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("DeviceAddress", "s", nullptr, offsetof(console, address), SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Width", "u", nullptr, offsetof(console, width), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Height", "u", nullptr, offsetof(console, height), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END};
    return table;
  }
  static const sd_bus_vtable* keyboard_table() {
    static const sd_bus_vtable table[] = {
        SD_BUS_VTABLE_START(0), SD_BUS_METHOD("Press", "u", "", called, 0),
        SD_BUS_METHOD("Release", "u", "", called, 0),
        SD_BUS_PROPERTY("Modifiers", "u", nullptr, offsetof(console, modifiers), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END};
    return table;
  }
  static const sd_bus_vtable* mouse_table() {
    static const sd_bus_vtable table[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Press", "u", "", called, 0),
        SD_BUS_METHOD("Release", "u", "", called, 0),
        SD_BUS_METHOD("SetAbsPosition", "uu", "", called, 0),
        SD_BUS_METHOD("RelMotion", "ii", "", called, 0),
        SD_BUS_PROPERTY("IsAbsolute", "b", nullptr, offsetof(console, absolute), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END};
    return table;
  }

  std::string path_;
  unique_fd listening_, qmp_, passed_;
  std::string received_;
  sd_bus* bus_ = nullptr;
};

} // namespace saffron::tests
