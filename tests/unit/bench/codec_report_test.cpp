// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace saffron;
using namespace saffron::codecs;
using doctest::Approx;

namespace {

/// A machine half as fast on the desktop, where the reference's LZ4 does 4614 MB/s and its JPEG 1331 MB/s.
run_result measured() {
  run_result r;
  r.yardsticks = {{"desktop-text", 2307, 10000, 4614, true}};
  figure f;
  f.picture = "desktop-text";
  f.codec = "JPEG q85";
  f.source = image::bitmap_format::rgb_32bit;
  f.source_bytes = 8'000'000;
  f.payload_bytes = 500'000;
  f.encode.add(0.008); // 1000 MB/s
  f.strips = {{1, {}}, {2, {}}};
  f.strips[0].time.add(0.016);
  f.strips[1].time.add(0.010);
  r.figures = {f};
  return r;
}

} // namespace

TEST_CASE("ours stands beside what the reference would do here") {
  const auto r = measured();
  const auto beside = compared(r.figures[0], r.yardsticks);
  REQUIRE(beside.has_value());
  CHECK(beside->encode_speed == Approx(1000));
  CHECK(beside->reference_speed == Approx(1331));
  CHECK(beside->scaled_speed == Approx(665.5));
  CHECK(beside->times == Approx(1000 / 665.5));
  CHECK(beside->reference_bytes == 525232);
}

TEST_CASE("there is no comparison without a figure or a yardstick") {
  auto r = measured();
  CHECK_FALSE(compared(r.figures[0], {}).has_value());
  r.figures[0].codec = "PNG";
  CHECK_FALSE(compared(r.figures[0], r.yardsticks).has_value());
  CHECK(nlohmann::json::parse(json_report(r))["codecs"][0]["times_reference"].is_null());
}

TEST_CASE("the JSON holds what was measured, and null for what was not") {
  const auto j = nlohmann::json::parse(json_report(measured()));
  CHECK(j["yardsticks"][0]["machine_factor"].get<double>() == Approx(0.5));
  const auto& row = j["codecs"][0];
  CHECK(row["picture"] == "desktop-text");
  CHECK(row["source"] == "32BIT");
  CHECK(row["payload_bytes"] == 500000);
  CHECK(row["ratio"].get<double>() == Approx(16));
  CHECK(row["encode_megabytes_per_second"].get<double>() == Approx(1000));
  CHECK(row["scaled_reference_megabytes_per_second"].get<double>() == Approx(665.5));
  CHECK(row["decode_megabytes_per_second"].is_null());
  CHECK(row["strips"][1]["threads"] == 2);
  CHECK(row["strips"][1]["megabytes_per_second"].get<double>() == Approx(800));
}

TEST_CASE("the table has a line for each codec and picture") {
  const auto text = text_report(measured());
  CHECK(text.find("JPEG q85") != std::string::npos);
  CHECK(text.find("16.00") != std::string::npos); // ratio
  CHECK(text.find("1.50") != std::string::npos);  // times
  CHECK(text.find("1: 500 2: 800") != std::string::npos);
}
