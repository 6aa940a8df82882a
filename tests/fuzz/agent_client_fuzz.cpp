// SPDX-License-Identifier: BSD-3-Clause
// What three clients may do, in any order: come, leave, send messages that look right or do not, while a guest takes
// what it gets or sleeps, comes and goes. What it gets must be whole messages, and no token may be lost or made.
#include "tests/fuzz/agent_table.hpp"

using namespace saffron;
using namespace saffron::fuzz;

namespace {

// Reads the input as operations.
struct script {
  std::span<const std::byte> rest;

  std::uint8_t next() {
    if (rest.empty()) return 0;
    const auto out = static_cast<std::uint8_t>(rest.front());
    rest = rest.subspan(1);
    return out;
  }
  std::span<const std::byte> next(std::size_t n) {
    const auto out = rest.first(std::min(n, rest.size()));
    rest = rest.subspan(out.size());
    return out;
  }
};

void one_step(agent_table& t, script& s) {
  const auto what = s.next();
  const client_id c = 1 + what / 16 % 3;
  switch (what % 16) {
  case 0: t.attach(c); break;
  case 1: t.detach(c); break;
  case 2:
    t.agent.opened();
    t.new_guest();
    break;
  case 3:
    t.agent.closed();
    t.new_guest();
    break;
  case 4: t.agent.set_resizable(s.next() % 2 != 0); break;
  case 5:
    t.sleeps = s.next() % 2 != 0;
    t.take();
    break;
  case 6: t.take(); break;
  case 7: t.agent.tick(); break;
  case 8: t.agent.pointer({s.next(), s.next(), s.next(), 0}); break;
  case 9: { // the guest speaks
    const auto type = static_cast<wire::agent::message_type>(s.next() % 18);
    const auto message = wire::agent::with_header(type, s.next(s.next()));
    const auto chunk = devices::chunks(wire::agent::port::client, message);
    t.from_guest = chunk.view();
    t.read_all();
    break;
  }
  case 10: t.say(c, s.next(s.next())); break; // any bytes
  case 11: {                                  // the beginning of a long message; what follows are its bytes
    const auto type = static_cast<wire::agent::message_type>(s.next() % 18);
    t.say(c, wire::encode(wire::agent::message_header{.type = type, .size = 70000u + s.next()}));
    break;
  }
  case 12: t.say(c, std::vector<std::byte>(2000)); break;
  default: {
    const auto type = static_cast<wire::agent::message_type>(s.next() % 18);
    t.say(c, wire::agent::with_header(type, s.next(s.next())));
    break;
  }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  agent_table t;
  script s{std::as_bytes(std::span{data, size})};
  while (!s.rest.empty()) one_step(t, s);
  t.sleeps = false;
  t.take();
  for (int i = 0; i < 3; ++i) t.agent.tick();
  must_be_whole_messages(t.to_guest);
  t.agent.closed();
  t.tokens_must_be_back();
  return 0;
}
