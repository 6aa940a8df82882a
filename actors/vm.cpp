// SPDX-License-Identifier: BSD-3-Clause
#include "actors/vm.hpp"

#include "actors/gather.hpp"
#include "devices/char/char_device.hpp"
#include "devices/display/console.hpp"
#include "devices/input/input.hpp"
#include "messages/image/glz_index.hpp"
#include "messages/log.hpp"

namespace saffron::actors {

namespace {

constexpr std::size_t consoles_max = 256;
constexpr auto source_restart = std::chrono::seconds{1};
/// What a client sees of a VM whose source has never drawn: QEMU's own first size.
constexpr extent placeholder{640, 480};

} // namespace

vm_model::vm_model(vm_id id, std::string name, picture_settings pictures)
    : id_(id), name_(std::move(name)), pictures_(std::move(pictures)), seen_(std::make_shared<image::glz::index>()) {}

std::size_t vm_model::missing_consoles(std::size_t heads) const {
  const auto wanted = std::min(heads, consoles_max);
  return wanted > consoles_.size() ? wanted - consoles_.size() : 0;
}

void vm_model::attached(const source_attached& said) {
  uuid_ = said.uuid;
  absolute_pointer_ = said.absolute_pointer;
  resizable_ = said.resizable;
}

bool vm_model::state(const source_state& said) {
  if (state_ == said.state && is_attached_ == said.attached && running_ == said.running) return false;
  state_ = said.state;
  is_attached_ = said.attached;
  running_ = said.running;
  return true;
}

bool vm_model::agent(const agent_state& said) {
  const auto before = std::exchange(agent_, said);
  return before.connected != said.connected || before.leads_mouse != said.leads_mouse;
}

vm_view_ptr vm_model::view(const input_actor& input, const picture_makers& makers, const vm_devices& devices) const {
  auto v = std::make_shared<vm_view>();
  v->id = id_;
  v->name = name_;
  v->uuid = uuid_;
  v->consoles = consoles_;
  v->input = input;
  v->absolute_pointer = absolute_pointer_ || agent_.leads_mouse;
  v->agent = devices.agent();
  v->agent_connected = agent_.connected;
  v->devices = devices.view();
  v->encoders = makers.encoders;
  v->videos = makers.videos;
  v->video_codecs = makers.codecs;
  v->pictures = pictures_;
  v->seen = seen_;
  return v;
}

namespace {

using vm_with_tick = vm_actor::extend<caf::reacts_to<tick>>;

class vm final : public transport::pinned_actor<vm_with_tick> {
public:
  vm(caf::actor_config& config, transport::loop& home, vm_setup setup)
      : pinned_actor(config, home), setup_(std::move(setup)),
        model_(setup_.id, setup_.settings.name, setup_.settings.pictures) {
    set_down_handler([this](const caf::down_msg& down) { somebody_down(down.source); });
  }
  const char* name() const override { return "vm"; }
  void on_exit() override {
    for (const auto& console : model_.consoles()) caf::anon_send(console, shut_down{});
    if (input_ != nullptr) caf::anon_send(input_, shut_down{});
    if (source_ != nullptr) caf::anon_send(source_, shut_down{});
    if (devices_) devices_->clear();
    model_.clear();
    clients_.clear();
    input_ = nullptr;
    source_ = nullptr;
    makers_ = {};
    setup_.registry = nullptr;
    setup_.make_source = nullptr;
  }

protected:
  behavior_type make_behavior() override {
    makers_ = {setup_.encoders, make_video_desk(system(), setup_.videos), codecs_of(setup_.videos)};
    add_input();
    add_console();
    devices_ = std::make_unique<vm_devices>(
        setup_.settings, *setup_.devices, [this](devices::device_description what, devices::protocol_factory protocol) {
          auto made = devices::make_char_device(system(), home(),
                                                {std::move(what), std::move(protocol), vm_actor{this}, setup_.counted});
          monitor(made);
          return made;
        });
    start_source();
    return {
        [this](linked& l) { take(l); },
        [this](const client_ended& e) { forget(e); },
        [this](resize_head wish) { caf::anon_send(source_, wish); },
        [this](const source_attached& said) { return attach(said); },
        [this](const source_state& said) { note(said); },
        [this](const agent_state& said) { agent_is(said); },
        [this](status_query) { return describe(); },
        [this](shut_down) { close(); },
        [this](tick) { start_source(); },
    };
  }

private:
  console_actor new_console(std::size_t number) {
    auto made = devices::make_console(system(), home(), static_cast<std::uint8_t>(number), *setup_.counted,
                                      setup_.settings.pictures);
    monitor(made);
    if (number == 0) caf::anon_send(made, draw_batch{{set_surface{placeholder}}});
    return made;
  }
  void add_console() { model_.add_console(new_console(model_.consoles().size())); }
  void add_input() {
    input_ = devices::make_input(system(), home(), setup_.settings.inputs, *setup_.counted);
    monitor(input_);
  }

  void start_source() {
    if (closing_) return;
    source_ = setup_.make_source(system(), home(), vm_actor{this});
    monitor(source_);
    caf::anon_send(input_, attach_source{source_});
  }

  void take(linked& l) {
    const auto client = clients_.find(l.client);
    if (static_cast<wire::channel_type>(l.link->message.channel_type) == wire::channel_type::main) return add_client(l);
    if (client == clients_.end())
      return transport::refuse_link(*l.link, home().io(), wire::link_error::bad_connection_id);
    send(client->second, std::move(l));
  }

  void add_client(linked& l) {
    if (setup_.settings.clients == client_policy::exclusive)
      for (const auto& [id, other] : clients_) send(other, disconnect{errc::taken_over});
    client_setup s;
    s.id = l.client;
    s.link = std::move(l.link);
    s.owner = vm_actor{this};
    s.vm = view();
    s.policies = setup_.policies;
    s.counted = setup_.counted;
    const auto made = make_client(system(), setup_.loops->at(l.loop), std::move(s));
    monitor(made);
    loops_of_clients_[l.client] = l.loop;
    clients_.emplace(l.client, made);
    if (closing_) send(made, disconnect{errc::shutting_down});
  }

  void forget(const client_ended& e) {
    if (clients_.erase(e.client) == 0) return;
    loops_of_clients_.erase(e.client);
    caf::anon_send(setup_.registry, e);
    if (closing_ && clients_.empty()) quit();
  }

  vm_consoles attach(const source_attached& said) {
    for (auto missing = model_.missing_consoles(said.heads); missing > 0; --missing) add_console();
    model_.attached(said);
    devices_->offered(said.char_devices);
    caf::anon_send(devices_->agent(), set_resizable{said.resizable});
    caf::anon_send(devices_->agent(), set_display_places{said.places});
    lead_pointer();
    tell_clients();
    return {model_.consoles(), input_};
  }

  void agent_is(const agent_state& said) {
    if (!model_.agent(said)) return;
    lead_pointer();
    tell_clients();
  }
  void lead_pointer() {
    caf::anon_send(input_, set_agent_pointer{model_.agent_leads() ? devices_->agent() : char_device_actor{}});
  }
  [[nodiscard]] vm_view_ptr view() const { return model_.view(input_, makers_, *devices_); }

  void tell_clients() {
    const auto now = view();
    for (const auto& [id, client] : clients_) send(client, vm_changed{now});
  }

  void note(const source_state& said) {
    if (!model_.state(said)) return;
    devices_->run(said.running);
    if (said.attached) return log::info("vm {} is {}", setup_.settings.name, said.state);
    log::warning("vm {} is {}", setup_.settings.name, said.state);
    for (const auto& console : model_.consoles()) send(console, blank{});
    devices_->source_gone();
    caf::anon_send(devices_->agent(), set_resizable{false});
    tell_clients();
  }

  // Ends that were not asked for: a source is made anew, a client is forgotten like one that said so.
  void somebody_down(const caf::actor_addr& who) {
    if (source_ != nullptr && source_.address() == who && !closing_) {
      log::error("the source of vm {} ended; it starts again", setup_.settings.name);
      setup_.counted->sources_lost.add();
      note({"starting again", false});
      delayed_send(vm_with_tick{this}, source_restart, tick{});
      return;
    }
    for (const auto& [id, client] : clients_)
      if (client.address() == who) return forget({setup_.id, id, loops_of_clients_[id]});
    if (!closing_ && replace_device(who)) {
      tell_clients();
      send(source_, shut_down{}); // it draws on the old one; the next source asks anew
    }
  }

  // False when it is none of ours.
  bool replace_device(const caf::actor_addr& who) {
    const auto agent = devices_->agent();
    if (devices_->replace(who)) {
      log::error("a char device of vm {} ended; there is another one", setup_.settings.name);
      if (devices_->agent() != agent) model_.agent({}); // the new one says so when it is connected
      return true;
    }
    if (input_ == who) {
      log::error("the input of vm {} ended; there is another one", setup_.settings.name);
      add_input();
      return true;
    }
    for (std::size_t i = 0; i < model_.consoles().size(); ++i) {
      if (model_.consoles()[i] != who) continue;
      log::error("console {} of vm {} ended; there is another one", i, setup_.settings.name);
      model_.replace_console(i, new_console(i));
      return true;
    }
    return false;
  }

  void close() {
    closing_ = true;
    for (const auto& [id, client] : clients_) send(client, disconnect{errc::shutting_down});
    if (clients_.empty()) quit();
  }

  caf::typed_response_promise<vm_status> describe() {
    vm_status s;
    s.name = setup_.settings.name;
    s.state = model_.state_text();
    s.uuid = model_.uuid();
    gathering<vm_status> all{make_response_promise<caf::typed_response_promise<vm_status>>(), std::move(s)};
    for (const auto& console : model_.consoles())
      all.ask<console_status>(this, console,
                              [](vm_status& whole, console_status&& c) { whole.consoles.push_back(std::move(c)); });
    for (const auto& device : devices_->all())
      all.ask<char_device_status>(
          this, device, [](vm_status& whole, char_device_status&& d) { whole.devices.push_back(std::move(d)); });
    for (const auto& [id, client] : clients_)
      all.ask<client_status>(this, client,
                             [](vm_status& whole, client_status&& c) { whole.clients.push_back(std::move(c)); });
    return all.finish();
  }

  vm_setup setup_;
  vm_model model_;
  picture_makers makers_;
  std::unique_ptr<vm_devices> devices_;
  input_actor input_;
  source_actor source_;
  std::map<client_id, client_actor> clients_;
  std::map<client_id, std::size_t> loops_of_clients_;
  bool closing_ = false;
};

} // namespace

vm_actor make_vm(caf::actor_system& system, transport::loop& home, vm_setup setup) {
  return system.spawn<vm>(home, std::move(setup));
}

} // namespace saffron::actors
