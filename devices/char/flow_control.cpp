// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/flow_control.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

/// The backend as the reader sees it: counted, not more than a turn's bytes, and gone when it goes while it is read.
class flow_control::meter final : public char_io {
public:
  explicit meter(flow_control& flow) : flow_(flow) {}

  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte> room) override {
    room = room.first(std::min(room.size(), flow_.turn_.bytes));
    if (room.empty() || !flow_.can_move()) return 0;
    const auto size = std::min(flow_.backend_->read(room), room.size());
    flow_.turn_.bytes -= size;
    flow_.bytes_read_ += size;
    if (size != 0) flow_.active_ = flow_.running_;
    return size;
  }

private:
  flow_control& flow_;
};

flow_control::flow_control(flow_settings settings, device_reader& reader, flow_outlet& out)
    : settings_(settings), reader_(reader), out_(out), self_tokens_(settings.self_tokens) {}

// -- reading and writing ----------------------------------------------------------------------------------------------

void flow_control::settle(bool until_quiet) {
  if (settling_) return; // the outermost call goes on with what this one wants
  struct guard {
    bool& flag;
    ~guard() { flag = false; }
  } guard{settling_ = true};
  turn_ = {};
  auto moved = bytes_read_ + bytes_written_;
  for (;;) {
    notices_.tell(out_);
    if (!want_write_ && !want_read_) {
      const auto before = std::exchange(moved, bytes_read_ + bytes_written_);
      if (until_quiet && moved != before)
        move_bytes();
      else if (!arm_retry())
        break;
      continue;
    }
    if (turn_.steps == 0 || turn_.bytes == 0) {
      want_write_ = want_read_ = false;
      if (!std::exchange(continuing_, true)) out_.continue_soon();
      return;
    }
    --turn_.steps;
    if (std::exchange(want_write_, false)) { // first make room, then read: the guest may wait for either
      write_buffer_on();
    } else {
      want_read_ = false;
      read_message();
    }
  }
}

void flow_control::read_message() {
  const auto budget = can_move() ? read_budget() : 0;
  if (budget == 0) return press_the_slow();
  meter io{*this};
  const auto message = reader_.read(io, budget);
  if (message) {
    active_ = running_;
    send_now(*message);
  }
  // Without a message the backend has no more, unless the meter kept it back.
  if (message || turn_.bytes == 0) want_read_ = true;
}

void flow_control::write_buffer_on() {
  if (!can_move() || queue_.empty()) return;
  retry_armed_ = false;
  const auto rest = queue_.begin_write();
  const auto taken = std::min(backend_->write(rest.view()), rest.size());
  bytes_written_ += taken;
  if (taken != 0) {
    active_ = running_;
    want_write_ = true;
  }
  const auto progress = queue_.end_write(taken);
  if (auto* writer = progress.client ? find(*progress.client) : nullptr) writer->write_bytes -= progress.bytes;
  if (!progress.done) return;
  want_write_ = true;
  release(*progress.done);
  if (queue_.empty()) notices_.add({}, flow_notices::queue_empty{});
}

bool flow_control::arm_retry() {
  if (retry_armed_ || !can_move() || queue_.empty() || backend_->tells_writable()) return false;
  retry_armed_ = true;
  out_.await_write(++retry_epoch_);
  return true;
}

bool flow_control::can_move() const {
  return running_ && backend_ != nullptr &&
         std::none_of(clients_.begin(), clients_.end(), [](const auto& c) { return c.waits_for_migrate_data(); });
}

std::uint64_t flow_control::read_budget() const {
  if (clients_.empty()) return unlimited_tokens; // what is read is thrown away
  std::uint64_t most = 0;
  for (const auto& c : clients_)
    if (const auto budget = c.send_budget(); budget > most && reader_.concerns(c.id())) most = budget;
  return most;
}

// A message that has begun is for clients without tokens, and others wait for what follows it: not for ever.
void flow_control::press_the_slow() {
  const auto waits_for_another = [&](const client_ledger& c) {
    return c.send_budget() > 0 && !reader_.concerns(c.id());
  };
  if (!can_move() || !reader_.in_the_middle() || std::none_of(clients_.begin(), clients_.end(), waits_for_another))
    return;
  for (auto& c : clients_)
    if (!c.condemned() && c.waiting_epoch == 0 && reader_.concerns(c.id())) start_waiting(c);
}

// -- clients ----------------------------------------------------------------------------------------------------------

bool flow_control::attach_client(client_id client, const client_flow& flow) {
  if (has_client(client) || (flow.wait_for_migrate_data && active_)) return false;
  clients_.emplace_back(client, flow);
  move_bytes();
  settle();
  return true;
}

void flow_control::detach_client(client_id client) {
  const auto place = std::find_if(clients_.begin(), clients_.end(), [&](const auto& c) { return c.id() == client; });
  if (place == clients_.end()) return;
  clients_.erase(place);
  notices_.forget(client);
  for (auto& buffer : queue_.remove(client)) {
    if (buffer.origin == buffer_origin::client) continue;
    release(buffer);
  }
  move_bytes(); // nobody may be left to read for, or to wait for
  settle();
}

bool flow_control::has_client(client_id client) const { return find(client) != nullptr; }

void flow_control::add_send_tokens(client_id client, std::uint64_t tokens) {
  auto* c = find_served(client);
  if (c == nullptr || tokens == 0) return;
  c->add_send_tokens(tokens);
  tokens_have_come(*c);
  settle();
}

void flow_control::set_send_tokens(client_id client, std::uint64_t tokens) {
  auto* c = find_served(client);
  if (c == nullptr) return;
  c->set_send_tokens(tokens);
  if (tokens == 0) return;
  tokens_have_come(*c);
  settle();
}

void flow_control::tokens_have_come(client_ledger& client) {
  while (const auto message = client.next()) notices_.add(client.id(), *message);
  client.waiting_epoch = 0;
  if (client.waits_for_tokens()) start_waiting(client);
  want_read_ = true;
}

void flow_control::send(const outgoing& message) {
  send_now(message);
  settle();
}

void flow_control::send_now(const outgoing& message) {
  const auto& to = message.recipients;
  for (auto& c : clients_)
    if (!c.condemned() && (!to || std::find(to->begin(), to->end(), c.id()) != to->end())) offer(c, message.message);
}

void flow_control::offer(client_ledger& client, const device_message& message) {
  switch (client.offer(message)) {
  case client_ledger::verdict::deliver: notices_.add(client.id(), message); break;
  case client_ledger::verdict::first_queued: start_waiting(client); break;
  case client_ledger::verdict::queued: break;
  case client_ledger::verdict::overflow: condemn(client, errc::send_queue_overflow); break;
  }
}

void flow_control::start_waiting(client_ledger& client) {
  client.waiting_epoch = ++epoch_;
  notices_.add(client.id(), flow_notices::tokens_timer{epoch_});
}

void flow_control::tokens_expired(client_id client, std::uint64_t epoch) {
  auto* c = find_served(client);
  if (c == nullptr || epoch == 0 || c->waiting_epoch != epoch) return;
  condemn(*c, errc::timed_out);
  settle();
}

void flow_control::give_up(client_id client, errc reason) {
  auto* c = find_served(client);
  if (c == nullptr) return;
  condemn(*c, reason);
  settle();
}

void flow_control::condemn(client_ledger& client, errc reason) {
  if (client.waits_for_migrate_data()) move_bytes();
  client.condemn();
  notices_.add(client.id(), remove_client{reason});
}

client_ledger* flow_control::find(client_id client) {
  return const_cast<client_ledger*>(std::as_const(*this).find(client));
}

const client_ledger* flow_control::find(client_id client) const {
  const auto place = std::find_if(clients_.begin(), clients_.end(), [&](const auto& c) { return c.id() == client; });
  return place == clients_.end() ? nullptr : &*place;
}

client_ledger* flow_control::find_served(client_id client) {
  auto* c = find(client);
  return c == nullptr || c->condemned() ? nullptr : c;
}

// -- writing ----------------------------------------------------------------------------------------------------------

result<void> flow_control::take_client_tokens(client_id client, std::uint64_t price) {
  auto* c = find_served(client);
  if (c == nullptr || c->waits_for_migrate_data()) return fail{errc::out_of_order};
  if (c->take(price)) return {};
  condemn(*c, errc::token_violation);
  settle();
  return fail{errc::token_violation};
}

result<void> flow_control::write_client(client_id client, shared_bytes bytes, std::uint64_t price) {
  auto* c = find(client);
  if (c == nullptr) return fail{errc::out_of_order};
  const bool room = room_for(*c, bytes.size());
  if (c->condemned() || !room || bytes.empty()) {
    c->give_back(price);
    const auto refused = c->condemned() ? errc::out_of_order : room ? errc::none : errc::too_many;
    tell_freed(*c);
    if (refused == errc::too_many) condemn(*c, refused);
    settle();
    if (refused != errc::none) return fail{refused};
    return {};
  }
  c->write_bytes += bytes.size();
  queue_.push({buffer_origin::client, client, price, std::move(bytes)});
  want_write_ = true;
  settle();
  return {};
}

void flow_control::release_client_tokens(client_id client, std::uint64_t price) {
  auto* c = find(client);
  if (c == nullptr) return;
  c->give_back(price);
  tell_freed(*c);
  settle();
}

bool flow_control::write_server(shared_bytes bytes) {
  if (self_tokens_ == 0 || !room_for(bytes.size())) return false;
  --self_tokens_;
  write_ours(buffer_origin::server, std::move(bytes));
  return true;
}

bool flow_control::write_server_no_token(shared_bytes bytes) {
  if (!room_for(bytes.size())) return false;
  write_ours(buffer_origin::server_no_token, std::move(bytes));
  return true;
}

void flow_control::write_ours(buffer_origin origin, shared_bytes bytes) {
  write_buffer buffer{origin, {}, 0, std::move(bytes)};
  if (buffer.bytes.empty()) {
    release(buffer); // a device takes no bytes never
  } else {
    queue_.push(std::move(buffer));
    want_write_ = true;
  }
  settle();
}

void flow_control::release(const write_buffer& buffer) {
  if (buffer.origin == buffer_origin::server) {
    ++self_tokens_;
    notices_.add({}, flow_notices::self_token{});
  }
  if (buffer.origin != buffer_origin::client) return;
  if (auto* c = find(*buffer.client)) {
    c->give_back(buffer.price);
    tell_freed(*c);
  }
}

void flow_control::tell_freed(client_ledger& client) {
  if (const auto tokens = client.grant(settings_.client_tokens_interval))
    notices_.add(client.id(), token_grant{tokens});
}

bool flow_control::room_for(std::size_t bytes) const {
  return queue_.bytes() <= settings_.write_queue_bytes && bytes <= settings_.write_queue_bytes - queue_.bytes();
}

bool flow_control::room_for(const client_ledger& client, std::size_t bytes) const {
  return room_for(bytes) && client.write_bytes <= settings_.client_write_bytes &&
         bytes <= settings_.client_write_bytes - client.write_bytes;
}

// -- the device's life ------------------------------------------------------------------------------------------------

void flow_control::set_backend(char_io* backend) {
  backend_ = backend;
  retry_armed_ = false;
  move_bytes();
  settle();
}

void flow_control::start() {
  running_ = true;
  move_bytes();
  settle(true); // what was written may be answered, what was read may make room
}

void flow_control::stop() { running_ = active_ = retry_armed_ = false; }

void flow_control::reset() {
  for (auto& c : clients_) {
    c.drop_queue();
    c.stop_waiting_for_migrate_data();
    c.write_bytes = 0;
  }
  for (const auto& buffer : queue_.clear()) release(buffer);
  for (auto& c : clients_)
    if (const auto tokens = c.grant(0)) notices_.add(c.id(), token_grant{tokens});
  move_bytes();
  settle();
}

void flow_control::wakeup() {
  if (!settling_) continuing_ = false;
  move_bytes();
  settle();
}

void flow_control::retry(std::uint64_t epoch) {
  if (!retry_armed_ || epoch != retry_epoch_) return;
  retry_armed_ = false;
  want_write_ = true;
  settle();
}

// -- migration --------------------------------------------------------------------------------------------------------

std::optional<device_state> flow_control::save(client_id client) const {
  const auto* c = find(client);
  if (c == nullptr) return std::nullopt;
  auto rest = queue_.of(client);
  auto state = c->save(rest.price);
  state.unwritten = std::move(rest.bytes);
  return state;
}

result<void> flow_control::restore(client_id client, const device_state& state) {
  auto* c = find_served(client);
  if (c == nullptr || !c->waits_for_migrate_data()) return fail{errc::out_of_order};
  if (!room_for(*c, state.unwritten.size())) return fail{errc::too_many};
  if (!c->restore(state)) return fail{errc::bad_message};
  auto origin = buffer_origin::client;
  if (state.write_tokens == 0) origin = self_tokens_ == 0 ? buffer_origin::server_no_token : buffer_origin::server;
  if (!state.unwritten.empty()) {
    if (origin == buffer_origin::server) --self_tokens_;
    c->write_bytes += state.unwritten.size();
    queue_.push_first({origin, client, state.write_tokens, shared_bytes::copy_of(state.unwritten)});
  } else {
    c->give_back(state.write_tokens);
  }
  tell_freed(*c);
  if (state.send_tokens != 0) tokens_have_come(*c);
  move_bytes();
  settle();
  return {};
}

std::size_t flow_control::send_queue_bytes() const {
  std::size_t sum = 0;
  for (const auto& c : clients_) sum += c.queue_bytes();
  return sum;
}

} // namespace saffron::devices
