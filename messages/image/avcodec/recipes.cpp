// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/avcodec/recipes.hpp"

#include <algorithm>
#include <array>

namespace saffron::avcodec {

namespace {

constexpr std::uint32_t vp8 = 2, h264 = 3, vp9 = 4, h265 = 5;

// libvpx: a negative cpu-used is a fixed speed for VP8; a positive one would follow the clock, and so the load of
// the machine.
constexpr auto vp8_options = "deadline=realtime,cpu-used=-12,lag-in-frames=0,auto-alt-ref=0,error-resilient=default";
constexpr auto vp9_options = "deadline=realtime,cpu-used=8,lag-in-frames=0,auto-alt-ref=0,error-resilient=default,"
                             "row-mt=1,aq-mode=cyclic";
constexpr auto x264_options = "preset=superfast,tune=zerolatency,forced-idr=1,aud=1,sc_threshold=0";
// More than one frame thread would keep frames back; a pool of its own choice would take all cores; its own log would
// go to stderr.
constexpr auto x265_options =
    "preset=ultrafast,tune=zerolatency,forced-idr=1,"
    "x265-params=log-level=none:frame-threads=1:pools=$threads:scenecut=0:open-gop=0:aud=1:repeat-headers=1:info=0";

constexpr int finest = 15, finest_vpx = 10; // of 0..51 and of 0..63: 42 to 44 decibels

constexpr std::array recipes{
    recipe{vp8, "libvpx", vp8_options, rate_change::by_time, finest_vpx, AV_PIX_FMT_YUV420P, AV_HWDEVICE_TYPE_NONE,
           false, 1},
    recipe{h264, "libx264", x264_options, rate_change::reconfigured, finest},
    recipe{h264, "h264_nvenc", "preset=p3,tune=ull,rc=cbr,zerolatency=1,delay=0,forced-idr=1,aud=1,no-scenecut=1",
           rate_change::reconfigured, finest},
    recipe{h264, "h264_qsv", "preset=veryfast,async_depth=1,forced_idr=1,low_delay_brc=1,aud=1", rate_change::anew,
           finest, AV_PIX_FMT_NV12},
    recipe{h264, "h264_vaapi", "async_depth=1,rc_mode=CBR,aud=1", rate_change::anew, finest, AV_PIX_FMT_NV12,
           AV_HWDEVICE_TYPE_VAAPI},
    recipe{vp9, "libvpx-vp9", vp9_options, rate_change::by_time, finest_vpx, AV_PIX_FMT_YUV420P, AV_HWDEVICE_TYPE_NONE,
           false},
    recipe{h265, "libx265", x265_options, rate_change::anew, finest},
};

} // namespace

std::span<const recipe> all_recipes() noexcept { return recipes; }

const recipe* find_recipe(std::string_view name) noexcept {
  const auto* found = std::ranges::find(recipes, name, [](const recipe& r) { return std::string_view{r.name}; });
  return found == recipes.end() ? nullptr : found;
}

} // namespace saffron::avcodec
