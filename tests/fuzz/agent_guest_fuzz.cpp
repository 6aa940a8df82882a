// SPDX-License-Identifier: BSD-3-Clause
// Bytes of a guest, read by an agent with two clients. The first byte says how much one read gives; whatever it is,
// each client must get the same stream, made of whole messages.
#include "tests/fuzz/agent_table.hpp"

using namespace saffron;
using namespace saffron::fuzz;

namespace {

struct outcome {
  std::map<client_id, std::vector<std::byte>> heard;
  bool failed = false;
};

outcome listen(std::span<const std::byte> stream, std::size_t step) {
  agent_table t;
  for (client_id c = 1; c <= 2; ++c) {
    t.agent.attached(c);
    t.say(c, wire::agent::encode_whole(wire::agent::announce_capabilities{
                 0, {wire::agent::capability::clipboard_by_demand, wire::agent::capability::clipboard_selection}}));
    t.say(c, wire::agent::encode_whole(wire::agent::file_xfer_start{c, {}}));
  }
  t.heard.clear();
  t.from_guest = stream;
  t.step = step;
  t.read_all();
  return {t.heard, t.has_failed};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto stream = std::as_bytes(std::span{data + 1, size - 1});
  const auto some = listen(stream, data[0] + std::size_t{1});
  for (const auto& [c, heard] : some.heard) must_be_whole_messages(heard);
  const auto most = listen(stream, stream.size() + 1);
  // A failure drops what came in the same read before it.
  if (some.failed != most.failed || (!some.failed && some.heard != most.heard)) std::abort();
  return 0;
}
