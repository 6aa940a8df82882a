// SPDX-License-Identifier: BSD-3-Clause
// What may be sent to whom. Real viewers abort on an image that they cannot decode, so nothing is sent that this table
// does not allow. Sources: what spice-gtk 0.42 and spice-html5 0.3.0 do with each encoding of each format, and
// spice-protocol's capabilities.
#pragma once

#include "messages/errc.hpp"
#include "messages/wire/image.hpp"

#include <cstdint>

namespace saffron::image {

using wire::display::bitmap_format;
using wire::display::image_type;

/// What a display client has told of itself.
struct decoder_abilities {
  /// display_capability::lz4_compression.
  bool lz4 = false;
  /// display_capability::a8_surface.
  bool alpha = false;
  /// Pixels of its GLZ window; 0: it has none.
  std::uint32_t glz_window = 0;
  /// A client that draws with a browser: DRAW_COPY of 32-bit pictures, top row first, and no palettes.
  bool browser = false;

  [[nodiscard]] bool glz() const noexcept { return glz_window > 0 && !browser; }
};

/// Whether the client decodes pictures of this format in this encoding; those from its cache, if they are there.
[[nodiscard]] bool decodes(const decoder_abilities& client, image_type type, bitmap_format format) noexcept;

/// What a client keeps of what it was sent.
class kept_by_client {
public:
  virtual ~kept_by_client() = default;
  [[nodiscard]] virtual bool has(std::uint64_t id) const = 0;
};

/// A client's caches; a missing one is empty, and stays so.
struct client_caches {
  const kept_by_client* pictures = nullptr;
  const kept_by_client* palettes = nullptr;
};

/// An image that its receiver decodes. There is no other way to make one than to ask.
class legal_image {
public:
  /// `format` is that of the pixels inside; a bitmap says it itself. What is to come from a cache must be there: a
  /// client waits for it for ever. errc::codec_failed: not for this client.
  [[nodiscard]] static result<legal_image> make(const decoder_abilities& client, bitmap_format format,
                                                wire::display::image what, const client_caches& caches = {});

  [[nodiscard]] const wire::display::image& get() const noexcept { return image_; }

private:
  explicit legal_image(wire::display::image what) : image_(std::move(what)) {}

  wire::display::image image_;
};

} // namespace saffron::image
