// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/char_device_state.hpp"

#include "devices/char/device_names.hpp"
#include "messages/log.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

char_device_state::char_device_state(device_description what, std::unique_ptr<device_protocol> protocol,
                                     device_outlet& out, counters& counted)
    : what_(std::move(what)), protocol_(std::move(protocol)), out_(out), counted_(counted),
      flow_(what_.flow, *protocol_, *this) {
  protocol_->connect(flow_);
}

char_device_state::~char_device_state() {
  if (backend_) backend_->stop();
}

// -- clients ----------------------------------------------------------------------------------------------------------

bool char_device_state::admit(client_id client) {
  const bool alone = what_.sharing == device_sharing::first || what_.sharing == device_sharing::last;
  if (!alone || clients_.empty()) return true;
  if (what_.sharing == device_sharing::first) {
    log::info("{} is in use, client {} is refused", what_.label, client);
    out_.to_client(client, device_attached{errc::device_in_use, false});
    return false;
  }
  for (const auto old : std::vector{clients_}) {
    recommend_removal(old, errc::taken_over);
    detach(old);
  }
  return true;
}

void char_device_state::attach(client_id client, const client_flow& flow) {
  if (flow_.has_client(client) || !admit(client)) return;
  // The answer first: what is read for the client comes after it.
  out_.to_client(client, device_attached{errc::none, protocol_->open_for_clients(opened_)});
  if (!flow_.attach_client(client, flow)) return recommend_removal(client, errc::out_of_order);
  clients_.push_back(client);
  protocol_->attached(client);
  use_backend();
  flow_.wakeup();
}

void char_device_state::detach(client_id client) {
  if (std::erase(clients_, client) == 0) return;
  flow_.detach_client(client);
  protocol_->detached(client);
  use_backend();
  flow_.wakeup();
}

void char_device_state::write(client_id client, shared_bytes data, std::uint64_t price) {
  if (!flow_.take_client_tokens(client, price)) return;
  const bool reader = what_.sharing == device_sharing::all_readers && clients_.front() != client;
  if (reader) {
    counted_.device_data_dropped.add(data.size());
    return flow_.release_client_tokens(client, price);
  }
  if (const auto taken = protocol_->from_client(client, std::move(data), price); !taken)
    flow_.give_up(client, taken.error());
}

void char_device_state::event(client_id client, port_event event) {
  if (backend_ && !clients_.empty() && clients_.front() == client) backend_->send_event(event);
}

void char_device_state::recommend_removal(client_id client, errc reason) {
  ++removed_;
  counted_.device_clients_removed.add();
  log::warning("{} gives up client {}: {}", what_.label, client, to_string(reason));
  out_.to_client(client, remove_client{reason});
}

// -- the VM's side ----------------------------------------------------------------------------------------------------

void char_device_state::set_backend(std::shared_ptr<char_backend> backend) {
  flow_.set_backend(nullptr);
  if (backend_) backend_->stop();
  set_opened(false);
  in_use_ = failing_ = failed_ = false;
  backend_ = std::move(backend);
  if (!backend_) return;
  flow_.set_backend(backend_.get());
  out_.start(*backend_);
  use_backend();
}

// An agent is connected as long as its VM is there; what else a guest opens sees its user come and go.
void char_device_state::use_backend() {
  if (!backend_ || failed_) return;
  const bool wanted = what_.kind == char_device_kind::vdagent || !clients_.empty();
  if (std::exchange(in_use_, wanted) == wanted) return;
  backend_->set_in_use(wanted);
  if (!wanted) set_opened(false); // what was on its way was for a user who has gone
}

void char_device_state::on_wakeup() {
  if (!std::exchange(failing_, false)) return flow_.wakeup();
  failed_ = true;
  in_use_ = false;
  if (backend_) backend_->stop();
  set_opened(false);
}

void char_device_state::tick() {
  protocol_->tick();
  if (!std::exchange(failed_, false) || !backend_) return;
  out_.start(*backend_);
  use_backend();
}

void char_device_state::on_event(port_event event) {
  if (event == port_event::break_sent) {
    for (const auto client : clients_) out_.to_client(client, device_event{event});
    return;
  }
  set_opened(event == port_event::opened);
}

void char_device_state::set_opened(bool opened) {
  if (std::exchange(opened_, opened) == opened) return;
  if (!opened) flow_.reset();
  opened ? protocol_->opened() : protocol_->closed();
  if (protocol_->open_for_clients(opened) == opened)
    for (const auto client : std::vector{clients_})
      out_.to_client(client, device_event{opened ? port_event::opened : port_event::closed});
  flow_.wakeup();
}

void char_device_state::guest_failed(std::string_view why) {
  if (std::exchange(failing_, true)) return;
  counted_.guest_commands_dropped.add();
  log::warning("the guest's end of {} sent nonsense, and is closed: {}", what_.label, why);
  out_.continue_soon(); // we may be inside of a read
}

void char_device_state::restore(client_id client, const device_state& state) {
  if (const auto restored = flow_.restore(client, state); !restored) flow_.give_up(client, restored.error());
}

char_device_status char_device_state::status() const {
  char_device_status s;
  s.kind = to_string(what_.kind);
  s.name = what_.name;
  s.opened = opened_;
  s.running = flow_.running();
  s.clients = clients_.size();
  s.write_queue_bytes = flow_.write_queue_bytes();
  s.send_queue_bytes = flow_.send_queue_bytes();
  s.bytes_from_guest = flow_.bytes_read();
  s.bytes_to_guest = flow_.bytes_written();
  s.clients_removed = removed_;
  return s;
}

} // namespace saffron::devices
