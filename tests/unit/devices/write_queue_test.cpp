// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/write_queue.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

write_buffer of_byte(client_id client, std::size_t value) {
  const std::byte byte{static_cast<unsigned char>(value)};
  return {buffer_origin::client, client, 1, shared_bytes::copy_of({&byte, 1})};
}

} // namespace

TEST_CASE("a long queue of single bytes is joined, each client's for itself, and nothing of it is lost") {
  constexpr std::size_t bytes = 100'000;
  write_queue queue;
  for (std::size_t i = 0; i < bytes; ++i) queue.push(of_byte(1, i));
  const auto expected = defaults::device_queue_buffers + bytes / defaults::device_queue_joined + 1;
  CHECK(queue.buffers() <= expected);
  queue.push(of_byte(2, 1));
  queue.push(of_byte(1, bytes));
  CHECK(queue.buffers() <= expected + 2);
  CHECK(queue.bytes() == bytes + 2);
  CHECK(queue.of(1).price == bytes + 1);
  CHECK(queue.of(2).bytes.size() == 1);

  std::size_t seen = 0, price = 0;
  while (!queue.empty()) {
    const auto rest = queue.begin_write();
    const auto progress = queue.end_write(rest.size());
    REQUIRE(progress.done.has_value());
    price += progress.done->price;
    if (progress.done->client == client_id{2}) continue;
    for (const auto byte : rest.view()) {
      if (byte != std::byte{static_cast<unsigned char>(seen)}) FAIL("another byte than that which came next");
      ++seen;
    }
  }
  CHECK(seen == bytes + 1);
  CHECK(price == bytes + 2);
  CHECK(queue.bytes() == 0);
}

TEST_CASE("what is ours is never joined: each buffer holds a token") {
  write_queue queue;
  const std::byte byte{};
  for (std::size_t i = 0; i < defaults::device_queue_buffers + 10; ++i)
    queue.push({buffer_origin::server, {}, 0, shared_bytes::copy_of({&byte, 1})});
  CHECK(queue.buffers() == defaults::device_queue_buffers + 10);
}

} // namespace saffron::devices
