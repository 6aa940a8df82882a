// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/crypto.hpp"
#include "transport/key_maker.hpp"
#include "transport/ticket.hpp"

#include <doctest/doctest.h>

#include <deque>

namespace saffron::transport {
namespace {

using namespace std::string_literals;
using tests::encrypt_ticket;

std::string plain_of(ticket_key& key, std::string_view plain) {
  const auto out = key.decrypt(encrypt_ticket(key.public_key(), plain));
  REQUIRE(out);
  return *out;
}

// Makes keys when the test says so.
struct slow_maker {
  ticket_keys::maker as_maker() {
    return [this](std::function<void(ticket_key_ptr)> done) { wishes.push_back(std::move(done)); };
  }
  void deliver(ticket_key_ptr key) {
    const auto done = std::move(wishes.front());
    wishes.pop_front();
    done(std::move(key));
  }
  std::deque<std::function<void(ticket_key_ptr)>> wishes;
};

ticket_key_ptr any_key() { return ticket_key::make(); }

} // namespace

TEST_CASE("a ticket decrypts to its password, with the NUL of spice-gtk or without it") {
  const auto key = ticket_key::make();
  REQUIRE(key != nullptr);
  CHECK(plain_of(*key, "secret\0"s) == "secret");
  CHECK(plain_of(*key, "secret") == "secret");
}

TEST_CASE("an empty ticket is an empty password") {
  const auto key = ticket_key::make();
  CHECK(plain_of(*key, "\0"s).empty());
  CHECK(plain_of(*key, "").empty());
}

TEST_CASE("a password of 60 characters and more comes whole") {
  const auto key = ticket_key::make();
  const std::string sixty(60, 'x'), most(85, 'y');
  CHECK(plain_of(*key, sixty + '\0') == sixty);
  CHECK(plain_of(*key, most + '\0') == most);
  CHECK(plain_of(*key, most + 'z') == most + 'z'); // 86 bytes are all that fits
}

TEST_CASE("what stands behind the NUL is no part of the password") {
  const auto key = ticket_key::make();
  CHECK(plain_of(*key, "secret\0garbage"s) == "secret");
}

TEST_CASE("garbage, and a ticket for another key, do not decrypt") {
  const auto key = ticket_key::make(), other = ticket_key::make();
  std::array<std::byte, ticket_key::ticket_size> garbage{};
  CHECK(key->decrypt(garbage).error() == errc::permission_denied);
  garbage.fill(std::byte{0xff});
  CHECK(key->decrypt(garbage).error() == errc::permission_denied);
  CHECK(key->decrypt(encrypt_ticket(other->public_key(), "secret")).error() == errc::permission_denied);
  auto damaged = encrypt_ticket(key->public_key(), "secret");
  damaged[64] ^= std::byte{1};
  CHECK(key->decrypt(damaged).error() == errc::permission_denied);
}

TEST_CASE("the same bytes twice are a replay and refused, the same password encrypted again is not") {
  const auto key = ticket_key::make();
  const auto once = encrypt_ticket(key->public_key(), "secret\0"s);
  CHECK(key->decrypt(once).value() == "secret");
  CHECK(key->decrypt(once).error() == errc::permission_denied);
  CHECK(plain_of(*key, "secret\0"s) == "secret");
}

TEST_CASE("a pool starts with one key and asks for the others") {
  slow_maker maker;
  const auto first = any_key();
  ticket_keys pool{first, 3, 1000, maker.as_maker()};
  CHECK(maker.wishes.size() == 2);
  CHECK(pool.next() == first);
  CHECK(pool.next() == first);
  const auto second = any_key();
  maker.deliver(second);
  const auto a = pool.next(), b = pool.next();
  CHECK(a != b);
  CHECK((a == second || b == second));
}

TEST_CASE("a worn key is replaced once, and serves on until its replacement is there") {
  slow_maker maker;
  const auto first = any_key();
  ticket_keys pool{first, 1, 3, maker.as_maker()};
  for (int i = 0; i < 3; ++i) CHECK(pool.next() == first);
  CHECK(maker.wishes.size() == 1);
  for (int i = 0; i < 10; ++i) CHECK(pool.next() == first);
  CHECK(maker.wishes.size() == 1);
  const auto second = any_key();
  maker.deliver(second);
  for (int i = 0; i < 3; ++i) CHECK(pool.next() == second);
  CHECK(maker.wishes.size() == 1);
}

TEST_CASE("a replacement that could not be made is asked for again") {
  slow_maker maker;
  const auto first = any_key();
  ticket_keys pool{first, 2, 2, maker.as_maker()};
  maker.deliver(nullptr); // the second key of the pool
  for (int i = 0; i < 4; ++i) CHECK(pool.next() == first);
  REQUIRE_FALSE(maker.wishes.empty());
  while (!maker.wishes.empty()) maker.deliver(nullptr);
  CHECK(pool.next() == first);
  CHECK_FALSE(maker.wishes.empty());
}

TEST_CASE("a key that arrives when the pool is gone is dropped") {
  slow_maker maker;
  { ticket_keys pool{any_key(), 2, 10, maker.as_maker()}; }
  maker.deliver(any_key());
  CHECK(maker.wishes.empty());
}

TEST_CASE("secrets are equal only when they are the same to the last byte") {
  CHECK(same_secret("", ""));
  CHECK(same_secret("secret", "secret"));
  CHECK_FALSE(same_secret("secret", "secret2"));
  CHECK_FALSE(same_secret("secret", "Secret"));
  CHECK_FALSE(same_secret("secret"s + '\0', "secret"));
  CHECK_FALSE(same_secret("", "secret"));
}

} // namespace saffron::transport
