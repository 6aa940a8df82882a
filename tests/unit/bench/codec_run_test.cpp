// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/run.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace saffron::codecs;

TEST_CASE("every codec of the table encodes every picture to what decodes to it") {
  const auto o = parse_options({"--passes", "1", "--seconds", "0", "--size", "200x100"});
  REQUIRE(o.error.empty());
  const auto r = run(o.value);
  CHECK(r.error == "");
  CHECK(r.yardsticks.size() == 3);
  CHECK(r.figures.size() == 3 * all_codecs().size());
  for (const auto& f : r.figures) {
    CAPTURE(f.codec);
    CHECK(f.payload_bytes > 0);
    CHECK(f.encode.seconds() > 0);
    CHECK(f.strips.size() == thread_counts(std::thread::hardware_concurrency()).size());
  }
}

TEST_CASE("only what was asked for is measured") {
  const auto o = parse_options({"--only", "LZ4", "--passes", "1", "--seconds", "0", "--size", "64x64"});
  const auto r = run(o.value);
  CHECK(r.error == "");
  CHECK_FALSE(r.figures.empty());
  for (const auto& f : r.figures) CHECK(f.codec == "LZ4");
  auto unknown = o.value;
  unknown.only = {"LZ4", "PNG"};
  CHECK(run(unknown).error == "there is no codec PNG");
}

TEST_CASE("options say how, and what makes no sense is refused") {
  const auto o =
      parse_options({"--json", "--only", "LZ4,JPEG q85", "--passes", "7", "--seconds", "0.5", "--size", "640x480"});
  CHECK(o.error.empty());
  CHECK(o.value.json);
  CHECK(o.value.only == std::vector<std::string>{"LZ4", "JPEG q85"});
  CHECK(o.value.passes == 7);
  CHECK(o.value.seconds == 0.5);
  CHECK(o.value.width == 640);
  CHECK(o.value.height == 480);
  CHECK(parse_options({"--help"}).help);
  for (const auto& bad : std::vector<std::vector<std::string>>{{"--passes"},
                                                               {"--passes", "0"},
                                                               {"--passes", "-1"},
                                                               {"--seconds", "x"},
                                                               {"--seconds", "nan"},
                                                               {"--size", "640"},
                                                               {"--size", "8x8"},
                                                               {"--only", ""},
                                                               {"--only", "LZ4,"},
                                                               {"--fast"}}) {
    CAPTURE(bad.front());
    CHECK_FALSE(parse_options(bad).error.empty());
  }
}
