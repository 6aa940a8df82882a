// SPDX-License-Identifier: BSD-3-Clause
// The logic of the char device actor: who may use the device, the backend's comings and goings, and between them a
// protocol and the flow control.
#pragma once

#include "devices/char/device_description.hpp"
#include "devices/char/flow_control.hpp"
#include "messages/counters.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace saffron::devices {

/// Where the words of char_device_state go: the actor sends them, a test writes them down.
class device_outlet {
public:
  virtual ~device_outlet() = default;
  virtual void to_client(client_id client, const device_message& message) = 0;
  virtual void to_client(client_id client, token_grant tokens) = 0;
  virtual void to_client(client_id client, device_event event) = 0;
  virtual void to_client(client_id client, device_attached answer) = 0;
  virtual void to_client(client_id client, remove_client why) = 0;
  /// Call tokens_expired() with this after defaults::wait_for_tokens.
  virtual void schedule(wait_for_tokens_expired what) = 0;
  /// Call retry() with this after defaults::retry_write.
  virtual void schedule(retry_write what) = 0;
  /// Call wakeup() again after other messages had their turn.
  virtual void continue_soon() = 0;
  /// A backend is the device's from now on: start it in the actor.
  virtual void start(char_backend& backend) = 0;
};

class char_device_state final : public backend_owner, private flow_outlet {
public:
  char_device_state(device_description what, std::unique_ptr<device_protocol> protocol, device_outlet& out,
                    counters& counted);
  ~char_device_state() override;

  // -- clients --------------------------------------------------------------------------------------------------------

  /// Answers the client with device_attached.
  void attach(client_id client, const client_flow& flow);
  void detach(client_id client);
  void write(client_id client, shared_bytes data, std::uint64_t price);
  void add_tokens(client_id client, std::uint64_t tokens) { flow_.add_send_tokens(client, tokens); }
  void set_tokens(client_id client, std::uint64_t tokens) { flow_.set_send_tokens(client, tokens); }
  void event(client_id client, port_event event);

  // -- the VM's side --------------------------------------------------------------------------------------------------

  /// None: it is gone.
  void set_backend(std::shared_ptr<char_backend> backend);
  void start() { flow_.start(); }
  void stop() { flow_.stop(); }
  void on_wakeup() override;
  void on_event(port_event event) override;
  void tokens_expired(const wait_for_tokens_expired& what) { flow_.tokens_expired(what.client, what.epoch); }
  void retry(const retry_write& what) { flow_.retry(what.epoch); }
  /// The guest has sent nonsense. Its protocol reads nothing more until opened(); the VM's side is closed and, after a
  /// tick, opened anew.
  void guest_failed(std::string_view why);
  /// Every defaults::device_tick.
  void tick();
  /// A client has broken the rules.
  void client_failed(client_id client, errc reason) { flow_.give_up(client, reason); }

  [[nodiscard]] device_state save(client_id client) const { return flow_.save(client).value_or(device_state{}); }
  void restore(client_id client, const device_state& state);
  [[nodiscard]] char_device_status status() const;
  [[nodiscard]] bool opened() const noexcept { return opened_; }
  [[nodiscard]] const std::vector<client_id>& clients() const noexcept { return clients_; }
  [[nodiscard]] device_protocol& protocol() noexcept { return *protocol_; }
  [[nodiscard]] const device_description& description() const noexcept { return what_; }

private:
  void deliver(client_id client, const device_message& message) override { out_.to_client(client, message); }
  void grant_tokens(client_id client, std::uint64_t tokens) override { out_.to_client(client, token_grant{tokens}); }
  void self_token_freed() override { protocol_->self_token_freed(); }
  void recommend_removal(client_id client, errc reason) override;
  void await_tokens(client_id client, std::uint64_t epoch) override {
    out_.schedule(wait_for_tokens_expired{client, epoch});
  }
  void await_write(std::uint64_t epoch) override { out_.schedule(retry_write{epoch}); }
  void write_queue_empty() override { protocol_->room(); }
  void continue_soon() override { out_.continue_soon(); }

  [[nodiscard]] bool admit(client_id client);
  void set_opened(bool opened);
  void use_backend();

  device_description what_;
  std::unique_ptr<device_protocol> protocol_;
  device_outlet& out_;
  counters& counted_;
  flow_control flow_;
  std::shared_ptr<char_backend> backend_;
  /// In the order of their attachment.
  std::vector<client_id> clients_;
  bool opened_ = false, in_use_ = false;
  /// The guest has sent nonsense: to be closed, and closed until the next tick.
  bool failing_ = false, failed_ = false;
  std::uint64_t removed_ = 0;
};

} // namespace saffron::devices
