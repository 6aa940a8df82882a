// SPDX-License-Identifier: BSD-3-Clause
// A configuration file with a --vm on its last line: whatever it says is taken or explained, and what is taken keeps
// the rules or is explained by them.
#include "actors/host/rules.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace saffron::host;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto last = text.rfind('\n');
  options o;
  findings found;
  apply_toml(text.substr(0, last), "fuzz.toml", o, found);
  if (last != text.npos) apply_command_line({{"vm", {std::string{text.substr(last + 1)}}}}, o, found);
  static_cast<void>(check(o, [](const auto&) { return file_facts{}; }));
  return 0;
}
