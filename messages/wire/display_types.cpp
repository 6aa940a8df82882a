// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/display_types.hpp"

namespace saffron::wire::display {

void write(writer& w, const clip_region& c) {
  w.put(c.type);
  if (c.type == clip_type::rects) write_list<std::uint32_t>(w, c.rects);
}

void read(reader& r, clip_region& c) {
  c.type = r.get<clip_type>();
  if (c.type == clip_type::rects)
    read_list<std::uint32_t>(r, c.rects);
  else if (c.type != clip_type::none)
    r.spoil();
}

} // namespace saffron::wire::display
