// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/listener_service.hpp"

#include "devices/qemu_dbus/printable.hpp"
#include "messages/log.hpp"

#include <array>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::string_view map_interface = "org.qemu.Display1.Listener.Unix.Map";
constexpr std::string_view properties_interface = "org.freedesktop.DBus.Properties";
/// What a QEMU may use beyond the listener's own interface; older ones do not ask.
constexpr std::array<std::string_view, 1> extra_interfaces{map_interface};

/// 64 bits, so that no sum of two numbers of a guest overflows; the surface clips the rest.
rect bounded(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height) {
  const auto cut = [](std::int64_t v) { return static_cast<std::int32_t>(std::clamp<std::int64_t>(v, 0, 1 << 20)); };
  return {cut(x), cut(y), cut(x + width), cut(y + height)};
}

} // namespace

// -- what QEMU sends --------------------------------------------------------------------------------------------------

void listener_service::end(const frame& f, const message_header& call) {
  painter_.end(f);
  answer(call);
}

void listener_service::message(const message_header& header, std::span<const std::byte> body, unique_fd fd) {
  if (header.type != message_type::call) return; // nothing was asked, so nothing is answered
  switch (call(header, body, std::move(fd))) {
  case outcome::done: answer(header); break;
  case outcome::answered: break;
  case outcome::bad_arguments: refused(header); break;
  case outcome::unknown: answer_error(header, "org.freedesktop.DBus.Error.UnknownMethod"); break;
  }
}

void listener_service::refused(const message_header& header) {
  counters_.guest_commands_dropped.add();
  if (!std::exchange(complained_, true)) // a guest must not fill the log
    log::warning("display listener of {} dropped a malformed {}; later ones are only counted", name_,
                 printable(header.member));
  answer_error(header, "org.freedesktop.DBus.Error.InvalidArgs");
}

listener_service::outcome listener_service::call(const message_header& header, std::span<const std::byte> body,
                                                 unique_fd fd) {
  dbus_reader arguments{body};
  const auto is = [&](std::string_view interface, std::string_view member, std::string_view signature) {
    return header.interface == interface && header.member == member && header.signature == signature;
  };
  const auto carried_out = [](bool ok) { return ok ? outcome::done : outcome::bad_arguments; };
  if (is(map_interface, "UpdateMap", "iiii")) return carried_out(update_map(arguments));
  if (is(map_interface, "ScanoutMap", "huuuuu")) return carried_out(scanout_map(arguments, std::move(fd)));
  if (is(listener_interface, "MouseSet", "iii")) {
    const auto x = arguments.i(), y = arguments.i();
    const auto on = arguments.i() != 0;
    if (arguments.ok()) painter_.move_cursor({x, y}, on);
    return carried_out(arguments.ok());
  }
  if (is(listener_interface, "CursorDefine", "iiiiay")) return carried_out(define_cursor(arguments));
  if (is(listener_interface, "Disable", "")) {
    painter_.disable();
    return outcome::done;
  }
  if (header.interface == properties_interface) return properties(header, arguments);
  return outcome::unknown;
}

listener_service::outcome listener_service::properties(const message_header& header, dbus_reader& arguments) {
  if (header.member != "GetAll" || header.signature != "s") return outcome::unknown;
  const auto interface = arguments.s();
  if (!arguments.ok()) return outcome::bad_arguments;
  const auto main = interface == listener_interface;
  dbus_writer body;
  const auto entries = body.begin_array(8);
  if (main) body.structure().s("Interfaces").g("as").as(extra_interfaces);
  body.end_array(entries);
  answer(header, "a{sv}", body.view());
  if (main && out_.ready) out_.ready();
  return outcome::answered;
}

bool listener_service::define_cursor(dbus_reader& arguments) {
  const auto width = arguments.i(), height = arguments.i(), hot_x = arguments.i(), hot_y = arguments.i();
  const auto pixels = arguments.ay();
  return arguments.ok() && painter_.define_cursor(width, height, {hot_x, hot_y}, pixels);
}

bool listener_service::scanout_map(dbus_reader& arguments, unique_fd fd) {
  mapped_frame::layout where;
  arguments.h(); // there is one descriptor, whatever the index
  where.offset = arguments.u();
  where.size.width = arguments.u();
  where.size.height = arguments.u();
  where.stride = arguments.u();
  const auto order = order_of(arguments.u());
  if (!arguments.ok() || !order || !fd) return false;
  where.order = *order;
  return painter_.map(std::move(fd), where);
}

bool listener_service::update_map(dbus_reader& arguments) {
  const auto x = arguments.i(), y = arguments.i(), width = arguments.i(), height = arguments.i();
  if (!arguments.ok()) return false;
  painter_.map_changed(bounded(x, y, width, height));
  return true;
}

// -- answers ----------------------------------------------------------------------------------------------------------

void listener_service::answer(const message_header& call, std::string_view signature, std::span<const std::byte> body) {
  message_header header;
  header.type = message_type::reply;
  header.signature = signature;
  send(header, call, body);
}

void listener_service::answer_error(const message_header& call, std::string_view name) {
  message_header header;
  header.type = message_type::error;
  header.error_name = name;
  send(header, call, {});
}

void listener_service::send(message_header& header, const message_header& call, std::span<const std::byte> body) {
  if (call.type != message_type::call || call.no_reply) return;
  header.no_reply = true;
  header.serial = ++serial_;
  header.reply_serial = call.serial;
  out_.send(make_message(header, body));
}

} // namespace saffron::devices::qemu_dbus
