// SPDX-License-Identifier: BSD-3-Clause
#include "transport/outbox.hpp"

#include <doctest/doctest.h>

#include <random>

namespace saffron::transport {
namespace {

using bytes = std::vector<std::byte>;

bytes numbered(std::size_t n, int first = 0) {
  bytes out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(first + static_cast<int>(i));
  return out;
}

bytes joined(std::span<const asio::const_buffer> batch) {
  bytes out;
  for (const auto& b : batch) {
    const auto* from = static_cast<const std::byte*>(b.data());
    out.insert(out.end(), from, from + b.size());
  }
  return out;
}

constexpr std::size_t no_limit = 1 << 30;

} // namespace

TEST_CASE("small messages are joined into one buffer, a shared payload is referenced where it lies") {
  outbox box;
  box.push(numbered(10));
  box.push(numbered(20));
  const auto payload = shared_bytes::copy_of(numbered(100));
  box.push(payload);
  box.push(numbered(5));
  CHECK(box.size() == 135);
  const auto batch = box.next_batch(no_limit, no_limit);
  REQUIRE(batch.size() == 3);
  CHECK(batch[0].size() == 30);
  CHECK(batch[1].data() == payload.data());
  CHECK(batch[2].size() == 5);
}

TEST_CASE("what is being written does not change, whatever is pushed meanwhile") {
  outbox box;
  box.push(numbered(10));
  const auto batch = box.next_batch(no_limit, no_limit);
  const auto before = joined(batch);
  const auto* where = batch[0].data();
  for (int i = 0; i < 1000; ++i) box.push(numbered(7));
  CHECK(batch[0].data() == where);
  CHECK(joined(batch) == before);
  box.consume(10);
  CHECK(box.size() == 7000);
}

TEST_CASE("a batch keeps to its limits of bytes and buffers") {
  outbox box;
  for (int i = 0; i < 10; ++i) box.push(shared_bytes::copy_of(numbered(100, i)));
  CHECK(joined(box.next_batch(250, no_limit)).size() == 250);
  box.consume(250);
  CHECK(box.next_batch(no_limit, 2).size() == 2);
  box.consume(0);
  CHECK(joined(box.next_batch(no_limit, 2)).size() == 150); // the rest of a piece, and a whole one
  box.consume(150);
  CHECK(box.size() == 600);
}

TEST_CASE("nothing is nothing") {
  outbox box;
  box.push(std::span<const std::byte>{});
  box.push(shared_bytes{});
  CHECK(box.empty());
  CHECK(box.next_batch(no_limit, no_limit).empty());
  box.consume(0);
  box.push(numbered(3));
  box.clear();
  CHECK(box.empty());
  CHECK(box.next_batch(no_limit, no_limit).empty());
}

TEST_CASE("a part of a payload that has left is not sent again") {
  outbox box;
  auto payload = shared_bytes::copy_of(numbered(100));
  const auto* where = payload.data();
  box.push(payload.part(0, 50));
  (void)box.next_batch(no_limit, no_limit);
  box.consume(49);
  CHECK(box.next_batch(no_limit, no_limit)[0].data() == where + 49);
  box.consume(1);
  CHECK(box.empty());
}

TEST_CASE("over any history the bytes come out once and in order") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
    outbox box;
    bytes model;
    int number = 0;
    const auto push = [&] {
      const auto size = below(3) == 0 ? below(10000) : below(60);
      const auto data = numbered(size, ++number);
      model.insert(model.end(), data.begin(), data.end());
      if (below(2) == 0)
        box.push(data);
      else
        box.push(shared_bytes::copy_of(data));
    };
    for (int step = 0; step < 300; ++step) {
      for (auto n = below(4); n > 0; --n) push();
      const auto most_bytes = 1 + below(20000), most_buffers = 1 + below(8);
      const auto batch = box.next_batch(most_bytes, most_buffers);
      const auto start = joined(batch);
      CHECK(start.size() <= most_bytes);
      CHECK(batch.size() <= most_buffers);
      CHECK(start.empty() == model.empty());
      REQUIRE(std::equal(start.begin(), start.end(), model.begin()));
      for (auto n = below(4); n > 0; --n) push();
      REQUIRE(joined(batch) == start);
      const auto left = below(start.size() + 1);
      box.consume(left);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(left));
      REQUIRE(box.size() == model.size());
    }
    CHECK(joined(box.next_batch(no_limit, no_limit)) == model);
  }
}

} // namespace saffron::transport
