// SPDX-License-Identifier: BSD-3-Clause
// Which codec and which rate a video takes for one client: what this process can encode, the client can decode, the
// operator allows and the link carries.
#pragma once

#include "actors/picture_choice.hpp"
#include "messages/display.hpp"
#include "messages/wire/link.hpp"
#include "messages/wire/video_codec_name.hpp"

#include <optional>
#include <vector>

namespace saffron::actors {

using wire::display::video_codec;
using codec_list = std::vector<video_codec>;

/// What a display client has announced. One that does not know the capability for several codecs decodes MJPEG.
[[nodiscard]] codec_list decodable(const wire::capability_set& client);

struct codec_wishes {
  /// Encoders that there are.
  codec_list encodable;
  /// The client's decoders; those that failed are taken out.
  codec_list decodable;
  /// The operator's, best first; none: all.
  codec_list allowed;
  /// The client's, best first; none: no matter. What it does not name is taken last.
  codec_list preferred;
};

/// For a video of this size on a link of so many bytes per second (0: unknown). The order is the client's, else the
/// operator's, else: MJPEG first where half of the link carries its frames, which are cheap to make and to show; else
/// codecs that need a tenth of the bytes. None: there is no codec for both.
[[nodiscard]] std::optional<video_codec> choose_codec(const codec_wishes& wishes, extent size, double bytes_per_second);

/// Bits per second that videos are encoded at, twice as many from one to the next: few rates, so that viewers meet.
[[nodiscard]] std::uint64_t video_rate(std::size_t step) noexcept;
inline constexpr std::size_t video_rate_steps = 9;
/// The step beyond which a video of this size does not look better.
[[nodiscard]] std::size_t best_rate(video_codec codec, extent size) noexcept;
/// How many times smaller frames have to be, each way, to look better at this rate than in full.
[[nodiscard]] std::uint32_t reduction_for(video_codec codec, extent size, std::size_t step) noexcept;
/// The step for a link of so many bytes per second, of which half is left for the rest; 0: unknown, the best.
[[nodiscard]] std::size_t first_rate(std::size_t best, double bytes_per_second) noexcept;

} // namespace saffron::actors
