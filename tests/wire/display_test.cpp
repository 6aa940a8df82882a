// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/display.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::display;
using test::view;

TEST_CASE("display messages to the client that draw nothing are as the protocol says") {
  using namespace to_client;
  const std::string rect_hex = "02 00 00 00 01 00 00 00 04 00 00 00 03 00 00 00 # top, left, bottom, right\n";
  const rect area{.left = 1, .top = 2, .right = 3, .bottom = 4};
  const std::vector<test::golden<message>> table{
      {mode{.width = 640, .height = 480, .depth = 32}, "80 02 00 00 e0 01 00 00 20 00 00 00", {}},
      {mark{}, "", {}},
      {reset{}, "", {}},
      {inval_list{{{resource_type::pixmap, 5}, {resource_type::pixmap, 6}}},
       "02 00                      # two\n"
       "01 05 00 00 00 00 00 00 00 # image 5\n"
       "01 06 00 00 00 00 00 00 00 # image 6",
       {}},
      {inval_all_pixmaps{{{channel_type::display, 1, 9}}},
       "01                            # one\n"
       "02 01 09 00 00 00 00 00 00 00 # display 1, serial 9",
       {}},
      {inval_palette{.id = 9}, "09 00 00 00 00 00 00 00", {}},
      {inval_all_palettes{}, "", {}},
      {stream_create{.surface_id = 0,
                     .stream_id = 5,
                     .flags = stream_flags::top_down,
                     .codec = video_codec::vp8,
                     .stamp = 6,
                     .stream_width = 640,
                     .stream_height = 480,
                     .source_width = 320,
                     .source_height = 240,
                     .destination = area,
                     .clip{}},
       "00 00 00 00 05 00 00 00  # surface, stream\n"
       "01 02                    # top down, VP8\n"
       "06 00 00 00 00 00 00 00  # stamp\n"
       "80 02 00 00 e0 01 00 00  # stream size\n"
       "40 01 00 00 f0 00 00 00  # source size\n" +
           rect_hex + "00 # no clip",
       {}},
      {stream_data{.stream_id = 5, .multi_media_time = 1000, .data = view("frame")},
       "05 00 00 00 e8 03 00 00 # stream, time\n 05 00 00 00 66 72 61 6d 65",
       {}},
      {stream_clip{.stream_id = 5, .clip{clip_type::rects, {area}}},
       "05 00 00 00 # stream\n 01 01 00 00 00 # one rectangle\n" + rect_hex,
       {}},
      {stream_destroy{.stream_id = 5}, "05 00 00 00", {}},
      {stream_destroy_all{}, "", {}},
      {surface_create{.surface_id = 1,
                      .width = 640,
                      .height = 480,
                      .format = surface_format::argb_32bit,
                      .flags = surface_flags::primary},
       "01 00 00 00 80 02 00 00 e0 01 00 00 # id, size\n 60 00 00 00 01 00 00 00 # ARGB, primary",
       {}},
      {surface_destroy{.surface_id = 1}, "01 00 00 00", {}},
      {stream_data_sized{
           .stream_id = 5, .multi_media_time = 1000, .width = 64, .height = 48, .destination = area, .data = view("f")},
       "05 00 00 00 e8 03 00 00 # stream, time\n 40 00 00 00 30 00 00 00 # size\n" + rect_hex + "01 00 00 00 66",
       {}},
      {monitors_config{
           .max_allowed = 4,
           .heads{{.monitor_id = 1, .surface_id = 2, .width = 640, .height = 480, .x = 3, .y = 4, .flags = 5}}},
       "01 00 04 00              # one of at most four\n"
       "01 00 00 00 02 00 00 00  # monitor, surface\n"
       "80 02 00 00 e0 01 00 00  # size\n"
       "03 00 00 00 04 00 00 00  # position\n"
       "05 00 00 00              # flags",
       {}},
      {stream_activate_report{.stream_id = 5, .unique_id = 6, .max_window_size = 7, .timeout = 1000},
       "05 00 00 00 06 00 00 00 07 00 00 00 e8 03 00 00",
       {}},
      {gl_scanout_unix{
           .width = 640, .height = 480, .stride = 2560, .drm_fourcc = 0x34325258, .flags = gl_scanout_flags::y0_top},
       "80 02 00 00 e0 01 00 00 # size\n 00 0a 00 00 # stride\n 58 52 32 34 # XR24\n 01 00 00 00 # y0 top",
       {}},
      {gl_draw{.x = 1, .y = 2, .width = 3, .height = 4}, "01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00", {}},
      {quality_indicator{.data = view("q")}, "71", 1},
  };
  constexpr std::size_t draw_messages = 14; // those are in display_draw_test.cpp
  CHECK(test::check_golden(table, decode_any) + draw_messages == std::variant_size_v<message>);
  for (const auto type : {0, 100, 109, 121, 127, 301, 323, 65535})
    CHECK(decode_any(static_cast<std::uint16_t>(type), {}).error() == errc::unknown_message);
}

TEST_CASE("display messages to the server are as the protocol says") {
  using namespace to_server;
  const std::vector<test::golden<message>> table{
      {init{.pixmap_cache_id = 1,
            .pixmap_cache_size = 0x0102030405060708,
            .glz_dictionary_id = 2,
            .glz_dictionary_window_size = -1},
       "01 08 07 06 05 04 03 02 01 # cache\n 02 ff ff ff ff # dictionary",
       {}},
      {stream_report{.stream_id = 1,
                     .unique_id = 2,
                     .start_frame_time = 3,
                     .end_frame_time = 4,
                     .frame_count = 5,
                     .drop_count = 6,
                     .last_frame_delay = -7,
                     .audio_delay = stream_report::no_audio},
       "01 00 00 00 02 00 00 00  # stream, unique\n"
       "03 00 00 00 04 00 00 00  # times\n"
       "05 00 00 00 06 00 00 00  # frames, drops\n"
       "f9 ff ff ff ff ff ff ff  # delays",
       {}},
      {preferred_compression{.compression = image_compression::lz4}, "07", {}},
      {gl_draw_done{}, "", {}},
      {preferred_video_codec_type{{video_codec::vp9, video_codec::mjpeg}}, "02 04 01", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(106, {}).error() == errc::unknown_message);
}
