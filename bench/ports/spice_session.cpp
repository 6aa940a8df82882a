// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ports/spice_session.hpp"

#include "bench/load/link_client.hpp"
#include "bench/ports/wait.hpp"
#include "messages/wire/main_channel.hpp"
#include "messages/wire/port.hpp"

#include <utility>

namespace saffron::ports {

namespace {
namespace mc = wire::main_channel;
constexpr std::string_view bench_ports = "org.saffron.bench.";
} // namespace

spice_session::spice_session(asio::io_context& io, std::vector<asio::io_context*> loops, load::target server,
                             std::string ticket)
    : loops_(std::move(loops)), server_(std::move(server)), ticket_(std::move(ticket)) {
  main_ = link(io, wire::channel_type::main, 0);
  bool listed = false;
  main_->on_message = [&](std::uint16_t type, std::span<const std::byte> body) {
    if (type == mc::to_client::init::type) {
      const auto init = wire::decode<mc::to_client::init>(body);
      if (!init) end_run("the server sent no INIT");
      session_id_ = init->session_id;
      main_->send_message(mc::to_server::attach_channels::type, {});
    } else if (type == mc::to_client::channels_list::type) {
      const auto list = wire::decode<mc::to_client::channels_list>(body);
      if (!list) end_run("the server sent no list of channels");
      for (const auto& c : list->channels) channels_.push_back({c.type, c.id});
      listed = true;
    }
  };
  main_->start();
  wait_until(
      loops_, [&] { return listed; }, "the list of channels");
  main_->on_message = [](auto, auto) {};
}

std::unique_ptr<line> spice_session::link(asio::io_context& io, wire::channel_type type, std::uint8_t id) {
  auto made = std::make_unique<line>(io, dress::spice);
  wire::link_message request{.connection_id = session_id_, .channel_type = type, .channel_id = id};
  request.common_capabilities.set(wire::common_capability::auth_selection);
  request.common_capabilities.set(wire::common_capability::mini_header);
  load::link_client linker{made->stream(), tickets_, std::move(request), ticket_};
  bool linked = false;
  const auto keep = std::make_shared<int>();
  linker.start(server_, {}, keep, [&](const load::link_outcome& outcome) {
    if (!outcome.failure.empty()) end_run(outcome.failure);
    if (!outcome.common_capabilities.has(wire::common_capability::mini_header))
      end_run("the server has no mini headers");
    linked = true;
  });
  wait_until(
      loops_, [&] { return linked; }, "a link");
  return made;
}

std::vector<std::unique_ptr<line>> spice_session::open(port_kind kind, std::span<asio::io_context* const> homes) {
  const auto type = kind == port_kind::port ? wire::channel_type::port : wire::channel_type::usbredir;
  std::vector<std::unique_ptr<line>> found;
  for (const auto& place : channels_) {
    if (place.type != type || found.size() == homes.size()) continue;
    auto opened = link(*homes[found.size()], place.type, place.id);
    std::string name{bench_ports};
    if (kind == port_kind::port) {
      bool heard = false;
      opened->on_message = [&](std::uint16_t message, std::span<const std::byte> body) {
        if (message != wire::port::to_client::init::type) return;
        const auto init = wire::decode<wire::port::to_client::init>(body);
        if (!init) end_run("the server sent no INIT of a port");
        name = init->name;
        heard = true;
      };
      opened->start();
      wait_until(
          loops_, [&] { return heard; }, "a port's name");
      opened->on_message = [](auto, auto) {};
    } else {
      opened->start();
    }
    if (name.starts_with(bench_ports)) found.push_back(std::move(opened));
  }
  if (found.size() < homes.size()) end_run("the VM has not enough ports for this");
  return found;
}

} // namespace saffron::ports
