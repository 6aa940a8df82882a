// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/link_client.hpp"

#include <asio/error.hpp>
#include <fmt/format.h>

namespace saffron::load {

namespace {
constexpr std::uint32_t reply_limit = 64 * 1024;
}

/// Goes on with `next` after a transfer, or ends the link with the name of the step that failed.
template <class F>
auto link_client::then(const char* where, F next) {
  return [this, keep = keep_.lock(), where, next](asio::error_code error, std::size_t) {
    if (error == asio::error::operation_aborted) return; // closed by us
    if (error) return finish(fmt::format("{}: {}", where, error.message()));
    next();
  };
}

void link_client::start(const target& to, const std::string& certificate_name, const std::shared_ptr<void>& keep,
                        std::function<void(link_outcome)> done) {
  keep_ = keep;
  done_ = std::move(done);
  stream_.connect(to, certificate_name, [this, keep](const char* where, asio::error_code error) {
    if (error == asio::error::operation_aborted) return;
    if (error) return finish(fmt::format("{}: {}", where, error.message()));
    outcome_.connected = clock::now();
    send_request();
  });
}

void link_client::send_request() {
  out_ = wire::link_request(request_);
  stream_.write_all(asio::buffer(out_), then("link message", [this] { read_reply_header(); }));
}

void link_client::read_reply_header() {
  stream_.read_all(room(wire::link_header::wire_size), then("link reply", [this] {
                     const auto header = wire::decode<wire::link_header>(in_);
                     if (!header || header->magic != wire::link_magic) return finish("link reply: no magic");
                     if (header->major != wire::link_major) return finish("link reply: another version");
                     if (header->size < wire::link_reply_size || header->size > reply_limit)
                       return finish("link reply: bad size");
                     read_reply(header->size);
                   }));
}

void link_client::read_reply(std::uint32_t size) {
  stream_.read_all(room(size), then("link reply", [this] {
                     const auto reply = wire::decode<wire::link_reply>(in_);
                     if (!reply) return finish("link reply: malformed");
                     if (reply->error != wire::link_error::ok)
                       return finish(fmt::format("link reply: {}", name_of(reply->error)));
                     authenticate(*reply);
                   }));
}

void link_client::authenticate(const wire::link_reply& reply) {
  outcome_.common_capabilities = reply.common_capabilities;
  outcome_.channel_capabilities = reply.channel_capabilities;
  const auto encrypted = tickets_.encrypt(reply.public_key, ticket_);
  if (!encrypted) return finish("ticket: no usable key in the link reply");
  wire::writer w;
  if (request_.common_capabilities.has(wire::common_capability::auth_selection)) {
    if (!reply.common_capabilities.has(wire::common_capability::auth_spice)) return finish("ticket: server wants SASL");
    write(w, wire::link_auth_mechanism{wire::auth_mechanism::spice});
  }
  write(w, *encrypted);
  out_ = w.release();
  stream_.write_all(asio::buffer(out_), then("ticket", [this] { read_result(); }));
}

void link_client::read_result() {
  stream_.read_all(room(sizeof(wire::link_error)), then("result", [this] {
                     const auto result = wire::decode<wire::link_result>(in_);
                     if (!result) return finish("result: malformed");
                     if (result->error != wire::link_error::ok)
                       return finish(fmt::format("result: {}", name_of(result->error)));
                     outcome_.linked = clock::now();
                     finish({});
                   }));
}

void link_client::finish(std::string failure) {
  outcome_.failure = std::move(failure);
  const auto done = std::move(done_);
  done(std::move(outcome_));
}

std::string_view name_of(wire::link_error error) noexcept {
  using wire::link_error;
  switch (error) {
  case link_error::ok: return "ok";
  case link_error::error: return "error";
  case link_error::invalid_magic: return "invalid magic";
  case link_error::invalid_data: return "invalid data";
  case link_error::version_mismatch: return "version mismatch";
  case link_error::need_secured: return "need secured";
  case link_error::need_unsecured: return "need unsecured";
  case link_error::permission_denied: return "permission denied";
  case link_error::bad_connection_id: return "bad connection id";
  case link_error::channel_not_available: return "channel not available";
  }
  return "unknown error";
}

std::string_view name_of(wire::channel_type type) noexcept {
  using wire::channel_type;
  switch (type) {
  case channel_type::main: return "main";
  case channel_type::display: return "display";
  case channel_type::inputs: return "inputs";
  case channel_type::cursor: return "cursor";
  case channel_type::playback: return "playback";
  case channel_type::record: return "record";
  case channel_type::tunnel: return "tunnel";
  case channel_type::smartcard: return "smartcard";
  case channel_type::usbredir: return "usbredir";
  case channel_type::port: return "port";
  case channel_type::webdav: return "webdav";
  }
  return "unknown channel";
}

} // namespace saffron::load
