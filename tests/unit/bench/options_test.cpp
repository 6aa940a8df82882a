// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/options.hpp"

#include <doctest/doctest.h>

using namespace saffron::load;

namespace {
parsed_options parse(std::vector<std::string> more) {
  more.insert(more.begin(), {"--connect", "127.0.0.1:5900"});
  return parse_options(more);
}
} // namespace

TEST_CASE("tickets are dealt to VMs in turn") {
  const auto p = parse({"--tickets", "a,b,c", "--clients=7"});
  REQUIRE(p.error.empty());
  CHECK(p.value.vms == 3);
  CHECK(p.value.clients == 7);
  CHECK(p.value.ticket_of(0) == "a");
  CHECK(p.value.ticket_of(2) == "c");
}

TEST_CASE("a template numbers the tickets") {
  const auto p = parse({"--ticket-template", "vm%d", "--vms", "100"});
  REQUIRE(p.error.empty());
  CHECK(p.value.ticket_of(42) == "vm42");
}

TEST_CASE("what makes no sense is refused") {
  CHECK(!parse_options({}).error.empty());
  CHECK(!parse({"--profile", "sleeping"}).error.empty());
  CHECK(!parse({"--clients", "0"}).error.empty());
  CHECK(!parse({"--watch", "1,2,3"}).error.empty());
  CHECK(!parse({"--duration"}).error.empty());
  CHECK(!parse({"--no-such-thing"}).error.empty());
  CHECK(!parse({"--videos", "mjpeg,theora"}).error.empty());
  CHECK(!parse({"--videos", ""}).error.empty());
  CHECK(!parse({"--profile", "typing", "--channels", "main"}).error.empty());
}

TEST_CASE("a rectangle is given by its corner and its size") {
  const auto p = parse({"--watch", "10,20,30,40"});
  REQUIRE(p.error.empty());
  CHECK(p.value.watch == saffron::rect{10, 20, 40, 60});
}

TEST_CASE("reconnecting until main opens nothing else") {
  const auto p = parse({"--profile=reconnect", "--until=main", "--parallel=8", "--threads=2"});
  REQUIRE(p.error.empty());
  CHECK(p.value.clients == 8);
  CHECK(!p.value.display);
}

TEST_CASE("videos are taken in the codecs that are named") {
  using saffron::wire::display::video_codec;
  CHECK(parse({}).value.videos.empty());
  const auto p = parse({"--videos", "h264,mjpeg"});
  REQUIRE(p.error.empty());
  CHECK(p.value.videos == std::vector{video_codec::h264, video_codec::mjpeg});
}
