// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace saffron::codecs {

namespace {

template <class T>
bool number(std::string_view text, T least, T most, T& to) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= least && value <= most)) return false;
  to = value;
  return true;
}

bool names(std::string_view text, std::vector<std::string>& to) {
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end == at) return false;
    to.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return true;
}

bool set(options& o, std::string_view name, std::string_view value) {
  constexpr unsigned most_passes = 1000, least_side = 64, most_side = 8192;
  constexpr double most_seconds = 60;
  if (name == "--only") return names(value, o.only);
  if (name == "--passes") return number(value, 1U, most_passes, o.passes);
  if (name == "--seconds") return number(value, 0.0, most_seconds, o.seconds);
  const auto by = value.find('x');
  return name == "--size" && by != std::string_view::npos &&
         number(value.substr(0, by), least_side, most_side, o.width) &&
         number(value.substr(by + 1), least_side, most_side, o.height);
}

} // namespace

std::string help_text() {
  return R"(codecs: how fast the picture encoders are, beside the reference's figures scaled to this machine
  --json             print one JSON object
  --only NAME,...    these codecs only, by the names in the table
  --passes N         how often everything is measured, in turn; the best counts (5)
  --seconds S        for each figure in each pass (0.2)
  --size WxH         of the pictures (1920x1080, which the reference's figures are for)
Exit codes: 0, or 2 when anything went wrong.
)";
}

parsed_options parse_options(const std::vector<std::string>& arguments) {
  parsed_options out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& name = arguments[i];
    if (name == "--help" || name == "-h") return out.help = true, out;
    if (name == "--json") {
      out.value.json = true;
      continue;
    }
    if (name != "--only" && name != "--passes" && name != "--seconds" && name != "--size")
      return out.error = fmt::format("unknown option {}", name), out;
    if (++i == arguments.size()) return out.error = fmt::format("{} needs a value", name), out;
    if (!set(out.value, name, arguments[i]))
      return out.error = fmt::format("bad value of {}: {}", name, arguments[i]), out;
  }
  return out;
}

} // namespace saffron::codecs
