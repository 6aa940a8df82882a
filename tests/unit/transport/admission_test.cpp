// SPDX-License-Identifier: BSD-3-Clause
#include "transport/admission.hpp"

#include <doctest/doctest.h>

namespace saffron::transport {
namespace {

using namespace std::chrono_literals;

struct crowd {
  explicit crowd(admission::limits limits) : admitted(limits) {}

  admission::link_number come(const std::string& address = "192.0.2.1") {
    auto number = std::make_shared<admission::link_number>(0);
    *number = admitted.begin(now, address, [this, number] { cut.push_back(*number); });
    return *number;
  }

  admission admitted;
  admission::clock::time_point now = admission::clock::time_point{} + 1h;
  std::vector<admission::link_number> cut;
};

using numbers = std::vector<admission::link_number>;

} // namespace

TEST_CASE("a burst of as many connects as a second allows comes in at once, the next waits for its share") {
  crowd c{{100, 1000, 50}};
  for (int i = 0; i < 50; ++i) {
    CHECK(c.admitted.wait(c.now) == 0s);
    c.come();
  }
  const auto wait = c.admitted.wait(c.now);
  CHECK(wait >= 20ms);
  CHECK(wait <= 25ms);
  c.now += wait;
  CHECK(c.admitted.wait(c.now) == 0s);
  c.come();
  CHECK(c.admitted.wait(c.now) > 0s);
}

TEST_CASE("quiet time is not saved up beyond one second") {
  crowd c{{1000, 1000, 10}};
  c.now += 24h;
  for (int i = 0; i < 10; ++i) {
    CHECK(c.admitted.wait(c.now) == 0s);
    c.come();
  }
  CHECK(c.admitted.wait(c.now) > 0s);
}

TEST_CASE("who has waited as told is let in, however often he asks") {
  crowd c{{1000, 1000, 7}};
  auto let_in = 0;
  for (const auto end = c.now + 10s; c.now < end;) {
    const auto wait = c.admitted.wait(c.now);
    c.now += wait;
    if (wait != 0s) continue;
    c.come();
    ++let_in;
  }
  CHECK(let_in >= 70);
  CHECK(let_in <= 78);
}

TEST_CASE("one address cannot hold more than its share: its oldest silent link gives way") {
  crowd c{{3, 100, 1000}};
  const auto a1 = c.come("a"), a2 = c.come("a"), b1 = c.come("b"), a3 = c.come("a");
  CHECK(c.cut.empty());
  const auto a4 = c.come("a");
  CHECK(c.cut == numbers{a1});
  c.admitted.spoke(a2);
  const auto a5 = c.come("a");
  CHECK(c.cut == numbers{a1, a3});
  CHECK(c.admitted.half_open() == 4);
  CHECK(c.admitted.cut_count() == 2);
  for (const auto n : {a2, b1, a4, a5}) c.admitted.end(n);
  CHECK(c.admitted.half_open() == 0);
}

TEST_CASE("when all are full the oldest silent link of anybody gives way, speaking ones only when all speak") {
  crowd c{{10, 3, 1000}};
  const auto a = c.come("a"), b = c.come("b"), d = c.come("d");
  c.admitted.spoke(a);
  const auto e = c.come("e");
  CHECK(c.cut == numbers{b});
  c.admitted.spoke(d);
  c.admitted.spoke(e);
  const auto f = c.come("f");
  CHECK(c.cut == numbers{b, a});
  c.admitted.spoke(f);
  CHECK(c.admitted.half_open() == 3);
}

TEST_CASE("a link that has ended is not cut, and ending it again or speaking after the end does nothing") {
  crowd c{{2, 2, 1000}};
  const auto a = c.come("a");
  c.admitted.end(a);
  c.admitted.end(a);
  c.admitted.spoke(a);
  c.admitted.end(99);
  c.come("a");
  c.come("a");
  CHECK(c.cut.empty());
  CHECK(c.admitted.half_open() == 2);
}

TEST_CASE("a cut link may report its end while it is cut") {
  admission admitted{{1, 10, 1000}};
  admission::link_number first = 0;
  const auto now = admission::clock::time_point{} + 1h;
  first = admitted.begin(now, "a", [&] { admitted.end(first); });
  const auto second = admitted.begin(now, "a", [] {});
  CHECK(admitted.half_open() == 1);
  admitted.end(second);
  CHECK(admitted.half_open() == 0);
}

TEST_CASE("a limit of zero still lets the newest in") {
  crowd c{{0, 0, 1000}};
  const auto a = c.come();
  const auto b = c.come();
  CHECK(c.cut == numbers{a});
  CHECK(c.admitted.half_open() == 1);
  c.admitted.end(b);
}

} // namespace saffron::transport
