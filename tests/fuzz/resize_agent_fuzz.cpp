// SPDX-License-Identifier: BSD-3-Clause
// A client's agent stream, as the resize agent sees it. The first byte chooses the size of the pieces; whatever it is,
// the answers must be those to the largest pieces.
#include "actors/resize_agent.hpp"
#include "messages/defaults.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace saffron;

namespace {

struct outcome {
  std::vector<std::vector<std::byte>> messages;
  std::vector<wire::agent::monitor> monitors;
  errc error = errc::none;

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome talk(std::span<const std::byte> stream, std::size_t step) {
  actors::resize_agent agent;
  outcome out;
  while (!stream.empty()) {
    const auto piece = stream.first(std::min(step, stream.size()));
    stream = stream.subspan(piece.size());
    const auto answer = agent.receive(piece);
    if (!answer) {
      out.error = answer.error();
      return out;
    }
    out.messages.insert(out.messages.end(), answer->messages.begin(), answer->messages.end());
    if (!answer->monitors.empty()) out.monitors = answer->monitors;
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto stream = std::as_bytes(std::span{data + 1, size - 1});
  const auto some = talk(stream, data[0] + std::size_t{1});
  const auto most = talk(stream, defaults::agent_piece);
  // An error drops what its own piece had brought before it.
  if (some.error != most.error || (some.error == errc::none && some != most)) std::abort();
  return 0;
}
