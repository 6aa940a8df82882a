// SPDX-License-Identifier: BSD-3-Clause
// `saffron` with a tablet.
#include "actors/host/commands.hpp"
#include "tablet_client.hpp"

int main(int argc, char** argv) {
  saffron::actors::extensions mine;
  if (!tablet::add_to(mine)) return 1;
  const auto arguments = saffron::host::take_arguments(argc, argv);
  return saffron::host::run(saffron::host::parse(arguments), mine);
}
