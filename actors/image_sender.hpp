// SPDX-License-Identifier: BSD-3-Clause
// How a display channel's images leave: as an id where the client keeps the picture, whole where it does not, and never
// as something that it cannot decode. Notes what was sent with loss.
#pragma once

#include "actors/kept_pictures.hpp"
#include "actors/loss_book.hpp"
#include "actors/outlet.hpp"
#include "actors/palette_cache.hpp"
#include "actors/strip_images.hpp"
#include "messages/counters.hpp"
#include "messages/image/legal.hpp"

#include <optional>

namespace saffron::actors {

class image_sender {
public:
  /// All of them outlive it.
  image_sender(outlet& out, loss_book& losses, kept_pictures& kept, counters& counted)
      : out_(out), losses_(losses), kept_(kept), counted_(counted) {}

  /// `mark` is that of the update. False: this client decodes nothing like it, and nothing was sent.
  [[nodiscard]] bool send(const strip_image& image, const image::decoder_abilities& decoder, std::uint32_t mark);

  /// Bytes sent for a byte of pixels, lately.
  [[nodiscard]] double ratio() const noexcept { return ratio_; }
  /// The form of the last image; none before the first.
  [[nodiscard]] std::optional<image_form> last_form() const noexcept { return last_form_; }

private:
  [[nodiscard]] bool ask_caches(wire::display::image& what, const strip_image& image, std::uint32_t mark);
  void note(const strip_image& image);

  outlet& out_;
  loss_book& losses_;
  kept_pictures& kept_;
  counters& counted_;
  palette_cache palettes_;
  double ratio_ = 1;
  std::optional<image_form> last_form_;
};

} // namespace saffron::actors
