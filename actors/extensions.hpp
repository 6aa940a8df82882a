// SPDX-License-Identifier: BSD-3-Clause
// What a program adds to Saffron before it starts: channels that clients can open, and ports that they serve.
//   saffron::actors::extensions mine;
//   mine.channels.add({…});
//   mine.devices.add({…});
//   return saffron::host::run(saffron::host::parse(saffron::host::take_arguments(argc, argv)), mine);
#pragma once

#include "actors/channel_table.hpp"
#include "actors/device_table.hpp"

namespace saffron::actors {

struct extensions {
  channel_table channels;
  device_table devices;
};

} // namespace saffron::actors
