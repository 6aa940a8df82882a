// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/session.hpp"

#include "bench/load/capabilities.hpp"
#include "messages/wire/cursor.hpp"
#include "messages/wire/inputs.hpp"
#include "messages/wire/video_codec_name.hpp"

#include <asio/post.hpp>

#include <algorithm>

namespace saffron::load {

using wire::channel_type;
namespace mc = wire::main_channel;

namespace {

constexpr std::uint32_t agent_window = 10; // messages we grant the agent, and how many we take before we grant more
constexpr std::uint32_t agent_grant = 5;
constexpr std::int32_t glz_window_pixels = 16 * 1024 * 1024;

display_view new_view(const options& o) {
  using enum display_view::decoding;
  if (o.decode) return display_view{everything};
  return o.needs_pixels() ? display_view{watched, *o.watch} : display_view{none};
}

} // namespace

session::session(worker& home, listener& owner, client_place place)
    : home_(home), owner_(&owner), place_(place), timeout_(home.io()) {}

session::~session() { close(); }

void session::open() {
  opened_at_ = clock::now();
  timeout_.expires_after(std::chrono::duration_cast<clock::duration>(home_.settings().connect_timeout));
  timeout_.async_wait([weak = weak_from_this()](asio::error_code error) {
    const auto self = weak.lock();
    if (!error && self && !self->all_linked_) {
      ++self->home_.counts().link.failures["client: timed out"];
      self->fail("timed out");
    }
  });
  main_ = open_channel(channel_type::main, 0);
}

void session::close() {
  owner_ = nullptr;
  timeout_.cancel();
  for (const auto& c : all_) c->close();
}

void session::retire(std::shared_ptr<session>& which) {
  if (!which) return;
  which->close();
  auto& io = which->home_.io();
  asio::post(io, [last = std::move(which)] {});
}

std::shared_ptr<channel> session::open_channel(channel_type type, std::uint8_t id) {
  wire::link_message request{.connection_id = session_id_,
                             .channel_type = type,
                             .channel_id = id,
                             .common_capabilities = {},
                             .channel_capabilities = {}};
  request.channel_capabilities = capabilities_of(type, home_.settings());
  auto opened = std::make_shared<channel>(home_, *this, std::move(request), home_.settings().ticket_of(place_.vm));
  all_.push_back(opened);
  opened->open();
  return opened;
}

void session::on_linked(channel& c) {
  auto& times = home_.counts().link;
  if (c.type() == channel_type::main) {
    times.connect_time.record(c.link().connected - opened_at_);
    times.link_time.record(c.link().linked - opened_at_);
    return;
  }
  if (c.type() == channel_type::display) {
    namespace ts = wire::display::to_server;
    const auto& o = home_.settings();
    c.send(ts::init{.pixmap_cache_id = c.id(), // not shared between displays: we never wait for another channel
                    .pixmap_cache_size = o.cache_pixels,
                    .glz_dictionary_id = c.id(),
                    .glz_dictionary_window_size = o.needs_pixels() ? 0 : glz_window_pixels});
    if (o.compression && c.link().channel_capabilities.has(wire::display_capability::pref_compression))
      c.send(ts::preferred_compression{*o.compression});
  }
  if (++linked_ + 1 < all_.size() || !listed_) return;
  if (std::exchange(all_linked_, true)) return;
  times.channels_time.record(clock::now() - opened_at_);
  if (owner_ != nullptr) owner_->on_channels();
}

template <class Decoded>
void session::check(channel& c, const message_view& m, const Decoded& decoded) {
  if (!decoded && m.whole()) c.violation(m, decoded.error());
}

void session::on_message(channel& c, const message_view& m) {
  switch (c.type()) {
  case channel_type::main: return on_main_message(c, m);
  case channel_type::display: return on_display_message(c, m);
  case channel_type::inputs: return check(c, m, wire::inputs::to_client::decode_any(m.type, m.body));
  case channel_type::cursor: return check(c, m, wire::cursor::to_client::decode_any(m.type, m.body));
  default: return;
  }
}

void session::on_main_message(channel& c, const message_view& m) {
  const auto message = mc::to_client::decode_any(m.type, m.body);
  if (!message) return check(c, m, message);
  if (const auto* init = std::get_if<mc::to_client::init>(&*message)) {
    if (session_id_ != 0) return c.violation(m, errc::out_of_order);
    session_id_ = init->session_id;
    home_.counts().link.main_time.record(c.read_at() - opened_at_);
    if (init->agent_connected != 0) start_agent();
    const auto& o = home_.settings();
    if (o.display || o.inputs || o.cursor)
      c.send(mc::to_server::attach_channels{});
    else
      all_linked_ = true;
    if (owner_ != nullptr) owner_->on_main();
    if (owner_ != nullptr && all_linked_) owner_->on_channels();
  } else if (const auto* list = std::get_if<mc::to_client::channels_list>(&*message)) {
    on_channels_list(*list);
  } else if (std::holds_alternative<mc::to_client::agent_connected>(*message) ||
             std::holds_alternative<mc::to_client::agent_connected_tokens>(*message)) {
    start_agent();
  } else if (std::holds_alternative<mc::to_client::agent_data>(*message)) {
    if (++agent_messages_ % agent_grant == 0) c.send(mc::to_server::agent_token{agent_grant});
  }
}

void session::start_agent() {
  agent_messages_ = 0;
  main_->send(mc::to_server::agent_start{agent_window});
}

void session::on_channels_list(const mc::to_client::channels_list& list) {
  if (listed_ || session_id_ == 0) return; // channels that are added later are not ours
  listed_ = true;
  const auto& o = home_.settings();
  for (const auto& [type, id] : list.channels) {
    if (type == channel_type::inputs && o.inputs) inputs_ = open_channel(type, id);
    if (type == channel_type::cursor && o.cursor) open_channel(type, id);
    if (type == channel_type::display && o.display)
      displays_.push_back(std::make_unique<display>(display{open_channel(type, id), new_view(o)}));
  }
  if (all_.size() == 1 && !std::exchange(all_linked_, true) && owner_ != nullptr) owner_->on_channels();
}

void session::on_display_message(channel& c, const message_view& m) {
  display* shown = nullptr;
  for (const auto& d : displays_)
    if (d->link.get() == &c) shown = d.get();
  if (shown == nullptr) return;
  const auto change = shown->view.apply(m, c.read_at());
  if (change.violation != errc::none) c.violation(m, change.violation);
  if (change.begun) begin_video(c, m, *change.begun);
  if (change.report) c.send(*change.report);
  if (!change.drew) return;
  auto& traffic = home_.counts().traffic;
  if (change.video_frame) ++traffic.video_frames;
  ++traffic.draws;
  traffic.pixels += change.pixels;
  if (!had_frame_ && shown->view.full_frame()) {
    had_frame_ = true;
    home_.counts().link.frame_time.record(c.read_at() - opened_at_);
    if (owner_ != nullptr) owner_->on_first_frame();
  }
  if (owner_ != nullptr && change.on_primary) owner_->on_draw({c.id(), change, shown->view, c.read_at()});
}

void session::begin_video(channel& c, const message_view& m, wire::display::video_codec codec) {
  ++home_.counts().videos[std::string{to_string(codec)}];
  const auto& can = home_.settings().videos;
  if (std::find(can.begin(), can.end(), codec) == can.end()) c.violation(m, errc::out_of_order);
}

void session::on_ended(channel& c, bool was_linked, const std::string& why) {
  const auto what = std::string{name_of(c.type())} + ": " + why;
  if (was_linked) ++home_.counts().ended[what];
  fail(what);
}

void session::fail(const std::string& why) {
  auto* owner = owner_;
  close();
  if (owner != nullptr) owner->on_ended(why);
}

void session::press_key(std::uint8_t scancode) {
  const std::byte code{scancode};
  if (inputs_->link().channel_capabilities.has(wire::inputs_capability::key_scancode))
    inputs_->send(wire::inputs::to_server::key_scancode{std::span{&code, 1}});
  else
    inputs_->send(wire::inputs::to_server::key_down{scancode});
}

void session::release_key(std::uint8_t scancode) {
  const auto broken = static_cast<std::uint8_t>(scancode | 0x80);
  if (inputs_->link().channel_capabilities.has(wire::inputs_capability::key_scancode))
    press_key(broken);
  else
    inputs_->send(wire::inputs::to_server::key_up{broken});
}

void session::pause() {
  for (const auto& c : all_) c->pause();
}
void session::resume() {
  // A profile may close the session while the first channel handles what it had buffered.
  for (const auto channels = all_; const auto& c : channels) c->resume();
}

std::uint64_t session::bytes_in() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& c : all_) sum += c->bytes_in();
  return sum;
}

bool session::drained() const noexcept {
  for (const auto& c : all_)
    if (!c->drained()) return false;
  return true;
}

} // namespace saffron::load
