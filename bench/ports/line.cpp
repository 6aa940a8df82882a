// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ports/line.hpp"

#include "bench/ports/end_run.hpp"
#include "messages/wire/common.hpp"
#include "messages/wire/header.hpp"
#include "messages/wire/port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace saffron::ports {

namespace {
namespace to_client = wire::common::to_client;
namespace to_server = wire::common::to_server;
} // namespace

// -- reading ----------------------------------------------------------------------------------------------------------

void line::read() {
  stream_.read_some(asio::buffer(in_), [this](asio::error_code error, std::size_t n) {
    if (error == asio::error::operation_aborted) return;
    if (error) end_run(fmt::format("reading: {}", error.message()));
    const auto bytes = std::span{in_}.first(n);
    if (dress_ == dress::spice)
      unframe(bytes);
    else
      on_bytes(bytes);
    read();
  });
}

void line::unframe(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (header_read_ < header_size) {
      const auto n = std::min(bytes.size(), header_size - header_read_);
      std::copy_n(bytes.begin(), n, header_.begin() + static_cast<std::ptrdiff_t>(header_read_));
      header_read_ += n;
      bytes = bytes.subspan(n);
      if (header_read_ == header_size) header_complete();
    } else {
      const auto part = bytes.first(std::min(bytes.size(), left_));
      bytes = bytes.subspan(part.size());
      left_ -= part.size();
      if (type_ == wire::port::plain_data::type)
        on_bytes(part);
      else
        body_.insert(body_.end(), part.begin(), part.end());
    }
    if (header_read_ == header_size && left_ == 0) message_complete();
  }
}

void line::header_complete() {
  const auto h = wire::decode_mini_header(header_);
  type_ = h.type;
  left_ = h.size;
  body_.clear();
}

void line::message_complete() {
  header_read_ = 0;
  if (ack_window_ != 0 && --ack_left_ == 0) {
    ack_left_ = ack_window_;
    send_message(to_server::ack::type, {});
  }
  if (const auto set = wire::decode<to_client::set_ack>(body_); type_ == to_client::set_ack::type && set) {
    ack_window_ = ack_left_ = set->window;
    send_message(to_server::ack_sync::type, wire::encode(to_server::ack_sync{set->generation}));
  } else if (type_ == to_client::ping::type) {
    wire::reader r{body_};
    const auto id = r.u32();
    send_message(to_server::pong::type, wire::encode(to_server::pong{id, r.u64()}));
  } else if (type_ != wire::port::plain_data::type) {
    on_message(type_, body_);
  }
}

// -- writing ----------------------------------------------------------------------------------------------------------

void line::send(std::span<const std::byte> bytes, std::function<void()> sent) {
  bytes_ = bytes;
  sent_ = std::move(sent);
  flush();
}

void line::send_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto header = wire::encode_header(wire::mini_header{type, static_cast<std::uint32_t>(body.size())});
  control_.insert(control_.end(), header.begin(), header.end());
  control_.insert(control_.end(), body.begin(), body.end());
  flush();
}

void line::flush() {
  if (writing_ || (control_.empty() && !sent_)) return;
  writing_ = true;
  head_.clear();
  head_.swap(control_);
  if (sent_ && dress_ == dress::spice) {
    const wire::mini_header h{wire::port::plain_data::type, static_cast<std::uint32_t>(bytes_.size())};
    const auto header = wire::encode_header(h);
    head_.insert(head_.end(), header.begin(), header.end());
  }
  const auto bytes = sent_ ? bytes_ : std::span<const std::byte>{};
  const std::array buffers{asio::buffer(std::as_const(head_)), asio::buffer(bytes.data(), bytes.size())};
  stream_.write_all(buffers, [this, sent = std::exchange(sent_, nullptr)](asio::error_code error, std::size_t) {
    if (error == asio::error::operation_aborted) return;
    if (error) end_run(fmt::format("writing: {}", error.message()));
    writing_ = false;
    if (sent) sent();
    flush();
  });
}

} // namespace saffron::ports
