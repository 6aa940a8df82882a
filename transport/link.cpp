// SPDX-License-Identifier: BSD-3-Clause
#include "transport/link.hpp"

namespace saffron::transport {

void refuse_link(accepted_link& link, asio::io_context& io, wire::link_error error) {
  struct last_word {
    transport::stream stream;
    std::vector<std::byte> bytes;
    asio::const_buffer buffer;
  };
  auto word = std::make_shared<last_word>(last_word{link.take(io), wire::encode(wire::link_result{error}), {}});
  word->buffer = asio::buffer(word->bytes);
  // Four bytes fit any socket's buffer: one write does it, and closing after it sends them.
  word->stream.async_write_some({&word->buffer, 1}, [word](std::error_code, std::size_t) { word->stream.close(); });
}

} // namespace saffron::transport
