// SPDX-License-Identifier: BSD-3-Clause
// The streams of the agent: several clients and one guest, whose messages must stay whole.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

namespace {

bytes filled(std::size_t size, int with) { return bytes(size, static_cast<std::byte>(with)); }

} // namespace

TEST_CASE_FIXTURE(agent_world,
                  "a message of any length reaches the guest in chunks, and its client's tokens come back") {
  start({1});
  for (const std::size_t size : {0, 1, 2028, 2029, 65536, 66560, 66561, 300000}) {
    CAPTURE(size);
    tokens.clear();
    const auto message = wa::with_header(other, filled(size, 7));
    say(1, message);
    CHECK(heard_by_guest() == std::vector{seen{other, filled(size, 7)}});
    CHECK(tokens[1] == (message.size() + defaults::agent_piece - 1) / defaults::agent_piece);
  }
}

TEST_CASE_FIXTURE(agent_world, "a client that dawdles with a small message does not hold up the others") {
  start({1, 2});
  const auto slow = wa::with_header(other, filled(60000, 1));
  say(1, std::span{slow}.first(50000));
  say(2, other, filled(10, 2));
  CHECK(heard_by_guest() == std::vector{seen{other, filled(10, 2)}});
  say(1, std::span{slow}.subspan(50000));
  CHECK(heard_by_guest() == std::vector{seen{other, filled(60000, 1)}});
}

TEST_CASE_FIXTURE(agent_world, "a long message keeps the port until its end, then the others take turns") {
  start({1, 2, 3});
  const auto body = filled(200000, 1);
  const auto message = wa::with_header(other, body);
  say(1, std::span{message}.first(100000));
  for (int i = 0; i < 3; ++i) {
    say(2, other, filled(1, 20 + i));
    say(3, other, filled(1, 30 + i));
  }
  CHECK(heard_by_guest().empty());
  to_guest.clear();
  say(1, std::span{message}.subspan(100000));
  const auto turns = to_guest.size();
  CHECK(turns > 100000);
  const auto after = messages_of(std::span{to_guest}.subspan(turns - 6 * 21));
  REQUIRE(after.size() == 6);
  for (int i = 0; i < 3; ++i) {
    CHECK(after[static_cast<std::size_t>(2 * i)].body == filled(1, 20 + i));
    CHECK(after[static_cast<std::size_t>(2 * i + 1)].body == filled(1, 30 + i));
  }
}

TEST_CASE_FIXTURE(agent_world, "the rest of a message whose client has left is filled up with zeros") {
  start({1, 2});
  const auto message = wa::with_header(other, filled(200000, 1));
  say(1, std::span{message}.first(100020));
  a->detached(1);
  say(2, other, filled(3, 2));
  auto expected = filled(100000, 1);
  expected.resize(200000);
  CHECK(heard_by_guest() == std::vector{seen{other, expected}, seen{other, filled(3, 2)}});
}

TEST_CASE_FIXTURE(agent_world, "filling up goes on in steps, and never has more than a window on its way") {
  start({1, 2});
  const auto message = wa::with_header(other, filled(20000000, 1));
  say(1, std::span{message}.first(100020));
  to_guest.clear();
  SUBCASE("a guest that takes everything at once gets it by and by") {
    a->detached(1);
    CHECK(to_guest.size() <= defaults::agent_filling_batch);
    for (int i = 0; i < 20; ++i) a->tick();
    CHECK(to_guest.size() == 20000020 - 100020);
  }
  SUBCASE("a guest that takes nothing gets a window") {
    takes_at_once = false;
    a->detached(1);
    CHECK(queued.size() <= defaults::agent_write_window / defaults::agent_piece);
    take_until_quiet();
    CHECK(to_guest.size() == 20000020 - 100020);
  }
  to_guest.clear();
  say(2, other, filled(3, 2));
  take_all();
  CHECK(heard_by_guest().size() == 1);
}

TEST_CASE_FIXTURE(agent_world, "a message that was taken over whole is written to its end with its own bytes") {
  start({1});
  takes_at_once = false;
  say(1, other, filled(60000, 1));
  say(1, other, filled(5, 1));
  a->detached(1);
  take_until_quiet();
  CHECK(heard_by_guest() == std::vector{seen{other, filled(60000, 1)}});
}

TEST_CASE_FIXTURE(agent_world, "while the guest takes nothing a client's tokens are kept, and come back when it does") {
  start({1});
  takes_at_once = false;
  const auto message = wa::with_header(other, filled(10000000, 1));
  std::uint64_t sent = 0;
  // A client with the protocol's window.
  const auto send_what_it_may = [&] {
    while (sent - tokens[1] < defaults::agent_tokens && sent * 2000 < message.size()) {
      const auto part = std::span{message}.subspan(sent * 2000);
      say(1, part.first(std::min<std::size_t>(2000, part.size())));
      ++sent;
    }
  };
  send_what_it_may();
  CHECK(sent * 2000 < defaults::agent_assembly + defaults::agent_write_window + 11 * defaults::agent_piece);
  while (!queued.empty()) {
    take_all();
    send_what_it_may();
  }
  CHECK(sent == tokens[1]);
  CHECK(heard_by_guest() == std::vector{seen{other, filled(10000000, 1)}});
}

TEST_CASE_FIXTURE(agent_world, "a client that stops in the middle of a long message while others wait is given up") {
  start({1, 2});
  const auto message = wa::with_header(other, filled(200000, 1));
  say(1, std::span{message}.first(100000));
  const auto ticks = [this](unsigned n) {
    for (unsigned i = 0; i < n; ++i) a->tick();
  };
  ticks(3 * defaults::agent_stall_ticks);
  CHECK(failed.empty()); // nobody waits
  say(2, other, {});
  ticks(defaults::agent_stall_ticks - 1);
  say(1, std::span{message}.subspan(100000, 1)); // it has moved: the count starts again
  ticks(defaults::agent_stall_ticks);
  CHECK(failed.empty());
  ticks(1);
  CHECK(failed == std::map<client_id, errc>{{1, errc::timed_out}});
  a->detached(1);
  CHECK(heard_by_guest().size() == 2);
}

TEST_CASE_FIXTURE(agent_world, "a guest's message reaches all clients, in whatever chunks and reads it comes") {
  start({1, 2});
  for (const std::size_t size : {0, 1, 2028, 8192, 8193, 100000}) {
    for (const std::size_t chunk : {1, 7, 2048, 0}) {
      CAPTURE(size);
      CAPTURE(chunk);
      read_limit = chunk == 2048 ? 5 : 100000;
      guest_says(wa::with_header(other, filled(size, 3)), chunk);
      CHECK(heard_by(1) == std::vector{seen{other, filled(size, 3)}});
      CHECK(heard_by(2) == std::vector{seen{other, filled(size, 3)}});
    }
  }
}

TEST_CASE_FIXTURE(agent_world, "chunks beyond the limit are taken, the server's port is passed over") {
  start({1});
  const auto message = wa::with_header(other, filled(50000, 3));
  from_guest = wire::encode(wa::chunk_header{wa::port::server, 5000});
  append(from_guest, filled(5000, 9));
  append(from_guest, wire::encode(wa::chunk_header{wa::port::client, 0}));
  append(from_guest, wire::encode(wa::chunk_header{wa::port::client, 50020}));
  append(from_guest, message);
  read_all();
  CHECK(heard_by(1) == std::vector{seen{other, filled(50000, 3)}});
}

TEST_CASE_FIXTURE(agent_world, "a client that joins in the middle of a guest's message starts with the next one") {
  start({1});
  const auto message = wa::with_header(other, filled(100000, 3));
  guest_says(std::span{message}.first(40000));
  CHECK(a->concerns(1));
  a->attached(2);
  CHECK(a->concerns(1));
  CHECK_FALSE(a->concerns(2));
  guest_says(std::span{message}.subspan(40000));
  CHECK(a->concerns(2));
  guest_says(other, filled(4, 4));
  CHECK(heard_by(1).size() == 2);
  CHECK(heard_by(2) == std::vector{seen{other, filled(4, 4)}});
}

TEST_CASE_FIXTURE(agent_world, "a client that leaves in the middle of a guest's message gets no more of it") {
  start({1, 2});
  const auto message = wa::with_header(other, filled(100000, 3));
  guest_says(std::span{message}.first(40000));
  a->detached(1);
  const auto before = to_client[1].size();
  guest_says(std::span{message}.subspan(40000));
  CHECK(to_client[1].size() == before);
  CHECK(heard_by(2).size() == 1);
  guest_says(std::span{message}.first(40000));
  a->detached(2);
  CHECK(a->concerns(3)); // nobody's: it is read and dropped
  a->attached(3);
  guest_says(std::span{message}.subspan(40000));
  guest_says(other, {});
  CHECK(heard_by(3) == std::vector{seen{other, {}}});
}

TEST_CASE_FIXTURE(agent_world, "our own word to a client waits for the end of the guest's message") {
  start({1});
  announce({1}, clipboard_capabilities);
  const auto message = wa::with_header(other, filled(100000, 3));
  guest_says(std::span{message}.first(40000));
  say(1, message_type::clipboard_request, clip(wa::clipboard_request{0, wa::clipboard_type::utf8_text}));
  guest_says(std::span{message}.subspan(40000));
  CHECK(heard_by(1) ==
        std::vector{seen{other, filled(100000, 3)}, seen{message_type::clipboard, clip(wa::clipboard_head{})}});
}

TEST_CASE_FIXTURE(agent_world, "a guest that talks to nobody is not read for ever in one go") {
  start();
  const auto message = chunks(wa::port::client, wa::with_header(other, filled(1000000, 3)));
  append(from_guest, message.view());
  const auto o = a->read(*this, 1);
  REQUIRE(o);
  CHECK(o->recipients == std::vector<client_id>{});
  CHECK(from_guest.size() > message.size() / 2);
  read_all();
  CHECK(from_guest.empty());
}

TEST_CASE("whatever the pieces and their order, the guest sees whole messages, each once, each client's in its order") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    agent_world w;
    w.random.seed(seed);
    auto& random = w.random;
    w.start({1, 2, 3});
    w.takes_at_once = seed % 2 == 0;
    // A message's body is its client, its number, and bytes that belong to both.
    std::map<client_id, bytes> streams;
    std::map<client_id, std::uint32_t> counts;
    for (client_id c = 1; c <= 3; ++c)
      for (std::uint32_t n = 0; n < 12; ++n, ++counts[c]) {
        const std::size_t size = 8 + (n % 5 == 4 ? 60000 + random() % 90000 : random() % 3000);
        wire::writer body;
        body.u32(c).u32(n);
        body.bytes(filled(size - 8, static_cast<int>(c * 16 + n)));
        append(streams[c], wa::with_header(other, body.view()));
      }
    std::map<client_id, std::size_t> at;
    const bool leaves = seed % 4 == 3;
    for (bool more = true; more;) {
      more = false;
      for (client_id c = 1; c <= 3; ++c) {
        auto rest = std::span<const std::byte>{streams[c]}.subspan(at[c]);
        if (rest.empty() || (leaves && c == 2 && at[c] > streams[c].size() / 2)) continue;
        more = true;
        if (random() % 3 == 0) continue;
        const auto n = std::min<std::size_t>(rest.size(), 1 + random() % defaults::agent_piece);
        w.say(c, rest.first(n));
        at[c] += n;
        if (leaves && c == 2 && at[c] > streams[c].size() / 2) w.a->detached(2);
      }
      if (random() % 4 == 0) w.take_all();
    }
    w.take_until_quiet();
    for (int i = 0; i < 3; ++i) w.a->tick();
    w.take_until_quiet();

    std::map<client_id, std::uint32_t> next;
    for (const auto& m : w.heard_by_guest()) {
      wire::reader r{m.body};
      const auto c = r.u32();
      CHECK(r.u32() == next[c]++);
      const auto rest = r.rest();
      if (leaves && c == 2) continue; // its last one may be filled up
      CHECK(std::all_of(rest.begin(), rest.end(),
                        [&](std::byte b) { return b == static_cast<std::byte>(c * 16 + next[c] - 1); }));
    }
    CHECK(next[1] == counts[1]);
    CHECK(next[3] == counts[3]);
    if (!leaves) CHECK(next[2] == counts[2]);
    CHECK(w.to_guest.empty());
  }
}

} // namespace saffron::devices
