// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/system.hpp"

#include "actors/door.hpp"
#include "actors/encoder.hpp"
#include "actors/host/control.hpp"
#include "actors/host/signals.hpp"
#include "actors/host/sources.hpp"
#include "actors/registry.hpp"
#include "actors/vm.hpp"
#include "messages/image/video_codecs.hpp"
#include "messages/log.hpp"
#include "messages/wire/video_codec_name.hpp"
#include "transport/key_maker.hpp"
#include "transport/listener.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <thread>

namespace saffron::host {

namespace {

using problem = tl::unexpected<std::string>;

// Encoders fill every core; what answers a user must come first when cores are short.
constexpr int compute_niceness = 5;

struct compute_threads : caf::thread_hook {
  void init(caf::actor_system&) override {}
  void thread_started() override {
    pthread_setname_np(pthread_self(), "saffron.compute");
    ::setpriority(PRIO_PROCESS, 0, compute_niceness); // of this thread alone, on Linux
  }
  void thread_terminates() override {}
};

struct actor_config : caf::actor_system_config {
  explicit actor_config(std::size_t workers) {
    set("scheduler.policy", caf::atom("sharing")); // stealing burns a third of a core at our message rates
    set("scheduler.max-threads", workers);
    set("scheduler.max-throughput", std::size_t{64});
    add_thread_hook<compute_threads>();
  }
};

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }
std::size_t loops_for(const options& o) { return o.loops != 0 ? o.loops : std::min(cores(), defaults::loops_max); }
std::size_t encoders_for(const options& o) { return o.encoders != 0 ? o.encoders : cores(); }

// More than four cores a frame gain little at the sizes of screens.
actors::video_makings video_makings_of(const options& o, counters& counted) {
  image::video_codecs_setting wishes;
  wishes.preferred = o.video_encoders;
  auto codecs = std::make_shared<const image::video_codecs>(image::video_codecs::load(wishes));
  std::string names;
  for (const auto& encoder : codecs->encoders())
    names += fmt::format("{}{} by {}", names.empty() ? "" : ", ", to_string(encoder.codec), encoder.name);
  log::info("videos: {}{}{}", names, codecs->module_missing().empty() ? "" : "; no others: ", codecs->module_missing());
  return {std::move(codecs), static_cast<std::uint32_t>(std::clamp<std::size_t>(encoders_for(o), 1, 4)), &counted};
}

std::string viewer_command(const listener_plan& l) {
  if (l.where.kind != address::family::tcp) return fmt::format("remote-viewer spice+unix://{}", l.where.name);
  const auto ip = l.where.ip.to_string();
  const auto host = l.where.ip.is_v6() ? fmt::format("[{}]", ip) : ip;
  if (l.tls) return fmt::format("remote-viewer 'spice://{}?tls-port={}'", host, l.where.port);
  return fmt::format("remote-viewer spice://{}:{}", host, l.where.port);
}

transport::tls_settings tls_of(const tls_options& o) {
  return {o.cert, o.key, o.ca, o.dh, o.ciphers, o.min_version == tls_version::v1_3 ? "1.3" : "1.2"};
}

std::vector<transport::channel_offer> offers_of(const options& o, const actors::channel_table& channels) {
  std::vector<transport::channel_offer> offers;
  for (const auto& kind : channels.kinds()) {
    auto security = security_of(o, kind.type);
    if (security == channel_security::any && kind.needs_tls) security = channel_security::tls;
    offers.push_back(
        {kind.type, kind.capabilities, security != channel_security::tls, security != channel_security::plain});
  }
  return offers;
}

actors::client_policies policies_of(const options& o, const actors::channel_table& channels) {
  actors::client_policies p;
  p.channels = &channels;
  p.timing = {o.limits.connectivity_timeout, o.limits.ping_interval};
  return p;
}

} // namespace

struct running_system::parts {
  parts(const options& o, std::function<loaded()> again, const actors::extensions& plus)
      : settings(o), added(plus), read_again(std::move(again)), config(encoders_for(o)),
        owned_system(std::make_unique<caf::actor_system>(config)), system(*owned_system), loops(system, loops_for(o)),
        tls(std::make_shared<transport::tls_slot>(tls_of(o.tls))) {}

  const options settings;
  const actors::extensions& added;
  std::function<loaded()> read_again;
  counters counted;
  actor_config config;
  std::unique_ptr<caf::actor_system> owned_system;
  caf::actor_system& system;
  transport::loops loops;
  std::shared_ptr<transport::tls_slot> tls;

  registry_actor registry;
  actors::door_actor door;
  transport::key_maker_actor maker;
  control_actor control;
  std::unique_ptr<actors::door_gate> gate;
  std::unique_ptr<transport::link_environment> links;
  std::unique_ptr<transport::listeners> listening;
  std::unique_ptr<signals> signal_handlers;
  std::promise<void> asked_to_end, registry_ended;
  bool ending = false;

  tl::expected<void, std::string> start();
  tl::expected<void, std::string> prepare_links();
  tl::expected<std::vector<listener_plan>, std::string> listen();
  void start_vms(const std::vector<listener_plan>& plan);
  tl::expected<void, std::string> open_control();
  std::vector<std::string> reload();
  void end();
  bool finish();
};

tl::expected<void, std::string> running_system::parts::start() {
  // A VM costs about eight descriptors and a client four; the soft limit of 1024 is for programs that use select().
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  registry = actors::make_registry(system, loops);
  registry->attach_functor([this](const caf::error&) { registry_ended.set_value(); });
  door = actors::make_door(system, loops.at(0), registry);
  if (auto ready = prepare_links(); !ready) return ready;
  if (auto opened = open_control(); !opened) return opened;
  auto plan = listen();
  if (!plan) return problem{plan.error()};
  start_vms(*plan);
  signal_handlers = std::make_unique<signals>(
      loops.at(0).io(), [this] { end(); },
      [this] {
        for (const auto& what : reload()) log::error("reload: {}", what);
      });
  loops.start();
  return {};
}

tl::expected<void, std::string> running_system::parts::prepare_links() {
  gate = std::make_unique<actors::door_gate>(door);
  maker = transport::make_key_maker(system);
  std::vector<transport::ticket_keys> keys;
  for (std::size_t i = 0; i < loops.count(); ++i) {
    auto first = transport::ticket_key::make();
    if (first == nullptr) return problem{"OpenSSL cannot make an RSA key of 1024 bits, which the protocol wants"};
    keys.emplace_back(std::move(first), std::max<std::size_t>(2, defaults::ticket_keys / loops.count()),
                      defaults::links_per_ticket_key, transport::keys_for(maker, loops.at(i)));
  }
  links = std::make_unique<transport::link_environment>(transport::link_environment{
      loops, *gate, counted, offers_of(settings, added.channels), settings.limits.link_timeout, std::move(keys)});
  return {};
}

tl::expected<std::vector<listener_plan>, std::string> running_system::parts::listen() {
  auto plan = listeners(settings);
  const bool any_tls = std::any_of(plan.begin(), plan.end(), [](const auto& l) { return l.tls; });
  if (any_tls)
    if (auto loaded_tls = tls->reload(); !loaded_tls) return problem{loaded_tls.error()};
  const auto& l = settings.limits;
  listening = std::make_unique<transport::listeners>(
      *links, transport::admission::limits{l.half_open_per_address, l.half_open_total, l.connects_per_second});
  for (std::uint32_t number = 0; number < plan.size(); ++number) {
    auto& p = plan[number];
    const auto port = listening->open({p.where, number, p.tls ? tls : nullptr});
    if (!port) return problem{port.error()};
    if (p.where.kind == address::family::tcp) p.where.port = *port;
    log::info("listening on {}{}{}", to_string(p.where), p.tls ? " with TLS" : "",
              p.vm ? fmt::format(" for vm {}", settings.vms[*p.vm].name) : std::string{});
  }
  if (settings.print_viewer_command && !plan.empty()) {
    fmt::print("{}\n", viewer_command(plan.front()));
    std::fflush(stdout);
  }
  return plan;
}

void running_system::parts::start_vms(const std::vector<listener_plan>& plan) {
  const auto encoders = actors::make_encoders(system, encoders_for(settings), counted);
  const auto videos = video_makings_of(settings, counted);
  const auto now = std::chrono::system_clock::now();
  for (std::size_t i = 0; i < settings.vms.size(); ++i) {
    add_vm vm;
    vm.id = static_cast<vm_id>(i + 1);
    vm.settings = settings_of(settings.vms[i], settings.pictures, now);
    for (std::uint32_t number = 0; number < plan.size(); ++number)
      if (plan[number].vm == i) vm.own_listeners.push_back(number);
    actors::vm_setup s{vm.id,          vm.settings,
                       encoders,       videos,
                       registry,       policies_of(settings, added.channels),
                       &counted,       &loops,
                       &added.devices, source_of(settings.vms[i], counted)};
    vm.vm = actors::make_vm(system, loops.at(i % loops.count()), std::move(s));
    caf::anon_send(registry, std::move(vm));
  }
}

tl::expected<void, std::string> running_system::parts::open_control() {
  auto socket = open_control_socket(settings.control);
  if (!socket) {
    if (!settings.control_optional) return problem{socket.error()};
    log::info("no control socket: {}", socket.error());
    return {};
  }
  control = spawn_control(loops.at(0), std::move(*socket), {registry, &counted, [this] { return reload(); }});
  return {};
}

std::vector<std::string> running_system::parts::reload() {
  auto again = read_again();
  if (!again.found.problems.empty()) return again.found.problems;
  for (const auto& what : again.found.warnings) log::warning("{}", what);
  if (without_tickets(again.value) != without_tickets(settings))
    log::warning("reload: takes tickets and certificates only; what else has changed waits for a restart");
  const auto now = std::chrono::system_clock::now();
  for (const auto& vm : again.value.vms) {
    const auto fresh = settings_of(vm, settings.pictures, now);
    caf::anon_send(registry, set_ticket{fresh.name, fresh.ticket});
  }
  if (tls->current() != nullptr)
    if (auto loaded_tls = tls->reload(); !loaded_tls) return {loaded_tls.error() + "; the certificate in use stays"};
  log::info("reloaded tickets and certificates");
  return {};
}

// On loop 0.
void running_system::parts::end() {
  if (std::exchange(ending, true)) return;
  log::info("ending");
  listening->close();
  caf::anon_send(registry, shut_down{});
  asked_to_end.set_value();
}

bool running_system::parts::finish() {
  const bool in_time = registry_ended.get_future().wait_for(defaults::shutdown_deadline) == std::future_status::ready;
  if (!in_time) {
    log::error("some vm or client did not end within {} s", defaults::shutdown_deadline.count());
    ::_exit(1); // taking a running system apart would wait for ever
  }
  caf::anon_send(door, shut_down{});
  if (control != nullptr) caf::anon_send(control, shut_down{});
  caf::anon_send_exit(maker, caf::exit_reason::user_shutdown); // the key pools hold it, so it would live on
  signal_handlers.reset();
  registry = nullptr;
  door = nullptr;
  control = nullptr;
  maker = nullptr;
  system.await_all_actors_done();
  loops.stop();
  // Timers that are not due hold ended actors, and these hold sockets of the loops: the timers' thread ends first.
  owned_system.reset();
  return true;
}

running_system::running_system(const options& o, std::function<loaded()> read_again, const actors::extensions& added)
    : parts_(std::make_unique<parts>(o, std::move(read_again), added)) {}

running_system::~running_system() = default;

tl::expected<void, std::string> running_system::start() {
  auto started = parts_->start();
  if (started) return {};
  // What was made so far ends as it would have later; the loops have to run for that.
  parts_->loops.start();
  caf::anon_send(parts_->registry, shut_down{});
  (void)parts_->finish();
  return started;
}

bool running_system::wait() {
  parts_->asked_to_end.get_future().wait();
  return parts_->finish();
}

} // namespace saffron::host
