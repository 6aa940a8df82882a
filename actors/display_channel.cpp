// SPDX-License-Identifier: BSD-3-Clause
#include "actors/display_channel.hpp"

#include "actors/strip_images.hpp"
#include "messages/wire/common.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace saffron::actors {

namespace {

using namespace std::chrono_literals;
namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display_capability;

/// Ids of the marks behind updates, away from those of other pings.
constexpr std::uint32_t first_mark = 0x20000000;
/// What was sent with loss and has not changed for so long is sent again without.
constexpr auto rest = 300ms;
/// Pixels of a GLZ window beyond which the reference refuses it; here it counts as none.
constexpr std::int32_t most_window_pixels = 1 << 25;

wire::display::draw_base base_of(const rect& area) { return {0, area, {}}; }

image::decoder_abilities abilities_of(const wire::capability_set& peer) {
  image::decoder_abilities can;
  can.lz4 = peer.has(display_capability::lz4_compression);
  can.alpha = peer.has(display_capability::a8_surface);
  return can;
}

} // namespace

display_channel::display_channel(channel_context context, display_ports ports, const display_peer& peer,
                                 const picture_settings& settings)
    : channel(std::move(context)), ports_(std::move(ports)),
      peer_has_monitors_(peer.capabilities.has(display_capability::monitors_config)),
      decoder_(abilities_of(peer.capabilities)), settings_(settings), local_peer_(peer.local),
      tested_rate_(peer.bytes_per_second), last_mark_(first_mark), kept_(peer.pixmaps, peer.channel_id),
      images_(out(), losses_, kept_, *ports_.counted),
      videos_(out(), ports_.videos, {peer.encodable, decodable(peer.capabilities), settings.codecs, {}},
              {peer.capabilities.has(display_capability::stream_report),
               peer.capabilities.has(display_capability::sized_stream)},
              *ports_.counted) {
  // A browser's client has none of what every viewer of ten years has.
  decoder_.browser =
      !decoder_.lz4 && !decoder_.alpha && !peer_has_monitors_ && !peer.capabilities.has(display_capability::composite);
}

result<void> display_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  return std::visit(overloaded{
                        [&](const to_server::init& m) { return init(m); },
                        [&](const to_server::preferred_compression& m) -> result<void> {
                          prefer(m.compression);
                          return {};
                        },
                        // No scanout was sent, so none can be done.
                        [](const to_server::gl_draw_done&) -> result<void> { return fail{errc::out_of_order}; },
                        [&](const to_server::stream_report& m) -> result<void> {
                          videos_.reported(m);
                          return {};
                        },
                        [&](const to_server::preferred_video_codec_type& m) -> result<void> {
                          videos_.prefer(m.codecs);
                          return {};
                        },
                    },
                    *message);
}

result<void> display_channel::init(const to_server::init& m) {
  if (initialised_) return fail{errc::out_of_order};
  const auto window = m.glz_dictionary_window_size;
  initialised_ = true;
  if (window > 0 && window <= most_window_pixels) decoder_.glz_window = static_cast<std::uint32_t>(window);
  if (decoder_.glz()) ports_.join_dictionary(m.glz_dictionary_id, decoder_.glz_window);
  if (!decoder_.browser) kept_.join(m.pixmap_cache_id, m.pixmap_cache_size);
  send(to_client::inval_all_palettes{});
  ports_.attach();
  return {}; // the palettes leave, there is room, the first pull follows
}

void display_channel::prefer(wire::display::image_compression wish) {
  using w = wire::display::image_compression;
  using c = image_compression;
  switch (wish) {
  case w::off: settings_.compression = c::off; break;
  case w::auto_glz: settings_.compression = c::auto_glz; break;
  case w::auto_lz: settings_.compression = c::auto_lz; break;
  case w::quic: settings_.compression = c::quic; break;
  case w::glz: settings_.compression = c::glz; break;
  case w::lz: settings_.compression = c::lz; break;
  case w::lz4: settings_.compression = c::lz4; break;
  case w::invalid: break;
  }
}

void display_channel::on_room() {
  if (!initialised_ || busy_ || !meter_.open()) return;
  busy_ = true;
  ports_.pull(welcome_pixels(), takes_video());
}

void display_channel::on_pong(std::uint32_t id) {
  meter_.delivered(id, now());
  if (id <= last_mark_) kept_.read(id);
  if (has_room()) on_room();
}

link_class display_channel::link() const { return classify(local_peer_, pace()); }

double display_channel::pace() const { return meter_.rate() > 0 ? meter_.rate() : tested_rate_; }

std::size_t display_channel::welcome_pixels() const {
  const auto bytes = static_cast<double>(meter_.room()) / std::max(images_.ratio(), 0.01);
  return std::clamp(static_cast<std::size_t>(std::min(bytes, 1e9)), defaults::pull_bytes_min, defaults::pull_bytes_max);
}

void display_channel::update(display_update u) {
  if (u.epoch != epoch_ || !has_surface_) new_surface(u);
  damage_pixels_ = u.damage_pixels;
  operations_ = std::move(u.operations);
  patches_ = std::move(u.patches);
  frames_ = std::move(u.frames);
  end_videos(u.videos);
  start_encoding();
}

void display_channel::new_surface(const display_update& u) {
  if (has_surface_) send(to_client::surface_destroy{0});
  to_client::surface_create create;
  create.width = u.size.width;
  create.height = u.size.height;
  create.flags = wire::display::surface_flags::primary;
  send(create);
  if (peer_has_monitors_) {
    to_client::monitors_config monitors;
    monitors.max_allowed = 1;
    monitors.heads.push_back({0, 0, u.size.width, u.size.height, 0, 0, 0});
    send(monitors);
  }
  losses_.clear();
  videos_.end_all();
  epoch_ = u.epoch;
  has_surface_ = true;
  unmarked_ = true;
}

void display_channel::send_operation(const fill& f) {
  to_client::draw_fill m;
  m.base = base_of(f.area);
  m.brush = wire::display::solid_brush{f.color};
  send(m);
  losses_.forwarded(f);
}

void display_channel::send_operation(const copy_bits& c) {
  to_client::copy_bits m;
  m.base = base_of(c.area);
  m.source_position = c.source;
  send(m);
  losses_.forwarded(c);
}

// The first picture is one message where the link carries it: viewers take their first look when the first image comes.
void display_channel::choose_forms() {
  choice_input in{settings_, link(), decoder_.lz4 && !decoder_.browser, decoder_.glz()};
  for (const auto& o : operations_)
    if (const auto* i = std::get_if<draw_image>(&o)) {
      pictures_.push_back(i->shown);
      forms_.push_back(chosen_or_kept(i->shown, in, kept_pictures::origin::guest));
    }
  const bool joined = unmarked_ && in.link != link_class::slow && in.link != link_class::very_slow &&
                      settings_.compression == image_compression::automatic;
  if (joined) in.settings.compression = in.lz4 && !local_peer_ ? image_compression::lz4 : image_compression::off;
  for (const auto& p : patches_) {
    in.exact = losses_.must_be_exact(p.area);
    for (const auto& strip : p.strips) {
      pictures_.push_back(strip);
      forms_.push_back(chosen_or_kept(strip, in, kept_pictures::origin::screen));
    }
  }
  if (joined) last_choice_.reason = "the first picture";
  std::erase_if(frames_, [this](const video_frame& frame) {
    if (!videos_.open(frame.of, pace())) return false;
    playing_.push_back({frame, std::nullopt});
    return true;
  });
  in.exact = true;
  for (const auto& frame : frames_) {
    pictures_.push_back(frame.shown);
    forms_.push_back(chosen(*frame.shown, in));
  }
}

// What the client cannot decode is raw; a raw form needs no encoder.
encoded_form display_channel::chosen(const picture& shown, const choice_input& in) {
  last_choice_ = choose(shown, in);
  if (!image::decodes(decoder_, image_type_of(last_choice_.form, shown.format), shown.format))
    last_choice_.form = image::is_indexed(shown.format) ? image_form::lz : image_form::raw;
  return {last_choice_.form, last_choice_.form == image_form::raw ? shown.pixels : shared_bytes{}, 0};
}

// What the client has needs no encoder, either. Forms that are joined are those of links where bytes cost little.
encoded_form display_channel::chosen_or_kept(const picture_ptr& shown, const choice_input& in,
                                             kept_pictures::origin from) {
  static const auto left_out = shared_bytes::copy_of(std::array{std::byte{}});
  auto made = chosen(*shown, in);
  const bool dear = from == kept_pictures::origin::guest || !can_be_joined(made.form);
  if (dear && kept_.look_up(shown, from)) made.data = left_out;
  return made;
}

void display_channel::start_encoding() {
  ++update_number_;
  pictures_.clear();
  forms_.clear();
  playing_.clear();
  choose_forms();
  const auto waiting = [](const encoded_form& f) { return f.data.empty(); };
  missing_ = static_cast<std::size_t>(std::count_if(forms_.begin(), forms_.end(), waiting)) + playing_.size();
  if (missing_ == 0) return send_update();
  for (std::uint32_t i = 0; i < playing_.size(); ++i) videos_.ask(playing_[i].frame, update_number_, i);
  for (std::uint32_t i = 0; i < forms_.size(); ++i)
    if (waiting(forms_[i])) ports_.encode(pictures_[i], forms_[i].form, update_number_, i);
}

// Whatever update it was for: GLZ images that were promised and do not come leave the client waiting.
result<void> display_channel::encoded(saffron::encoded e) {
  if (!e.made) return fail{errc::actor_failed};
  if (e.update != update_number_ || e.strip >= forms_.size() || !forms_[e.strip].data.empty()) return {};
  forms_[e.strip] = std::move(*e.made);
  if (--missing_ == 0) send_update();
  return {};
}

void display_channel::played(saffron::encoded_video e) {
  if (e.update != update_number_ || e.number >= playing_.size() || playing_[e.number].made) return;
  playing_[e.number].made = std::move(e);
  if (--missing_ == 0) send_update();
}

void display_channel::send_update() {
  send_operations();
  if (unmarked_ && !patches_.empty()) {
    send(to_client::mark{});
    unmarked_ = false;
  }
  operations_.clear();
  patches_.clear();
  frames_.clear();
  playing_.clear();
  pictures_.clear();
  forms_.clear();
  kept_.finish();
  send_mark();
  busy_ = false;
  if (losses_.pending() && !std::exchange(mend_scheduled_, true)) ports_.mend_later(rest);
  if (has_room()) on_room(); // nothing had to be sent
}

void display_channel::send_operations() {
  std::size_t next = 0;
  for (const auto& o : operations_)
    std::visit(overloaded{[&](const draw_image& i) {
                            send_image(image_of(i.area(), i.shown, forms_[next++]));
                            ports_.counted->guest_pictures.add();
                          },
                          [&](const auto& simple) { send_operation(simple); }},
               o);
  send_patches(next);
}

void display_channel::send_patches(std::size_t first) {
  for (const auto& p : patches_) {
    for (const auto& image : join_strips(p, std::span{forms_}.subspan(first, p.strips.size()))) send_image(image);
    first += p.strips.size();
  }
  send_frames(first);
}

void display_channel::send_frames(std::size_t first) {
  for (const auto& frame : frames_) send_image(image_of(frame.of.area, frame.shown, forms_[first++]));
  send_videos();
}

// A stream may have ended while its frame was encoded: then what the client shows there is mended.
void display_channel::send_videos() {
  for (const auto& p : playing_) {
    losses_.lossy(p.frame.of.area);
    videos_.send(p.frame.of, *p.made, meter_.rate(), now());
  }
}

// A video that has ended rests already: its last picture is wanted without loss.
void display_channel::end_videos(const std::vector<video_area>& now) {
  for (const auto& area : videos_.end_others(now))
    if (auto areas = losses_.mend(area); !areas.empty()) ports_.refine(std::move(areas));
}

bool display_channel::takes_video() const {
  return settings_.video != video_policy::off && settings_.compression != image_compression::off && !local_peer_ &&
         videos_.possible();
}

void display_channel::send_mark() {
  const auto bytes = queued();
  if (bytes == 0) return;
  send(wire::common::to_client::ping{++last_mark_, 0, {}});
  meter_.sent(last_mark_, bytes, now());
}

// A guest's format that the client has not travels as the screen's own pixels.
void display_channel::send_image(const strip_image& image) {
  if (!images_.send(image, decoder_, last_mark_ + 1)) ports_.refine({image.area});
}

void display_channel::mend() {
  mend_scheduled_ = false;
  if (auto areas = losses_.mend(); !areas.empty()) ports_.refine(std::move(areas));
  if (losses_.pending()) {
    mend_scheduled_ = true;
    ports_.mend_later(rest);
  }
}

display_channel::picture_report display_channel::report() const {
  const auto form = images_.last_form();
  return {form ? to_string(*form) : std::string_view{},
          last_choice_.reason,
          link(),
          meter_.rate(),
          damage_pixels_,
          losses_.pixels(),
          videos_.size(),
          videos_.describe()};
}

} // namespace saffron::actors
