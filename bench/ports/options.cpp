// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ports/options.hpp"

#include "bench/ports/end_run.hpp"

#include <fmt/format.h>

#include <charconv>

namespace saffron::ports {

namespace {

template <class T>
T number_of(const std::string& text) {
  T value{};
  const auto* end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, value); error != std::errc{} || stop != end)
    end_run(fmt::format("{} is no number", text));
  return value;
}

bool one_of(const std::string& text, std::string_view yes, std::string_view no) {
  if (text != yes && text != no) end_run(fmt::format("{}: expected {} or {}", text, yes, no));
  return text == yes;
}

} // namespace

std::string help_text() {
  return R"(ports: both ends of a VM's ports, to measure what lies between them
  --server spice|proxy     what lies between: a SPICE server, or a proxy that passes bytes on (spice)
  --connect ADDRESS        of the server; of a proxy once for each guest, in their order
  --ticket TEXT            for the SPICE server
  --guest PATH             a unix socket to listen on as a guest; once for each port
  --kind port|usbredir     ports org.saffron.bench.*, or USB channels with valid packets (port)
  --to guest|client        where the bytes go (guest)
  --megabytes N            how many, all ports together (256)
  --small                  the last guest has small messages there and back instead, while the others get the bytes
  --pid N                  the server's process, for its CPU time
Prints one JSON object. Exit codes: 0, or 2 when anything went wrong.
)";
}

options parse_options(const std::vector<std::string>& arguments) {
  constexpr std::uint64_t megabyte = 1'000'000;
  options o;
  std::uint64_t megabytes = 256;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& name = arguments[i];
    if (name == "--small") {
      o.small = true;
      continue;
    }
    if (++i == arguments.size()) end_run(fmt::format("{}: what about it? See --help", name));
    const auto& value = arguments[i];
    if (name == "--server")
      o.server = one_of(value, "spice", "proxy") ? dress::spice : dress::bare;
    else if (name == "--connect")
      o.connect.push_back(value);
    else if (name == "--ticket")
      o.ticket = value;
    else if (name == "--guest")
      o.guests.push_back(value);
    else if (name == "--kind")
      o.kind = one_of(value, "port", "usbredir") ? port_kind::port : port_kind::usbredir;
    else if (name == "--to")
      o.to_guest = one_of(value, "guest", "client");
    else if (name == "--megabytes")
      megabytes = number_of<std::uint64_t>(value);
    else if (name == "--pid")
      o.pid = number_of<int>(value);
    else
      end_run(fmt::format("{}: no such option, see --help", name));
  }
  o.bytes = megabytes * megabyte;
  if (o.guests.size() < (o.small ? 2U : 1U)) end_run("too few guests, see --help");
  if (o.connect.size() != (o.server == dress::spice ? 1 : o.guests.size())) end_run("--connect: see --help");
  return o;
}

} // namespace saffron::ports
