// SPDX-License-Identifier: BSD-3-Clause
#include "transport/connection.hpp"

#include "messages/defaults.hpp"
#include "messages/wire/header.hpp"

#include <asio/post.hpp>

namespace saffron::transport {

namespace {

errc reason_for(std::error_code e) {
  if (e == asio::error::eof || e == asio::error::connection_reset || e == asio::error::broken_pipe ||
      e == asio::ssl::error::stream_truncated)
    return errc::closed_by_peer;
  return e.category() == asio::error::get_ssl_category() ? errc::tls_failed : errc::socket_failed;
}

} // namespace

connection::connection(accepted_link& link, activation& actor, connection_owner& owner, counters& counted, limits l)
    : actor_(actor), owner_(owner), counted_(counted), stream_(link.take(actor.home().io())),
      framer_(link.mini_header(), l.message), limits_(l), mini_header_(link.mini_header()) {}

void connection::start() {
  outbox_.push(wire::encode(wire::link_result{wire::link_error::ok}));
  schedule_write();
  read();
}

void connection::send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) {
  if (closed_) return;
  std::size_t size = head.size();
  for (const auto& part : payload) size += part.size();
  ++serial_; // every message counts, whatever header carries it
  if (mini_header_)
    outbox_.push(wire::encode_header(wire::mini_header{type, static_cast<std::uint32_t>(size)}));
  else
    outbox_.push(wire::encode_header(wire::full_header{serial_, type, static_cast<std::uint32_t>(size), 0}));
  outbox_.push(head);
  for (const auto& part : payload) outbox_.push(part);
  if (outbox_.size() > limits_.outbox)
    asio::post(actor_.home().io(), completion(actor_, [this] { fail_with(errc::too_many); }));
  else
    schedule_write();
}

void connection::resume() {
  held_ = false;
  asio::post(actor_.home().io(), completion(actor_, [this] {
               deliver();
               read();
             }));
}

void connection::close() noexcept {
  closed_ = true;
  outbox_.clear();
  stream_.close();
}

void connection::read() {
  if (closed_ || held_ || reading_) return;
  reading_ = true;
  const auto room = framer_.room();
  stream_.async_read_some(asio::buffer(room.data(), room.size()),
                          completion(actor_, [this](std::error_code failed, std::size_t n) {
                            reading_ = false;
                            if (closed_) return;
                            if (failed) return fail_with(reason_for(failed));
                            received_ += n;
                            counted_.bytes_received.add(n);
                            framer_.filled(n);
                            deliver();
                            read();
                          }));
}

void connection::deliver() {
  while (!closed_ && !held_ && !reading_) {
    const auto next = framer_.next();
    if (!next) return fail_with(next.error());
    if (!next->has_value()) return;
    owner_.on_message((*next)->type, (*next)->body);
  }
}

void connection::schedule_write() {
  if (writing_) return;
  writing_ = true; // the write starts when the current handler is done, with all that it sent
  asio::post(actor_.home().io(), completion(actor_, [this] { write(); }));
}

void connection::write() {
  if (closed_) return;
  stream_.async_write_some(outbox_.next_batch(defaults::write_batch_bytes, defaults::write_batch_buffers),
                           completion(actor_, [this](std::error_code failed, std::size_t n) {
                             if (closed_) return;
                             if (failed) return fail_with(reason_for(failed));
                             sent_ += n;
                             counted_.bytes_sent.add(n);
                             outbox_.consume(n);
                             if (!outbox_.empty()) return write();
                             writing_ = false;
                             owner_.on_drained();
                           }));
}

void connection::fail_with(errc reason) {
  if (closed_) return;
  close();
  owner_.on_closed(reason);
}

} // namespace saffron::transport
