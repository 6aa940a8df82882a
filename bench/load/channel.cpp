// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/channel.hpp"

#include "messages/wire/header.hpp"

#include <fmt/format.h>

namespace saffron::load {

namespace {

constexpr std::uint16_t first_own_type = 101; // below are the messages of every channel

wire::link_message with_common(wire::link_message request, bool mini_header) {
  request.common_capabilities.set(wire::common_capability::auth_selection);
  if (mini_header) request.common_capabilities.set(wire::common_capability::mini_header);
  return request;
}

// saffron::to_string(errc) would bring the server's library in.
std::string_view sentence(errc what) {
  switch (what) {
  case errc::unknown_message: return "message of no known type";
  case errc::out_of_order: return "message not allowed now";
  default: return "malformed message";
  }
}

} // namespace

channel::channel(worker& home, listener& owner, wire::link_message request, std::string ticket)
    : home_(home), owner_(&owner), type_(request.channel_type), id_(request.channel_id),
      mini_(home.settings().mini_header), stream_(home.io(), home.around().tls),
      linker_(stream_, home.tickets(), with_common(std::move(request), mini_), std::move(ticket)) {}

void channel::open() {
  linker_.start(home_.around().server, home_.settings().tls_host, shared_from_this(),
                [this](link_outcome outcome) { on_link(std::move(outcome)); });
}

void channel::on_link(link_outcome outcome) {
  if (owner_ == nullptr) return;
  if (!outcome.failure.empty()) {
    ++home_.counts().link.failures[fmt::format("{}: {}", name_of(type_), outcome.failure)];
    return ended(outcome.failure);
  }
  link_ = std::move(outcome);
  ++home_.counts().link.links;
  mini_ = mini_ && link_.common_capabilities.has(wire::common_capability::mini_header);
  const bool needs_all = home_.settings().needs_pixels() && type_ == wire::channel_type::display;
  framing_.emplace(mini_, needs_all ? framing::size_limit : framing::default_whole_limit);
  owner_->on_linked(*this);
  if (owner_ != nullptr) read();
}

void channel::read() {
  if (reading_ || paused_ || owner_ == nullptr) return;
  reading_ = true;
  const auto space = framing_->space();
  stream_.read_some(asio::buffer(space.data(), space.size()),
                    [this, self = shared_from_this()](asio::error_code error, std::size_t n) { on_read(error, n); });
}

void channel::on_read(asio::error_code error, std::size_t n) {
  reading_ = false;
  if (owner_ == nullptr) return;
  if (error) return ended(error == asio::error::eof ? "closed by the server" : error.message());
  read_at_ = clock::now();
  bytes_in_ += n;
  home_.counts().traffic.bytes_in += n;
  framing_->filled(n);
  if (handle_buffered()) read();
}

bool channel::handle_buffered() {
  corked_ = true;
  while (owner_ != nullptr && !paused_) {
    const auto message = framing_->next();
    if (!message) break;
    dispatch(*message);
  }
  corked_ = false;
  if (owner_ == nullptr) return false;
  flush();
  if (!framing_->broken()) return !paused_;
  ++home_.counts().violations[fmt::format("{}: message too large", name_of(type_))];
  ended("message too large");
  return false;
}

void channel::dispatch(const message_view& m) {
  ++home_.counts().traffic.messages;
  if (!m.whole()) ++home_.counts().traffic.skimmed;
  count_for_ack();
  if (m.sub_list != 0) {
    const auto subs = wire::read_sub_messages(m.body, m.sub_list);
    if (!subs) violation(m, subs.error());
    if (subs)
      for (const auto& sub : *subs)
        if (owner_ != nullptr)
          owner_->on_message(*this, {sub.type, static_cast<std::uint32_t>(sub.body.size()), 0, m.serial, sub.body});
  }
  if (owner_ == nullptr) return;
  if (m.type >= first_own_type)
    owner_->on_message(*this, m);
  else
    on_common(m);
}

void channel::on_common(const message_view& m) {
  namespace tc = wire::common::to_client;
  if (!m.whole() && m.type == tc::ping::type) { // the bandwidth test: all of it has arrived, though it was not kept
    wire::reader r{m.body};
    const auto id = r.u32();
    return send(wire::common::to_server::pong{id, r.u64()});
  }
  const auto message = tc::decode_any(m.type, m.body);
  if (!message) return m.whole() ? violation(m, message.error()) : void();
  if (const auto* set_ack = std::get_if<tc::set_ack>(&*message)) {
    ack_window_ = ack_left_ = set_ack->window;
    send(wire::common::to_server::ack_sync{set_ack->generation});
  } else if (const auto* ping = std::get_if<tc::ping>(&*message)) {
    send(wire::common::to_server::pong{ping->id, ping->timestamp});
  } else if (const auto* list = std::get_if<tc::list>(&*message)) {
    for (const auto& sub : list->messages) {
      const message_view inner{sub.type, static_cast<std::uint32_t>(sub.body.size()), 0, m.serial, sub.body};
      if (sub.type == tc::list::type) return violation(m, errc::out_of_order); // lists of lists could nest for ever
      if (sub.type < first_own_type)
        on_common(inner);
      else if (owner_ != nullptr)
        owner_->on_message(*this, inner);
    }
  }
}

void channel::count_for_ack() {
  if (ack_window_ == 0 || --ack_left_ != 0) return;
  ack_left_ = ack_window_;
  send(wire::common::to_server::ack{});
}

void channel::violation(const message_view& m, errc what) {
  ++home_.counts().violations[fmt::format("{}: {} (type {})", name_of(type_), sentence(what), m.type)];
}

void channel::send(std::uint16_t type, const std::vector<std::byte>& body) {
  if (owner_ == nullptr) return;
  const auto append = [this](const auto& bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); };
  ++sent_;
  const auto size = static_cast<std::uint32_t>(body.size());
  if (mini_)
    append(wire::encode_header(wire::mini_header{.type = type, .size = size}));
  else
    append(wire::encode_header(wire::full_header{.serial = sent_, .type = type, .size = size, .sub_list = 0}));
  append(body);
  if (!corked_) flush();
}

void channel::flush() {
  if (write_pending_ || out_.empty()) return;
  write_pending_ = true;
  writing_.swap(out_);
  out_.clear();
  stream_.write_all(asio::buffer(writing_), [this, self = shared_from_this()](asio::error_code error, std::size_t n) {
    write_pending_ = false;
    if (error || owner_ == nullptr) return; // the reading side reports what went wrong
    home_.counts().traffic.bytes_out += n;
    flush();
  });
}

void channel::resume() {
  if (!paused_) return;
  paused_ = false;
  if (owner_ == nullptr || !framing_) return;
  read_at_ = clock::now();
  if (handle_buffered()) read();
}

void channel::close() noexcept {
  owner_ = nullptr;
  stream_.close();
}

void channel::ended(const std::string& why) {
  auto* owner = std::exchange(owner_, nullptr);
  const bool was_linked = linked();
  stream_.close();
  if (owner != nullptr) owner->on_ended(*this, was_linked, why);
}

} // namespace saffron::load
