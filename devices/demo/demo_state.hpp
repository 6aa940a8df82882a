// SPDX-License-Identifier: BSD-3-Clause
// The logic of the demo: screens, what they owe their consoles, one keyboard and one pointer.
#pragma once

#include "devices/demo/cursors.hpp"
#include "devices/demo/demo.hpp"
#include "devices/demo/desktop.hpp"
#include "devices/demo/us_keys.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace saffron::devices::demo {

/// Where the words of demo_state go.
class demo_outlet {
public:
  virtual ~demo_outlet() = default;
  /// Answer with demo_state::drawn, or lost, or detach. Until then this head draws nothing more.
  virtual void draw(std::size_t head, draw_batch batch) = 0;
  virtual void show_cursor(std::size_t head, const cursor_state& state) = 0;
  virtual void report_locks(lock_state locks) = 0;
};

class demo_state {
public:
  demo_state(const demo_settings& settings, time_of_day now, demo_outlet& outlet, counters& count);

  /// This many heads have a console now, which knows nothing yet.
  void attach(std::size_t consoles);
  /// This head's console is gone.
  void detach(std::size_t head);
  /// The credit is back: what changed in the meantime goes out as one batch.
  void drawn(std::size_t head);
  /// Whether the batch was applied is unknown: the whole picture goes out.
  void lost(std::size_t head);

  void key(const key_input& event);
  void pointer(const pointer_event& event);
  void resize(const resize_head& wish);
  void advance(std::chrono::microseconds passed, time_of_day now);

  [[nodiscard]] std::size_t heads() const noexcept { return heads_.size(); }

private:
  struct head {
    desktop screen;
    bool attached = false;
    /// A batch is on its way.
    bool drawing = false;
    /// The cursor as its console knows it.
    std::optional<cursor_state> cursor{};
  };

  [[nodiscard]] desktop& focus() { return heads_[pointer_head_].screen; }
  void flush_all();
  void flush(std::size_t number);
  void show_cursor(std::size_t number);

  demo_outlet& outlet_;
  counters& count_;
  cursor_set cursors_ = make_cursors();
  std::vector<head> heads_;
  us_keys keys_;
  /// Where the pointer is.
  std::size_t pointer_head_ = 0;
};

} // namespace saffron::devices::demo
