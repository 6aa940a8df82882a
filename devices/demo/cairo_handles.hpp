// SPDX-License-Identifier: BSD-3-Clause
// Cairo's objects with owners.
#pragma once

#include "messages/geometry.hpp"

#include <cairo.h>

#include <memory>

namespace saffron::devices::demo {

namespace detail {
template <auto Destroy>
struct destroy {
  template <class T>
  void operator()(T* t) const noexcept {
    Destroy(t);
  }
};
} // namespace detail

using surface_handle = std::unique_ptr<cairo_surface_t, detail::destroy<&cairo_surface_destroy>>;
using context_handle = std::unique_ptr<cairo_t, detail::destroy<&cairo_destroy>>;
using pattern_handle = std::unique_ptr<cairo_pattern_t, detail::destroy<&cairo_pattern_destroy>>;
using region_handle = std::unique_ptr<cairo_region_t, detail::destroy<&cairo_region_destroy>>;

inline cairo_rectangle_int_t to_cairo(const rect& r) noexcept { return {r.left, r.top, r.width(), r.height()}; }

} // namespace saffron::devices::demo
