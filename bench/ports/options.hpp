// SPDX-License-Identifier: BSD-3-Clause
// The command line of `ports`.
#pragma once

#include "bench/ports/line.hpp"
#include "bench/ports/script.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace saffron::ports {

struct options {
  dress server = dress::spice;
  /// One for SPICE; of a proxy one for each guest.
  std::vector<std::string> connect;
  std::string ticket;
  /// Paths of unix sockets that guests listen on.
  std::vector<std::string> guests;
  port_kind kind = port_kind::port;
  /// Where the bytes go.
  bool to_guest = true;
  /// Of all ports together.
  std::uint64_t bytes = 0;
  /// The last guest gets none of these bytes: small messages go to it and back meanwhile.
  bool small = false;
  /// The process whose CPU time counts; 0 for none.
  int pid = 0;
};

[[nodiscard]] std::string help_text();
/// Ends the run when it cannot be understood.
[[nodiscard]] options parse_options(const std::vector<std::string>& arguments);

} // namespace saffron::ports
