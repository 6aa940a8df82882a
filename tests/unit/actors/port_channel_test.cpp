// SPDX-License-Identifier: BSD-3-Clause
#include "actors/port_channel.hpp"
#include "messages/wire/port.hpp"
#include "messages/wire/port_compression.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

#include <optional>

namespace saffron::actors {
namespace {

namespace port = wire::port;
namespace to_client = wire::port::to_client;
namespace to_server = wire::port::to_server;
using text = std::vector<std::string>;

shared_bytes bytes(std::size_t n, int value = 0) {
  return shared_bytes::copy_of(std::vector<std::byte>(n, static_cast<std::byte>(value)));
}

struct port_test : tests::channel_fixture {
  port_channel& begin(char_device_kind kind = char_device_kind::port, bool packs = false) {
    port_ports ports{
        [this](const client_flow& f) { calls.push_back(fmt::format("attach {} {}", f.client_tokens, f.send_tokens)); },
        [this](const shared_bytes& b) {
          written.insert(written.end(), b.view().begin(), b.view().end());
          largest = std::max(largest, b.size());
        },
        [this](std::uint64_t n) { calls.push_back(fmt::format("add {}", n)); },
        [this](port_event e) { calls.push_back(fmt::format("event {}", static_cast<int>(e))); },
        [this](bool hold) { calls.emplace_back(hold ? "hold" : "resume"); },
        [this](const std::string& t) { calls.push_back("notify " + t); },
        [this](errc e) { calls.push_back(fmt::format("leave {}", to_string(e))); }};
    channel.emplace(context(), std::move(ports), port_peer{kind, "org.saffron.echo.0", packs});
    channel->start();
    out.forget();
    return *channel;
  }
  /// As begin(), and the device has answered.
  port_channel& open(char_device_kind kind = char_device_kind::port, bool packs = false) {
    begin(kind, packs).attached({errc::none, true});
    out.forget();
    calls.clear();
    return *channel;
  }
  text take_calls() { return std::exchange(calls, {}); }

  std::optional<port_channel> channel;
  text calls;
  std::vector<std::byte> written;
  std::size_t largest = 0;
};

} // namespace

TEST_CASE_FIXTURE(port_test, "a port introduces itself when its device has answered") {
  auto& c = begin();
  CHECK(take_calls() == text{fmt::format("attach {} {}", defaults::stream_window, defaults::stream_send_window)});
  CHECK(out.empty());
  c.attached({errc::none, true});
  CHECK(out.next<to_client::init>() == to_client::init{"org.saffron.echo.0", true});
  c.event({saffron::port_event::closed});
  CHECK(out.next<to_client::event>().code == port::event_code::closed);
}

TEST_CASE_FIXTURE(port_test, "a second client is told clearly that the port is in use") {
  begin().attached({errc::device_in_use, false});
  CHECK(calls.at(1) == "notify port org.saffron.echo.0 cannot be opened: another client uses the device");
  CHECK(calls.at(2) == "leave another client uses the device");
}

TEST_CASE_FIXTURE(port_test, "data pass both ways, and tokens come back when the socket has taken them") {
  auto& c = open();
  c.data({bytes(100), 100});
  CHECK(out.next<port::plain_data>().data.size() == 100);
  CHECK(take_calls().empty());
  drain(c);
  CHECK(take_calls() == text{"add 100"});
  drain(c);
  CHECK(take_calls().empty());
  const std::vector<std::byte> words(300, std::byte{7});
  CHECK(receive(c, port::plain_data{words}));
  CHECK(written == words);
}

TEST_CASE_FIXTURE(port_test, "a message larger than the window waits in pieces, and nothing is read meanwhile") {
  auto& c = open();
  const std::vector<std::byte> words(defaults::stream_window + 100000, std::byte{7});
  CHECK(receive(c, port::plain_data{words}));
  CHECK(written.size() == defaults::stream_window);
  CHECK(largest == defaults::stream_piece);
  CHECK(take_calls() == text{"hold"});
  c.granted({defaults::stream_piece});
  CHECK(written.size() == defaults::stream_window + defaults::stream_piece);
  CHECK(take_calls().empty());
  c.granted({defaults::stream_piece});
  CHECK(written == words);
  CHECK(take_calls() == text{"resume"});
}

TEST_CASE_FIXTURE(port_test, "what a client says before its device has answered is not lost") {
  auto& c = begin();
  take_calls();
  CHECK(receive(c, port::plain_data{std::vector<std::byte>(10)}));
  CHECK(written.empty());
  CHECK(take_calls() == text{"hold"});
  c.attached({errc::none, false});
  CHECK(written.size() == 10);
  CHECK(take_calls() == text{"resume"});
}

TEST_CASE_FIXTURE(port_test, "data are packed for those who can unpack, when it helps") {
  auto& c = open(char_device_kind::port, true);
  c.data({bytes(5000, 1), 5000});
  const auto packed = out.next<port::compressed_data>();
  CHECK(packed.uncompressed_size == 5000);
  CHECK(port::decompress(packed, 5000).value().size() == 5000);
  c.data({bytes(1000, 1), 1000}); // small
  CHECK(out.next<port::plain_data>().data.size() == 1000);
  drain(c);
  CHECK(take_calls() == text{"add 6000"}); // what it was for the device, not for the wire
}

TEST_CASE_FIXTURE(port_test, "packed data of a client are unpacked, and lies about their size end the channel") {
  auto& c = open();
  const auto packed = port::compress(std::vector<std::byte>(5000)).value();
  CHECK(receive(c, port::compressed_data{port::compression_type::lz4, 5000, packed.view()}));
  CHECK(written.size() == 5000);
  CHECK(receive(c, port::compressed_data{port::compression_type::lz4, 4999, packed.view()}).error() ==
        errc::codec_failed);
  CHECK_FALSE(receive(c, port::compressed_data{port::compression_type::lz4, 0xffffffff, packed.view()}));
  CHECK_FALSE(receive(c, port::compressed_data{port::compression_type::lz4, 0, packed.view()}));
  CHECK(written.size() == 5000);
}

TEST_CASE_FIXTURE(port_test, "a USB device has no events, and a new one needs a new channel") {
  auto& c = open(char_device_kind::usbredir);
  CHECK(receive(c, to_server::event{}).error() == errc::unknown_message);
  c.event({saffron::port_event::opened});
  CHECK(out.empty());
  CHECK(take_calls().empty());
  c.event({saffron::port_event::closed});
  CHECK(calls.back() == "leave the VM's side is gone");
}

TEST_CASE_FIXTURE(port_test, "events of a client reach the device") {
  CHECK(receive(open(), to_server::event{port::event_code::break_sent}));
  CHECK(take_calls() == text{"event 2"});
}

TEST_CASE_FIXTURE(port_test, "a client that its device gives up hears why, once") {
  auto& c = open();
  c.removed({errc::taken_over});
  c.removed({errc::timed_out});
  CHECK(take_calls() ==
        text{"notify port org.saffron.echo.0 was closed: another client took over", "leave another client took over"});
}

} // namespace saffron::actors
