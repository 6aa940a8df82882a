// SPDX-License-Identifier: BSD-3-Clause
// The small parts of the agent: chunks, the assembler, what waits for the self token.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

namespace {

std::vector<std::uint32_t> buttons_of(const std::vector<seen>& heard) {
  std::vector<std::uint32_t> out;
  for (const auto& m : heard) out.push_back(wire::decode<wa::mouse_state>(m.body).value().buttons);
  return out;
}

struct lying_io final : char_io {
  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte>) override { return ~std::size_t{0}; }
};

} // namespace

TEST_CASE("a backend that reads a negative number has read nothing") {
  lying_io io;
  chunk_reader r;
  CHECK(r.read(io).what == chunk_reader::outcome::nothing);
}

TEST_CASE("a message is split into chunks with a header each") {
  const bytes message(5000, std::byte{1});
  const auto out = chunks(wa::port::server, message);
  CHECK(out.size() == 5000 + 3 * wa::chunk_header::wire_size);
  CHECK(wire::decode<wa::chunk_header>(out.view()) == wa::chunk_header{wa::port::server, 2048});
  CHECK(wire::decode<wa::chunk_header>(out.view().subspan(2 * 2056)) == wa::chunk_header{wa::port::server, 904});
  CHECK(chunks(wa::port::server, {}).empty());
}

TEST_CASE("the assembler hands on the same whatever the pieces: whole, streamed, or skipped") {
  std::mt19937 random{3};
  bytes stream;
  for (std::uint32_t i = 0; i < 60; ++i)
    append(stream, wa::with_header(static_cast<message_type>(i % 3), bytes(random() % 50, static_cast<std::byte>(i))));
  for (int round = 0; round < 50; ++round) {
    message_assembler in;
    std::vector<seen> got;
    for (std::span<const std::byte> rest{stream}; !rest.empty();) {
      auto piece = rest.first(std::min<std::size_t>(rest.size(), 1 + random() % 40));
      rest = rest.subspan(piece.size());
      for (auto e = in.next(piece); e != message_assembler::event::nothing; e = in.next(piece)) {
        const auto part = in.part();
        const auto kind = static_cast<std::uint32_t>(in.header().type);
        if (e == message_assembler::event::header) {
          if (kind == 0) in.whole();
          if (kind == 1) in.stream(8);
          if (kind == 2) in.skip();
        } else if (e == message_assembler::event::whole || in.first()) {
          CHECK((e == message_assembler::event::whole) == (kind == 0));
          if (kind == 1) CHECK(part.size() >= std::min<std::size_t>(8, in.header().size));
          got.push_back({in.header().type, bytes(part.begin(), part.end())});
        } else {
          append(got.back().body, part);
        }
      }
    }
    auto expected = messages_of(stream);
    std::erase_if(expected, [](const seen& m) { return static_cast<std::uint32_t>(m.type) == 2; });
    CHECK(got == expected);
  }
}

TEST_CASE_FIXTURE(agent_world, "while the self token is in use the newest position wins, and no button is lost") {
  start({1});
  announce({1}, {wa::capability::mouse_state, wa::capability::graphics_device_info});
  returns_self_token = false;
  to_guest_server.clear();
  const auto free_token = [this] {
    ++self_tokens;
    a->self_token_freed();
  };
  free_token();
  self_tokens = 0;
  a->pointer({1, 1, 0, 0});
  a->pointer({2, 2, 0, 0});
  a->pointer({3, 3, 1, 0}); // pressed
  a->pointer({4, 4, 1, 0});
  a->pointer({5, 5, 0, 0}); // and released
  a->set_places({{0, 0, 0, "pci"}});
  CHECK(to_guest_server.empty());
  for (int i = 0; i < 4; ++i) free_token();
  const auto heard = heard_by_guest_server();
  REQUIRE(heard.size() == 4);
  CHECK(wire::decode<wa::mouse_state>(heard[0].body) == wa::mouse_state{2, 2, 0, 0});
  CHECK(wire::decode<wa::mouse_state>(heard[1].body) == wa::mouse_state{4, 4, 2, 0});
  CHECK(wire::decode<wa::mouse_state>(heard[2].body) == wa::mouse_state{5, 5, 0, 0});
  CHECK(heard[3].type == message_type::graphics_device_info);
}

TEST_CASE_FIXTURE(agent_world, "button states that wait are bounded, and the last one is the newest") {
  start({1});
  announce({1}, {wa::capability::mouse_state});
  self_tokens = 0;
  for (std::uint32_t i = 0; i < 1001; ++i) a->pointer({i, i, i % 2, 0});
  self_tokens = 1;
  a->self_token_freed();
  const auto buttons = buttons_of(heard_by_guest_server());
  CHECK(buttons.size() == defaults::agent_button_states);
  CHECK(buttons.back() == 0);
}

TEST_CASE_FIXTURE(agent_world, "what waits for a guest that has gone is forgotten") {
  start({1});
  announce({1}, {wa::capability::mouse_state});
  self_tokens = 0;
  a->pointer({1, 1, 1, 0});
  queue_full = true;
  say(1, other, bytes(10));
  const auto half = wa::with_header(other, bytes(50000));
  say(1, std::span{half}.first(30000));
  a->opened();
  self_tokens = 1;
  queue_full = false;
  a->self_token_freed();
  a->room();
  a->tick();
  CHECK(to_guest_server.empty());
  CHECK(to_guest.empty());
}

} // namespace saffron::devices
