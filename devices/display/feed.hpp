// SPDX-License-Identifier: BSD-3-Clause
// A feed writes pixels into a console from the console's own loop: a socket whose bytes go straight into the canvas,
// without a message or a copy in between.
#pragma once

#include "devices/display/canvas.hpp"
#include "transport/loop.hpp"

namespace saffron {

class console_feed {
public:
  virtual ~console_feed() = default;
  /// Called once, by the console that owns the feed from now on. Both references outlive the feed's last completion, if
  /// every completion is wrapped with transport::completion(actor, …).
  virtual void start(devices::canvas& canvas, transport::activation& actor) = 0;
  /// The console is about to take the pixels of this area: a feed whose pixels are still elsewhere (a mapped frame
  /// buffer) brings them into the canvas now, without touched(), which was said when they changed, and without
  /// set_size().
  virtual void before_read(rect) {}
  /// No completion may touch the canvas after this. The console lets go of the feed then: completions that are still
  /// pending keep it themselves.
  virtual void stop() = 0;
};

} // namespace saffron
