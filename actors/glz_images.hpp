// SPDX-License-Identifier: BSD-3-Clause
// A picture as a GLZ image: what clients share of it is made once for each history and kept with the picture.
#pragma once

#include "messages/counters.hpp"
#include "messages/image/glz_window.hpp"
#include "messages/image/picture.hpp"

namespace saffron::actors {

/// Histories for which a picture keeps what was made of it.
inline constexpr std::size_t glz_histories = 4;

/// The picture as the window's next image.
[[nodiscard]] image::glz_picture for_window(const picture& shown, std::uint8_t channel);

/// The image of this job, which is one of the picture's, for its own client. In zlib when that is wanted and smaller;
/// always a GLZ image, as its id is taken. Only ever called for the same picture from one thread at a time.
[[nodiscard]] encoded_form encode_glz(const picture& shown, const image::glz_job& job, bool in_zlib, counters& counted);

} // namespace saffron::actors
