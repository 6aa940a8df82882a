// SPDX-License-Identifier: BSD-3-Clause
#include "actors/client.hpp"

#include "actors/gather.hpp"
#include "actors/glz_dictionary.hpp"
#include "actors/pixmap_cache.hpp"
#include "messages/log.hpp"

namespace saffron::actors {

namespace {
constexpr channel_key main_key{static_cast<std::uint8_t>(wire::channel_type::main), 0};
}

result<void> client_state::may_open(channel_key key) const {
  if (channels_.contains(key) || !table_.has(*vm_, key)) return fail{errc::channel_not_available};
  return {};
}

std::optional<channel_key> client_state::find(const caf::actor_addr& address) const {
  for (const auto& [key, channel] : channels_)
    if (channel.channel.address() == address) return key;
  return std::nullopt;
}

bool client_state::ask_mouse_mode(mouse_mode wanted) {
  if (wanted == mode_ || (wanted == mouse_mode::client && !vm_->absolute_pointer)) return false;
  mode_ = wanted;
  return true;
}

bool client_state::vm_changed(vm_view_ptr vm) {
  vm_ = std::move(vm);
  if (vm_->absolute_pointer || mode_ == mouse_mode::server) return false;
  mode_ = mouse_mode::server;
  return true;
}

namespace {

class client final : public transport::pinned_actor<client_actor> {
public:
  client(caf::actor_config& config, transport::loop& home, client_setup setup)
      : pinned_actor(config, home), setup_(std::move(setup)), state_(setup_.vm, *setup_.policies.channels),
        started_(clock().now()), label_(fmt::format("client {} of vm {}", setup_.id, setup_.vm->name)) {
    set_down_handler([this](const caf::down_msg& down) {
      if (const auto key = state_.find(down.source)) channel_over({*key, errc::actor_failed});
      if (setup_.owner == down.source) leave(errc::actor_failed);
    });
  }
  const char* name() const override { return "client"; }
  void on_exit() override {
    state_.clear();
    main_ = nullptr;
    dictionary_ = nullptr;
    setup_.owner = nullptr;
    setup_.vm = nullptr;
  }

protected:
  behavior_type make_behavior() override {
    log::info("{} connected from {}{}", label_, setup_.link->peer, setup_.link->secured ? " with TLS" : "");
    monitor(setup_.owner);
    const auto* kind = setup_.policies.channels->find(main_key.type);
    main_ = make_main_client(system(), home(), channel_setup_for(*kind, main_key, setup_.link));
    remember(main_key, {main_, main_});
    return {
        [this](linked& l) { open(l); },
        [this](mouse_mode_request m) {
          if (state_.ask_mouse_mode(m.mode)) tell_mouse_mode();
        },
        [this](bandwidth_measured m) { bandwidth_ = m; },
        [this](channel_ended e) { channel_over(e); },
        [this](const notify& n) { send(main_, n); },
        [this](const vm_changed& m) { vm_is(m.view); },
        [this](status_query) { return describe(); },
        [this](disconnect d) { leave(d.reason); },
    };
  }

private:
  channel_setup channel_setup_for(const channel_kind& kind, channel_key key,
                                  std::shared_ptr<transport::accepted_link> link) {
    channel_setup s;
    s.link = std::move(link);
    s.client = client_actor{this};
    s.id = setup_.id;
    s.key = key;
    s.name = kind.name;
    s.channels = setup_.policies.channels;
    s.label = fmt::format("{} {} of {}", kind.name, key.id, label_);
    s.counted = setup_.counted;
    s.timing = setup_.policies.timing;
    s.bandwidth = bandwidth_.bits_per_second;
    if (slow()) s.ack_window = defaults::ack_window_wide;
    s.limits = {kind.message_limit, kind.outbox_limit};
    s.vm = state_.vm();
    s.viewer = viewer_id{setup_.id} << 32 | ++viewers_;
    s.mode = state_.mode();
    if (kind.type == static_cast<std::uint8_t>(wire::channel_type::display)) s.dictionary = dictionary();
    s.pixmaps = pixmaps_;
    return s;
  }

  const glz_dictionary_actor& dictionary() {
    if (dictionary_ == nullptr)
      dictionary_ =
          make_glz_dictionary(system(), home(), {client_actor{this}, state_.vm()->encoders, state_.vm()->seen});
    return dictionary_;
  }

  // By the main channel's test, once it has ended; before that every line counts as fast.
  [[nodiscard]] bool slow() const {
    return bandwidth_.bits_per_second != 0 && bandwidth_.bits_per_second < defaults::low_bandwidth;
  }

  void remember(channel_key key, spawned_channel made) {
    monitor(made.channel);
    state_.opened(key, std::move(made));
  }

  void open(linked& l) {
    const channel_key key{static_cast<std::uint8_t>(l.link->message.channel_type), l.link->message.channel_id};
    const auto* kind = setup_.policies.channels->find(key.type);
    if (kind == nullptr || !kind->make || leaving_ || !state_.may_open(key)) {
      log::warning("{} asked for channel {}:{}, which is not available", label_, key.type, key.id);
      return transport::refuse_link(*l.link, home().io(), wire::link_error::channel_not_available);
    }
    const bool insecure_keys = kind->type == static_cast<std::uint8_t>(wire::channel_type::inputs) &&
                               !l.link->secured && l.link->peer != "unix";
    remember(key, kind->make(system(), home(), channel_setup_for(*kind, key, std::move(l.link))));
    if (insecure_keys) send(main_, notify{"keyboard channel is insecure"});
  }

  void tell_mouse_mode() {
    for (const auto& [key, channel] : state_.channels())
      if (channel.mouse != nullptr) send(channel.mouse, mouse_mode_changed{state_.mode()});
  }

  void vm_is(const vm_view_ptr& view) {
    send(main_, vm_changed{view});
    if (state_.vm_changed(view)) tell_mouse_mode();
  }

  void channel_over(const channel_ended& e) {
    if (!state_.closed(e.channel)) return;
    log::debug("channel {}:{} of {} ended: {}", e.channel.type, e.channel.id, label_, to_string(e.reason));
    if (e.channel == main_key) return finish(e.reason);
  }

  // The main channel says goodbye; the end of it ends the rest.
  void leave(errc reason) {
    if (leaving_) return;
    leaving_ = true;
    send(main_, disconnect{reason});
  }

  void finish(errc reason) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clock().now() - started_).count();
    log::info("{} disconnected after {} s: {}", label_, seconds, to_string(reason));
    for (const auto& [key, channel] : state_.channels()) caf::anon_send(channel.channel, disconnect{reason});
    caf::anon_send(setup_.owner, client_ended{setup_.vm->id, setup_.id, home().number()});
    quit();
  }

  caf::typed_response_promise<client_status> describe() {
    client_status s;
    s.id = setup_.id;
    s.peer = setup_.link->peer;
    s.connected_seconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(clock().now() - started_).count());
    s.mouse_mode = state_.mode() == mouse_mode::client ? "client" : "server";
    s.bandwidth = bandwidth_.bits_per_second;
    gathering<client_status> all{make_response_promise<caf::typed_response_promise<client_status>>(), std::move(s)};
    for (const auto& [key, channel] : state_.channels())
      all.ask<channel_status>(this, channel.channel,
                              [](client_status& whole, channel_status&& c) { whole.channels.push_back(std::move(c)); });
    return all.finish();
  }

  client_setup setup_;
  client_state state_;
  main_client_actor main_;
  glz_dictionary_actor dictionary_;
  steady_time started_;
  std::string label_;
  bandwidth_measured bandwidth_;
  std::uint32_t viewers_ = 0;
  std::shared_ptr<pixmap_caches> pixmaps_ = std::make_shared<pixmap_caches>();
  bool leaving_ = false;
};

} // namespace

client_actor make_client(caf::actor_system& system, transport::loop& home, client_setup setup) {
  return system.spawn<client>(home, std::move(setup));
}

} // namespace saffron::actors
