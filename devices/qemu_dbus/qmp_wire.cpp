// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/qmp_wire.hpp"

namespace saffron::devices::qemu_dbus {

namespace {

using nlohmann::json;

constexpr int depth_limit = 32;

const json& member(const json& object, const char* name) {
  static const json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found != object.end() ? *found : none;
}

std::int64_t number_member(const json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

} // namespace

std::string text_member(const json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

result<qmp_line> parse_qmp(std::string_view line) {
  // What is nested deeper is left out: no answer of QEMU is, and memory for it would be out of all proportion.
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth < depth_limit; };
  const auto object = json::parse(line, shallow, false);
  if (!object.is_object()) return fail{errc::bad_message};
  if (const auto& greeting = member(object, "QMP"); greeting.is_object()) {
    const auto& version = member(member(greeting, "version"), "qemu");
    return qmp_greeting{number_member(version, "major"), number_member(version, "minor"),
                        number_member(version, "micro")};
  }
  if (auto name = text_member(object, "event"); !name.empty()) return qmp_event{std::move(name)};
  const auto id = static_cast<std::uint64_t>(number_member(object, "id"));
  if (const auto& error = member(object, "error"); error.is_object()) {
    auto text = text_member(error, "desc");
    return qmp_answer{id, {}, text.empty() ? "unknown error" : std::move(text)};
  }
  if (object.contains("return")) return qmp_answer{id, member(object, "return"), {}};
  return qmp_unknown{};
}

std::string make_qmp_command(std::string_view name, std::uint64_t id, const json& arguments) {
  json command{{"execute", name}, {"id", id}};
  if (arguments.is_object()) command["arguments"] = arguments;
  return command.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

} // namespace saffron::devices::qemu_dbus
