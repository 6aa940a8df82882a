// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/qmp_wire.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace saffron::devices::qemu_dbus {
namespace {

// What a QEMU 7.2 says when it is asked for its name; an event comes in between.
constexpr std::string_view session =
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2+dfsg-7"}, "capabilities": ["oob"]}})"
    "\r\n"
    R"({"return": {}, "id": 1})"
    "\r\n"
    R"({"timestamp": {"seconds": 1700000000, "microseconds": 5}, "event": "STOP"})"
    "\r\n"
    R"({"return": {"name": "web01"}, "id": 2})"
    "\r\n"
    R"({"id": 3, "error": {"class": "GenericError", "desc": "File descriptor named 'x' not found"}})"
    "\r\n";

std::vector<qmp_line> lines_of(std::string_view text, std::mt19937& random) {
  std::vector<qmp_line> all;
  line_cutter cutter{defaults::qmp_line_limit};
  while (!text.empty()) {
    const auto piece = text.substr(0, std::uniform_int_distribution<std::size_t>{1, 40}(random));
    text.remove_prefix(piece.size());
    const auto fed = cutter.feed(piece, [&](std::string_view line) {
      auto parsed = parse_qmp(line);
      REQUIRE(parsed);
      all.push_back(std::move(*parsed));
      return true;
    });
    REQUIRE(fed);
  }
  return all;
}

} // namespace

TEST_CASE("a QMP session is understood wherever its bytes are split") {
  std::mt19937 random{1};
  for (int round = 0; round < 50; ++round) {
    const auto lines = lines_of(session, random);
    REQUIRE(lines.size() == 5);
    const auto& greeting = std::get<qmp_greeting>(lines[0]);
    CHECK(greeting.major == 7);
    CHECK(greeting.minor == 2);
    CHECK(greeting.micro == 22);
    CHECK(std::get<qmp_answer>(lines[1]).ok());
    CHECK(std::get<qmp_event>(lines[2]).name == "STOP");
    const auto& name = std::get<qmp_answer>(lines[3]);
    CHECK(name.id == 2);
    CHECK(text_member(name.value, "name") == "web01");
    CHECK(text_member(name.value, "uuid").empty());
    const auto& error = std::get<qmp_answer>(lines[4]);
    CHECK(error.id == 3);
    CHECK_FALSE(error.ok());
    CHECK(error.error == "File descriptor named 'x' not found");
  }
}

TEST_CASE("a line that is no JSON object is refused") {
  for (const auto* line : {"220 mail.example.org ESMTP", "", "[]", "{\"QMP\"", "\"QMP\"", "{\"a\":\"\xff\"}"})
    CHECK_FALSE(parse_qmp(line));
}

TEST_CASE("members of unexpected types are as good as none") {
  CHECK(std::holds_alternative<qmp_unknown>(*parse_qmp("{}")));
  CHECK(std::holds_alternative<qmp_unknown>(*parse_qmp(R"({"event": 5, "QMP": [], "error": "no"})")));
  CHECK(std::get<qmp_answer>(*parse_qmp(R"({"error": {"desc": {}}, "id": "x"})")).error == "unknown error");
  CHECK(std::get<qmp_greeting>(*parse_qmp(R"({"QMP": {"version": [1]}})")).major == 0);
  CHECK(text_member(nlohmann::json{1, 2}, "name").empty());
}

TEST_CASE("deep nesting costs no memory in proportion") {
  const std::string deep = R"({"return": )" + std::string(400000, '[') + std::string(400000, ']') + "}";
  CHECK(parse_qmp(deep));
}

TEST_CASE("a line without end is refused before it fills the memory") {
  line_cutter cutter{1000};
  const std::string piece(400, 'x');
  const auto none = [](std::string_view) { return true; };
  CHECK(cutter.feed(piece, none));
  CHECK(cutter.feed(piece, none));
  CHECK(cutter.feed(piece, none).error() == errc::message_too_large);
}

TEST_CASE("a command is one line with its id") {
  const auto line = make_qmp_command("getfd", 7, {{"fdname", "saffron"}});
  CHECK(line.back() == '\n');
  CHECK(line.find('\n') == line.size() - 1);
  const auto back = nlohmann::json::parse(line, nullptr, false);
  CHECK(back["execute"] == "getfd");
  CHECK(back["id"] == 7);
  CHECK(back["arguments"]["fdname"] == "saffron");
  CHECK_FALSE(nlohmann::json::parse(make_qmp_command("query-name", 8, {})).contains("arguments"));
}

} // namespace saffron::devices::qemu_dbus
