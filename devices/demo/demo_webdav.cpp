// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_webdav.hpp"

#include "messages/wire/codec.hpp"

#include <algorithm>
#include <string_view>

namespace saffron::devices::demo {

namespace {
constexpr std::size_t head_size = 10;
constexpr std::size_t longest_line = 200;
constexpr std::int64_t our_connection = 1;
constexpr std::string_view request = "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
} // namespace

void demo_webdav::on_start(memory_line& line) {
  line_ = &line;
  memory_peer::on_start(line);
}

void demo_webdav::on_in_use(bool in_use) {
  head_.clear();
  left_ = 0;
  first_line_.clear();
  told_ = false;
  if (!in_use) return;
  wire::writer w;
  w.i64(our_connection).u16(static_cast<std::uint16_t>(request.size())).bytes(std::as_bytes(std::span{request}));
  line_->write(w.view()); // a new line has room for it
}

std::size_t demo_webdav::on_bytes(std::span<const std::byte> bytes) {
  const auto all = bytes.size();
  while (!bytes.empty()) {
    if (left_ == 0) {
      const auto part = bytes.first(std::min(head_size - head_.size(), bytes.size()));
      head_.insert(head_.end(), part.begin(), part.end());
      bytes = bytes.subspan(part.size());
      if (head_.size() < head_size) break;
      wire::reader r{head_};
      (void)r.i64();
      left_ = r.u16();
      head_.clear();
      continue;
    }
    const auto part = bytes.first(std::min(left_, bytes.size()));
    look_at(part);
    left_ -= part.size();
    bytes = bytes.subspan(part.size());
  }
  return all;
}

void demo_webdav::look_at(std::span<const std::byte> piece) {
  if (told_) return;
  first_line_.append(reinterpret_cast<const char*>(piece.data()), std::min(piece.size(), longest_line));
  const auto end = first_line_.find('\r');
  if (end == std::string::npos && first_line_.size() < longest_line) return;
  told_ = true;
  answered_(first_line_.substr(0, std::min(end, longest_line)));
}

} // namespace saffron::devices::demo
