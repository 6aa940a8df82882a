// SPDX-License-Identifier: BSD-3-Clause
// The client's side of the link stage: connect, link message, ticket, result.
#pragma once

#include "bench/load/figures.hpp"
#include "bench/load/stream.hpp"
#include "bench/load/ticket.hpp"

#include <functional>

namespace saffron::load {

struct link_outcome {
  /// Empty when the link is made, else what went wrong: "connect: Connection refused", "result: permission denied" ...
  std::string failure;
  wire::capability_set common_capabilities;
  wire::capability_set channel_capabilities;
  /// When the connection (with TLS) was up, and when the result came.
  clock::time_point connected;
  clock::time_point linked;
};

class link_client {
public:
  /// Everything referred to must live until the outcome is told.
  link_client(stream& on, ticket_encryptor& tickets, wire::link_message request, std::string ticket)
      : stream_(on), tickets_(tickets), request_(std::move(request)), ticket_(std::move(ticket)) {}

  /// `keep` is held by every pending operation. `done` is called once, unless the stream is closed by us before.
  void start(const target& to, const std::string& certificate_name, const std::shared_ptr<void>& keep,
             std::function<void(link_outcome)> done);

private:
  void send_request();
  void read_reply_header();
  void read_reply(std::uint32_t size);
  void authenticate(const wire::link_reply& reply);
  void read_result();
  void finish(std::string failure);
  template <class F>
  auto then(const char* where, F next);
  [[nodiscard]] asio::mutable_buffer room(std::size_t size) {
    in_.resize(size);
    return asio::buffer(in_);
  }

  stream& stream_;
  ticket_encryptor& tickets_;
  wire::link_message request_;
  std::string ticket_;
  std::weak_ptr<void> keep_; // the owner of this object too: only operations may hold it
  std::function<void(link_outcome)> done_;
  link_outcome outcome_;
  std::vector<std::byte> in_, out_;
};

[[nodiscard]] std::string_view name_of(wire::link_error error) noexcept;
[[nodiscard]] std::string_view name_of(wire::channel_type type) noexcept;

} // namespace saffron::load
