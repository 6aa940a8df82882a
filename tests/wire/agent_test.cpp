// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/agent.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::agent;
using test::hex;

TEST_CASE("agent messages are as the protocol says") {
  const monitor one{.height = 768, .width = 1024, .depth = 32, .x = -1, .y = 2};
  auto sized = one;
  sized.physical_height = 200;
  sized.physical_width = 300;
  const std::string one_hex = "00 03 00 00 00 04 00 00 20 00 00 00  # height, width, depth\n"
                              "ff ff ff ff 02 00 00 00              # position\n";
  const std::vector<test::golden<message>> table{
      {mouse_state{.x = 640, .y = 480, .buttons = button_mask::left | button_mask::up, .display_id = 1},
       "80 02 00 00 e0 01 00 00 # position\n 12 00 00 00 # buttons\n 01 # display",
       {}},
      {monitors_config{.flags = monitors_config_flags::use_position, .monitors{one, one}},
       "02 00 00 00 01 00 00 00 # two, with positions\n" + one_hex + one_hex,
       {}},
      {monitors_config{.flags = monitors_config_flags::physical_size, .monitors{sized}},
       "01 00 00 00 02 00 00 00 # one, with physical size\n" + one_hex + "c8 00 2c 01 # millimetres",
       {}},
      {reply{.request = message_type::monitors_config, .error = reply_code::error},
       "02 00 00 00 # to monitors_config\n 02 00 00 00 # error",
       {}},
      {display_config{.flags = display_config_flags::set_color_depth, .depth = 24}, "08 00 00 00 18 00 00 00", {}},
      {announce_capabilities{.request = 1,
                             .capabilities{capability::monitors_config, capability::clipboard_grab_serial}},
       "01 00 00 00 # answer me\n 02 00 02 00 # bits 1 and 17", 4},
      {file_xfer_start{.id = 7, .data = test::view("[x]")}, "07 00 00 00 # transfer\n 5b 78 5d # text", 4},
      {file_xfer_status{.id = 7, .result = file_xfer_result::not_enough_space, .data = test::view("a")},
       "07 00 00 00 # transfer\n 04 00 00 00 # result\n 61 # details", 8},
      {file_xfer_data{.id = 7, .size = 3, .data = test::view("abc")},
       "07 00 00 00 # transfer\n 03 00 00 00 00 00 00 00 # bytes\n 61 62 63", 12},
      {max_clipboard{.max = -1}, "ff ff ff ff", {}},
      {audio_volume_sync{.playback = true, .mute = false, .volume{0x100, 0xffff}},
       "01 00 02 # playback, not mute, two channels\n 00 01 ff ff",
       {}},
      {graphics_device_info{{{.channel = 1, .monitor = 2, .device_display = 3, .address = "pci/0"}}},
       "01 00 00 00 # one\n 01 00 00 00 02 00 00 00 03 00 00 00 # channel, monitor, device's display\n"
       "06 00 00 00 70 63 69 2f 30 00 # address",
       {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
}

TEST_CASE("types that only pass through are unknown here") {
  CHECK(decode_any(message_type::clipboard, {}).error() == errc::unknown_message);
  CHECK(decode_any(static_cast<message_type>(0x10001), hex("00 00 00 00")).error() == errc::unknown_message);
}

TEST_CASE("a whole agent message is header and body") {
  const auto golden = hex("01 00 00 00              # protocol\n"
                          "03 00 00 00              # type: reply\n"
                          "00 00 00 00 00 00 00 00  # opaque\n"
                          "08 00 00 00              # size\n"
                          "02 00 00 00 01 00 00 00  # monitors_config, success");
  CHECK(encode_whole(reply{}) == golden);
  const auto header = decode<message_header>(golden);
  REQUIRE(header.has_value());
  CHECK(*header == message_header{.protocol = 1, .type = message_type::reply, .opaque = 0, .size = 8});
}

TEST_CASE("a chunk header is port and size") {
  CHECK(encode(chunk_header{port::server, 2048}) == hex("02 00 00 00 00 08 00 00"));
  CHECK(decode<chunk_header>(hex("01 00 00 00 05 00 00 00")) == chunk_header{port::client, 5});
}

TEST_CASE("more monitors than the message can hold are refused") {
  CHECK_FALSE(decode<monitors_config>(hex("ff ff ff ff 00 00 00 00")).has_value());
}

namespace {

template <class M>
std::vector<std::byte> written(const M& m, bool selections) {
  writer w;
  write(w, m, selections);
  return w.release();
}

/// With and without its selection; every shorter body is refused.
template <class M>
void check_clipboard(M m, const std::string& selection, const std::string& rest, bool open_end = false) {
  for (const bool selections : {true, false}) {
    CAPTURE(selections);
    if (!selections) m.selection = 0;
    const auto body = hex(selections ? selection + rest : rest);
    CHECK(written(m, selections) == body);
    reader r{body};
    M again;
    read(r, again, selections);
    CHECK(r.ok());
    CHECK(again == m);
    for (std::size_t size = 0; size < (open_end ? selections * 4u : body.size()); ++size) {
      reader s{std::span{body}.first(size)};
      M short_one;
      read(s, short_one, selections);
      CHECK_FALSE(s.ok());
    }
  }
}

} // namespace

TEST_CASE("the clipboard's messages have a selection where both sides know selections") {
  const std::string primary = "01 00 00 00 # primary\n";
  check_clipboard(clipboard_head{1, clipboard_type::utf8_text}, primary, "01 00 00 00 # text");
  check_clipboard(clipboard_request{1, clipboard_type::image_png}, primary, "02 00 00 00 # png");
  check_clipboard(clipboard_release{1}, primary, "");
  check_clipboard(clipboard_grab{1, {clipboard_type::utf8_text, clipboard_type::image_png}}, primary,
                  "01 00 00 00 02 00 00 00 # text, png", true);
}

TEST_CASE("more displays than the message can hold are refused") {
  CHECK_FALSE(decode<graphics_device_info>(hex("ff ff ff ff 00 00 00 00")).has_value());
  CHECK_FALSE(decode<graphics_device_info>(hex("01 00 00 00  00 00 00 00 00 00 00 00 00 00 00 00  ff ff ff ff  61"))
                  .has_value());
}
