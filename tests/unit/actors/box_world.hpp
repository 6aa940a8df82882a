// SPDX-License-Identifier: BSD-3-Clause
// A whole system in virtual time, but for its threads: registry, door, a listener on a real loopback port, VMs with
// sources that the test is.
#pragma once

#include "actors/door.hpp"
#include "actors/encoder.hpp"
#include "actors/extensions.hpp"
#include "actors/registry.hpp"
#include "actors/vm.hpp"
#include "messages/image/video_codecs.hpp"
#include "messages/wire/main_channel.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/test_client.hpp"
#include "tests/unit/test_screen.hpp"
#include "transport/listener.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace saffron::tests {

/// What a source was told, and what it offers when it starts.
struct source_record {
  std::vector<key_input> keys;
  std::vector<pointer_input> pointers;
  std::vector<resize_head> resizes;
  vm_consoles given;
  source_actor source;
  int starts = 0;
  bool ended_in_order = false;
  source_attached offers{{}, "box", {}, 1, true, true};
};

class fake_source final : public transport::pinned_actor<source_actor> {
public:
  fake_source(caf::actor_config& config, transport::loop& home, vm_actor vm, source_record& record)
      : pinned_actor(config, home), vm_(std::move(vm)), record_(record) {}
  const char* name() const override { return "fake_source"; }
  void on_exit() override { vm_ = nullptr; }

protected:
  behavior_type make_behavior() override {
    ++record_.starts;
    auto offers = record_.offers;
    offers.source = this;
    request(vm_, caf::infinite, offers).then([this](vm_consoles& c) {
      record_.given = std::move(c);
      caf::anon_send(vm_, source_state{"running", true});
    });
    return {
        [this](key_input k) { record_.keys.push_back(k); },
        [this](const pointer_input& p) { record_.pointers.push_back(p); },
        [this](resize_head r) { record_.resizes.push_back(r); },
        [this](shut_down) {
          record_.ended_in_order = true;
          quit();
        },
    };
  }

private:
  vm_actor vm_;
  source_record& record_;
};

struct box_world : virtual_world {
  box_world() {
    log::configure(log::level::info, log::style::plain);
    const auto key = transport::ticket_key::make();
    for (std::size_t i = 0; i < loops.count(); ++i) environment.keys.emplace_back(key, 1, 1u << 30, [](const auto&) {});
    for (const auto& kind : extensions.channels.kinds()) environment.offers.push_back({kind.type, kind.capabilities});
    port = listening.open({transport::tcp_address(asio::ip::address_v4::loopback(), 0), 0, nullptr}).value();
  }
  ~box_world() { shut_down_all(); }

  /// A VM on loop 1 whose source is the test.
  source_record& add_vm(const std::string& name, const std::string& password,
                        client_policy policy = client_policy::shared) {
    auto& record = records[name];
    saffron::add_vm added;
    added.id = static_cast<vm_id>(records.size());
    added.settings.name = name;
    added.settings.ticket = ticket{password, {}};
    added.settings.clients = policy;
    actors::vm_setup s;
    s.id = added.id;
    s.settings = added.settings;
    s.encoders = encoders;
    s.videos = {std::make_shared<const image::video_codecs>(image::video_codecs::load({"/nowhere", {}})), 1, &counted};
    s.registry = registry;
    s.counted = &counted;
    s.loops = &loops;
    s.devices = &extensions.devices;
    s.policies.channels = &extensions.channels;
    s.make_source = [&record](caf::actor_system& sys, transport::loop& home, vm_actor vm) {
      record.source = sys.spawn<fake_source>(home, std::move(vm), record);
      return record.source;
    };
    added.vm = vms[name] = actors::make_vm(system, loops.at(1), std::move(s));
    tell(registry, std::move(added));
    return record;
  }

  std::unique_ptr<test_client> connect(channel_words words = {}) {
    return std::make_unique<test_client>(*this, connect_v4(port), std::move(words));
  }
  void draw(source_record& on, std::vector<draw_command> commands, std::size_t head = 0) {
    tell(on.given.consoles.at(head), draw_batch{std::move(commands)});
  }
  host_status status() {
    caf::scoped_actor self{system};
    auto answer = self->request(registry, caf::infinite, status_query{});
    settle();
    if (self->mailbox().empty()) throw std::runtime_error("no status");
    host_status out;
    answer.receive([&](host_status& s) { out = std::move(s); }, [](const caf::error&) {});
    return out;
  }
  /// Everything ends in order, goodbyes included.
  void shut_down_all() {
    listening.close();
    tell(registry, shut_down{});
    advance(std::chrono::seconds{1});
    tell(door, shut_down{});
    registry = nullptr;
    encoders.clear();
    vms.clear();
    for (auto& [name, record] : records) {
      record.given = {};
      record.source = nullptr;
    }
    settle();
  }

  captured_log log_lines;
  actors::extensions extensions;
  counters counted;
  std::map<std::string, source_record> records;
  std::map<std::string, vm_actor> vms;
  registry_actor registry = actors::make_registry(system, loops);
  actors::door_actor door = actors::make_door(system, loop, registry);
  actors::door_gate gate{door};
  std::vector<encoder_actor> encoders = actors::make_encoders(system, 2, counted);
  transport::link_environment environment{loops, gate, counted, {}, std::chrono::seconds{20}, {}};
  transport::listeners listening{environment, {64, 1024, 100000}};
  std::uint16_t port = 0;
};

/// All channels of one user.
struct session {
  session(box_world& world, const std::string& password = "secret") : world_(world), password_(password) {
    main = open(wire::channel_type::main, {wire::main_capability::name_and_uuid});
    init = main->expect<wire::main_channel::to_client::init>();
    main->send(wire::main_channel::to_server::attach_channels{});
    list = main->expect<wire::main_channel::to_client::channels_list>();
  }
  std::unique_ptr<test_client> open(wire::channel_type type, wire::capability_set capabilities = {},
                                    std::uint8_t id = 0) {
    return world_.connect({type, id, init.session_id, password_, std::move(capabilities)});
  }
  void open_display() {
    display = open(wire::channel_type::display,
                   {wire::display_capability::lz4_compression, wire::display_capability::monitors_config});
    display->send(wire::display::to_server::init{});
    display->expect<wire::display::to_client::mark>([this](auto type, auto body) { look(type, body); });
  }
  void open_all() {
    open_display();
    inputs = open(wire::channel_type::inputs);
    cursor = open(wire::channel_type::cursor);
  }
  /// Takes what the display has sent.
  test_screen& look() {
    display->listen([this](auto type, auto body) { look(type, body); });
    return screen;
  }

  wire::main_channel::to_client::init init;
  wire::main_channel::to_client::channels_list list;
  std::unique_ptr<test_client> main, display, inputs, cursor;
  test_screen screen;

private:
  void look(std::uint16_t type, std::span<const std::byte> body) {
    if (type > 100) screen.apply(type, body);
  }
  box_world& world_;
  std::string password_;
};

} // namespace saffron::tests
