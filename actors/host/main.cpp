// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/commands.hpp"

int main(int argc, char** argv) {
  const auto arguments = saffron::host::take_arguments(argc, argv);
  return saffron::host::run(saffron::host::parse(arguments));
}
