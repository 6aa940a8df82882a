// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/options.hpp"
#include "actors/host/setting_text.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>

using namespace saffron;
using namespace saffron::host;
using namespace std::chrono_literals;

namespace {

template <class Options>
tl::expected<void, std::string> set(Options& o, std::string_view name, const std::vector<std::string>& texts) {
  std::span<const entry<Options>> table;
  if constexpr (std::is_same_v<Options, options>)
    table = option_table();
  else
    table = vm_table();
  const auto* e = find(table, name);
  REQUIRE(e != nullptr);
  return assign(*e, o, texts);
}

template <class Options>
void check_table(std::span<const entry<Options>> table) {
  std::set<std::string_view> names;
  for (const auto& e : table) {
    CAPTURE(std::string{e.name});
    CHECK(names.insert(e.name).second);
    CHECK(e.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == e.name.npos);
    CHECK(!e.help.ends_with('.'));
    CHECK(e.help.find('\n') == e.help.npos);
    // The default, written and read back, is the default again.
    Options o;
    const auto text = write_setting(e.in(o));
    if (text.empty() || is_list(e.in(o))) continue;
    CHECK(assign(e, o, {text}));
    CHECK(write_setting(e.in(o)) == text);
  }
}

std::chrono::system_clock::time_point at(std::int64_t seconds) {
  return std::chrono::system_clock::time_point{std::chrono::seconds{seconds}};
}

} // namespace

TEST_CASE("the README's table is the table of the code") {
  std::ifstream file{"../README.md"};
  const std::string readme{std::istreambuf_iterator<char>{file}, {}};
  constexpr std::string_view from = "<!-- options -->\n", to = "<!-- /options -->";
  const auto start = readme.find(from), end = readme.find(to);
  REQUIRE(start != readme.npos);
  REQUIRE(end != readme.npos);
  const auto there = readme.substr(start + from.size(), end - start - from.size());
  CHECK_MESSAGE(there == options_markdown(), "put the output of `saffron options --markdown` between the markers");
}

TEST_CASE("every entry has a name of its own, a sentence, and a default that can be read back") {
  check_table(option_table());
  check_table(vm_table());
}

TEST_CASE("a value of each type is read, and what is not one is refused with what was expected") {
  options o;
  CHECK(set(o, "loops", {"3"}));
  CHECK(o.loops == 3);
  CHECK(set(o, "loops", {"65"}).error() == "expected a whole number from 0 to 64, got \"65\"");
  CHECK(set(o, "loops", {"-1"}).error() == "expected a whole number from 0 to 64, got \"-1\"");
  CHECK(o.loops == 3);
  CHECK(set(o, "link-timeout", {"2.5"}));
  CHECK(o.limits.link_timeout == 2500ms);
  for (const auto* bad : {"0", "nan", "inf", "1e9", "", "2s"}) CHECK(!set(o, "link-timeout", {bad}));
  CHECK(set(o, "log-level", {"debug"}));
  CHECK(o.log_level == log::level::debug);
  CHECK(set(o, "log-level", {"loud"}).error() == "expected error, warning, info or debug, got \"loud\"");
  CHECK(set(o, "insecure", {"true"}));
  CHECK(o.insecure);
  CHECK(!set(o, "insecure", {"yes"}));
  CHECK(set(o, "tls-min-version", {"1.3"}));
  CHECK(o.tls.min_version == tls_version::v1_3);
  CHECK(set(o, "tls-cert", {"/etc/x.pem"}));
  CHECK(o.tls.cert == "/etc/x.pem");
  CHECK(set(o, "tls-cert", {"a", "b"}).error() == "expected a path, once");

  vm_options vm;
  CHECK(set(vm, "port", {"0"}));
  CHECK(vm.port == 0);
  CHECK(!set(vm, "port", {"65536"}));
  CHECK(set(vm, "size", {"1920x1080"}));
  CHECK(vm.demo_screen.size == extent{1920, 1080});
  for (const auto* bad : {"1920", "0x1", "1x16385", "1x1x1", "x"}) CHECK(!set(vm, "size", {bad}));
  CHECK(set(vm, "clients", {"exclusive"}));
  CHECK(vm.clients == client_policy::exclusive);
  CHECK(set(vm, "inputs", {"first"}));
  CHECK(vm.inputs == input_policy::first);
  CHECK(set(vm, "monitors", {"first"}));
  CHECK(vm.monitors == monitors_policy::first);
  CHECK(set(vm, "port-clients", {"all-readers"}));
  CHECK(vm.port_clients == port_policy::all_readers);
  CHECK(set(vm, "port-clients", {"all"}).error() == "expected first, last or all-readers, got \"all\"");
}

TEST_CASE("char devices are a list, and what is wrong with one is said with what is allowed") {
  vm_options vm;
  CHECK(
      set(vm, "char-device", {"vdagent=unix:/run/a=b", "port:org.x.0=tcp-listen:127.0.0.1:4000", "usbredir=dbus:r0"}));
  REQUIRE(vm.char_devices.size() == 3);
  CHECK(vm.char_devices[0].where.name == "/run/a=b");
  CHECK(vm.char_devices[1].device.port == "org.x.0");
  CHECK(vm.char_devices[2].chardev == "r0");
  CHECK(write_setting(&vm.char_devices) ==
        "vdagent=unix:/run/a=b, port:org.x.0=tcp-listen:127.0.0.1:4000, usbredir=dbus:r0");
  const std::string expected =
      "expected KIND=WHERE with KIND vdagent, smartcard, usbredir or port:NAME, and WHERE unix:/path, "
      "unix-listen:/path, tcp:127.0.0.1:4000, tcp-listen:127.0.0.1:4000 or dbus:NAME-OR-ID, got ";
  CHECK(set(vm, "char-device", {"tablet=unix:/x"}).error() ==
        expected + "\"tablet=unix:/x\" (the name is unknown: allowed are vdagent, smartcard, usbredir and port)");
  CHECK(set(vm, "char-device", {"=unix:/x"}).error() ==
        expected + "\"=unix:/x\" (the name is missing: allowed are vdagent, smartcard, usbredir and port)");
  CHECK(set(vm, "char-device", {"port=unix:/x"}).error() ==
        expected + "\"port=unix:/x\" (a port needs a name, such as port:org.example.console.0)");
  CHECK(vm.char_devices.size() == 3);
}

TEST_CASE("a VM's pictures are packed as the daemon's, unless it says otherwise") {
  options o;
  CHECK(set(o, "image-compression", {"quic"}));
  CHECK(set(o, "jpeg-wan-compression", {"never"}));
  CHECK(set(o, "zlib-glz-wan-compression", {"always"}));
  CHECK(set(o, "streaming-video", {"all"}));
  CHECK(set(o, "video-frames", {"7"}));
  CHECK(set(o, "video-rest", {"0.4"}));
  vm_options vm;
  CHECK(settings_of(vm, o.pictures, at(0)).pictures == o.pictures);
  CHECK(o.pictures.motion.frames == 7);
  CHECK(o.pictures.motion.rest == std::chrono::milliseconds{400});
  CHECK(set(vm, "image_compression", {"off"})); // people write underscores, too
  CHECK(set(vm, "jpeg-wan-compression", {"always"}));
  CHECK(set(vm, "zlib-glz-wan-compression", {"never"}));
  const auto own = settings_of(vm, o.pictures, at(0)).pictures;
  CHECK(own.compression == image_compression::off);
  CHECK(own.jpeg == wan_policy::always);
  CHECK(own.zlib_glz == wan_policy::never);
  CHECK(own.video == video_policy::all);
  using codec = wire::display::video_codec;
  CHECK(set(o, "video-codecs", {"h264", "mjpeg"}));
  CHECK(settings_of(vm, o.pictures, at(0)).pictures.codecs == std::vector{codec::h264, codec::mjpeg});
  CHECK(set(vm, "video-codecs", {"vp8"}));
  CHECK(settings_of(vm, o.pictures, at(0)).pictures.codecs == std::vector{codec::vp8});
  CHECK(set(vm, "video-codecs", {"mpeg2"}).error() == "expected mjpeg, vp8, h264, vp9 or h265, got \"mpeg2\"");
  CHECK(set(vm, "image-compression", {"zip"}).error() ==
        "expected auto, auto_glz, auto_lz, quic, glz, lz, lz4 or off, got \"zip\"");
}

TEST_CASE("what the agent may, and who gets ports, is told to the VM") {
  vm_options vm;
  const auto untouched = settings_of(vm, {}, at(0));
  CHECK((untouched.copy_paste && untouched.file_transfer && untouched.monitors_config));
  CHECK(untouched.monitors == monitors_policy::last);
  CHECK(untouched.port_clients == port_policy::first);
  CHECK(set(vm, "copy-paste", {"false"}));
  CHECK(!settings_of(vm, {}, at(0)).copy_paste);
  CHECK(settings_of(vm, {}, at(0)).file_transfer);
  CHECK(set(vm, "file-transfer", {"false"}));
  CHECK(!settings_of(vm, {}, at(0)).file_transfer);
  CHECK(settings_of(vm, {}, at(0)).monitors_config);
  CHECK(set(vm, "monitors-config", {"false"}));
  CHECK(!settings_of(vm, {}, at(0)).monitors_config);
  CHECK(set(vm, "monitors", {"first"}));
  CHECK(settings_of(vm, {}, at(0)).monitors == monitors_policy::first);
  CHECK(set(vm, "port-clients", {"last"}));
  CHECK(settings_of(vm, {}, at(0)).port_clients == port_policy::last);
  vm.clients = client_policy::refuse;
  vm.inputs = input_policy::first;
  CHECK(settings_of(vm, {}, at(0)).clients == client_policy::refuse);
  CHECK(settings_of(vm, {}, at(0)).inputs == input_policy::first);
}

TEST_CASE("a list replaces the one before, and only when all of it can be read") {
  options o;
  CHECK(set(o, "listen", {"[::1]:1", "unix:@x"}));
  CHECK(write_setting(&o.listen) == "[::1]:1, unix:@x");
  CHECK(!set(o, "listen", {"127.0.0.1:1", "nonsense"}));
  CHECK(o.listen.size() == 2);
  CHECK(set(o, "listen", {}));
  CHECK(o.listen.empty());
}

TEST_CASE("a channel that is named wins over all") {
  options o;
  CHECK(security_of(o, 1) == channel_security::any);
  CHECK(set(o, "secure-channels", {"main", "inputs"}));
  CHECK(security_of(o, channel_type("main")) == channel_security::tls);
  CHECK(security_of(o, channel_type("inputs")) == channel_security::tls);
  CHECK(security_of(o, channel_type("display")) == channel_security::any);
  CHECK(set(o, "plain-channels", {"all"}));
  CHECK(security_of(o, channel_type("main")) == channel_security::tls);
  CHECK(security_of(o, channel_type("display")) == channel_security::plain);
  CHECK(set(o, "secure-channels", {"all"}));
  CHECK(set(o, "plain-channels", {"playback"}));
  CHECK(security_of(o, channel_type("playback")) == channel_security::plain);
  CHECK(security_of(o, 200) == channel_security::tls);
  CHECK(!set(o, "secure-channels", {"tunnel"}));
  CHECK(!set(o, "secure-channels", {""}));
}

TEST_CASE("a time is read with its offset") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == at(0));
  CHECK(parse_rfc3339("2026-01-31T12:00:00Z") == at(1769860800));
  CHECK(parse_rfc3339("2026-01-31T13:00:00+01:00") == at(1769860800));
  CHECK(parse_rfc3339("2026-01-31t06:30:00.125-05:30") == at(1769860800));
  CHECK(to_rfc3339(at(1769860800)) == "2026-01-31T12:00:00Z");
  for (const auto* bad : {"", "2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z",
                          "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00+01:00x",
                          "2026-1-31T12:00:00ZZ", "2026-01-31T12:-1:00Z"})
    CHECK_MESSAGE(!parse_rfc3339(bad), bad);
}

TEST_CASE("seconds until a ticket expires count from the start") {
  vm_options vm;
  vm.name = "web01";
  CHECK(!settings_of(vm, {}, at(1000)).ticket);
  vm.ticket = "secret";
  CHECK(settings_of(vm, {}, at(1000)).ticket->password == "secret");
  CHECK(!settings_of(vm, {}, at(1000)).ticket->expires);
  CHECK(set(vm, "ticket-expires", {"60"}));
  CHECK(settings_of(vm, {}, at(1000)).ticket->expires == at(1060));
  CHECK(set(vm, "ticket-expires", {"1970-01-01T00:00:07Z"}));
  CHECK(settings_of(vm, {}, at(1000)).ticket->expires == at(7));
}

TEST_CASE("listeners are numbered shared ones first, and a VM with its own is not on the shared ones") {
  options o;
  o.vms.resize(2);
  o.vms[0].port = 5931;
  CHECK(set(o, "tls-listen", {"127.0.0.1:5961"}));
  CHECK(set(o.vms[0], "tls-listen", {"[::1]:5962"}));
  const auto all = listeners(o);
  REQUIRE(all.size() == 4);
  CHECK(to_string(all[0].where) == "127.0.0.1:5930");
  CHECK((!all[0].tls && !all[0].vm));
  CHECK((all[1].tls && !all[1].vm));
  CHECK(to_string(all[2].where) == "127.0.0.1:5931");
  CHECK((!all[2].tls && all[2].vm == 0));
  CHECK((all[3].tls && all[3].vm == 0));

  o.vms.pop_back(); // nobody is left on the shared ones
  CHECK(listeners(o).size() == 2);
}

TEST_CASE("an unknown name suggests the nearest one") {
  CHECK(unknown_name(option_table(), "log_level") == "unknown, did you mean log-level?");
  CHECK(unknown_name(option_table(), "lissen") == "unknown, did you mean listen?");
  CHECK(unknown_name(option_table(), "resolution") == "unknown");
  CHECK(unknown_name(vm_table(), "ticket_file") == "unknown, did you mean ticket-file?");
}

TEST_CASE("a ticket is never written") {
  vm_options vm;
  vm.ticket = "secret";
  CHECK(write_setting(&vm.ticket).empty());
}
