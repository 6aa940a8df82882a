// SPDX-License-Identifier: BSD-3-Clause
#include "actors/display_channel.hpp"

#include "actors/strip_images.hpp"
#include "messages/wire/common.hpp"

#include <fmt/format.h>

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
/// Clients report after so many frames or so much time (the reference's numbers).
constexpr std::uint32_t report_frames = 5, report_milliseconds = 1000;

wire::display::draw_base base_of(const rect& area) { return {0, area, {}}; }

image::decoder_abilities abilities_of(const wire::capability_set& peer) {
  image::decoder_abilities can;
  can.lz4 = peer.has(display_capability::lz4_compression);
  can.alpha = peer.has(display_capability::a8_surface);
  return can;
}

counter& counter_of(counters& all, image_form form) {
  switch (form) {
  case image_form::raw: return all.images_raw;
  case image_form::lz4: return all.images_lz4;
  case image_form::lz: return all.images_lz;
  case image_form::quic: return all.images_quic;
  case image_form::glz:
  case image_form::zlib_glz: return all.images_glz;
  case image_form::jpeg:
  case image_form::coarse_jpeg:
  case image_form::rough_jpeg: break;
  }
  return all.images_jpeg;
}

std::string describe_coding(const video_coding& coding) {
  const auto smaller = coding.reduction == 1 ? std::string{} : fmt::format(", 1:{}", coding.reduction);
  return fmt::format("{}, {} kbit/s{}", to_string(coding.codec), coding.bits_per_second / 1000, smaller);
}

} // namespace

display_channel::display_channel(channel_context context, display_ports ports, const display_peer& peer,
                                 const picture_settings& settings)
    : channel(std::move(context)), ports_(std::move(ports)),
      peer_has_monitors_(peer.capabilities.has(display_capability::monitors_config)),
      decoder_(abilities_of(peer.capabilities)), settings_(settings), local_peer_(peer.local),
      tested_rate_(peer.bytes_per_second), last_mark_(first_mark),
      kept_(peer.pixmaps, peer.channel_id), streams_(peer.capabilities.has(display_capability::sized_stream)),
      codecs_{peer.encodable, decodable(peer.capabilities), settings.codecs, {}},
      peer_has_reports_(peer.capabilities.has(display_capability::stream_report)) {
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
                        [&](const to_server::stream_report& m) { return report(m); },
                        [&](const to_server::preferred_video_codec_type& m) -> result<void> {
                          codecs_.preferred = m.codecs; // of the next stream
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
  const auto bytes = static_cast<double>(meter_.room()) / std::max(ratio_, 0.01);
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
  end_streams(streams_.end_all());
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
    if (stream_of(frame.of) == nullptr) return false;
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
  for (std::uint32_t i = 0; i < playing_.size(); ++i) {
    const auto* stream = streams_.find(playing_[i].frame.of);
    ports_.encode_video(playing_[i].frame, stream->coding(), stream->last, update_number_, i);
  }
  for (std::uint32_t i = 0; i < forms_.size(); ++i)
    if (waiting(forms_[i])) ports_.encode(pictures_[i], forms_[i].form, update_number_, i);
}

void display_channel::encoded(saffron::encoded e) {
  if (e.update != update_number_ || e.strip >= forms_.size() || !forms_[e.strip].data.empty()) return;
  forms_[e.strip] = std::move(e.made);
  if (--missing_ == 0) send_update();
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
    auto* stream = streams_.find(p.frame.of);
    if (stream == nullptr) continue;
    if (p.made->failed)
      video_failed(*stream);
    else
      send_coded(*stream, p.made->frames);
  }
}

// Times never go backwards and are never 0; a client shows a frame when its clock gets there.
std::uint32_t display_channel::frame_time() const {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch()).count();
  return std::max(static_cast<std::uint32_t>(time), std::uint32_t{1});
}

void display_channel::send_frame(const video_streams::stream& stream, const coded_frame& coded) {
  const auto send_as = [&](auto m) {
    m.stream_id = stream.id;
    m.multi_media_time = frame_time();
    wire::writer head;
    write_head(head, m, coded.data.size());
    send(m.type, head.view(), {&coded.data, 1});
  };
  if (stream.reduction == stream.created_reduction) return send_as(to_client::stream_data{});
  const auto place = place_of(stream);
  to_client::stream_data_sized sized;
  sized.width = place.decoded.width;
  sized.height = place.decoded.height;
  sized.destination = place.destination;
  send_as(sized);
}

void display_channel::send_coded(video_streams::stream& stream, const std::vector<coded_frame>& made) {
  std::size_t bytes = 0;
  for (const auto& coded : made) {
    send_frame(stream, coded);
    stream.last = coded.number;
    bytes += coded.data.size();
    ports_.counted->video_frames.add();
  }
  if (bytes == 0) return; // it waits for a key frame
  streams_.sent(stream, bytes, meter_.rate(), now());
  if (peer_has_reports_ && stream.silent()) video_failed(stream);
}

// What this client and this process cannot do together is not tried again.
void display_channel::video_failed(const video_streams::stream& stream) {
  std::erase(codecs_.decodable, stream.codec);
  end_streams(streams_.end_all());
}

video_streams::stream* display_channel::stream_of(const video_area& area) {
  if (auto* found = streams_.find(area)) return found;
  const auto codec = choose_codec(codecs_, size_of(area.area), pace());
  auto* stream = codec ? streams_.open(area, *codec, pace()) : nullptr;
  if (stream == nullptr) return nullptr;
  send(create_of(*stream));
  if (peer_has_reports_)
    send(to_client::stream_activate_report{stream->id, stream->unique, report_frames, report_milliseconds});
  ports_.counted->video_streams.add();
  return stream;
}

// A video that has ended rests already: its last picture is wanted without loss.
void display_channel::end_videos(const std::vector<video_area>& now) {
  const auto ended = streams_.ended(now);
  end_streams(ended);
  for (const auto& s : ended)
    if (auto areas = losses_.mend(s.of.area); !areas.empty()) ports_.refine(std::move(areas));
}

void display_channel::end_streams(const std::vector<video_streams::stream>& streams) {
  for (const auto& s : streams) {
    send(to_client::stream_destroy{s.id});
    ports_.leave_video(s.of.id);
  }
}

bool display_channel::takes_video() const {
  return settings_.video != video_policy::off && settings_.compression != image_compression::off && !local_peer_ &&
         choose_codec(codecs_, {}, 0).has_value();
}

// A client that cannot even begin to decode says so before it has heard the stream's unique number: with 0.
result<void> display_channel::report(const to_server::stream_report& m) {
  auto* stream = streams_.by_number(m.stream_id);
  if (stream == nullptr) return {}; // of a stream that has ended
  const bool cannot = m.frame_count == 0 && m.drop_count == to_server::stream_report::cannot_decode;
  if (stream->unique != m.unique_id && !(cannot && m.unique_id == 0)) return {};
  stream->unreported = 0;
  if (cannot)
    video_failed(*stream);
  else if (m.drop_count > 0)
    streams_.dropped(*stream);
  return {};
}

void display_channel::send_mark() {
  const auto bytes = queued();
  if (bytes == 0) return;
  send(wire::common::to_client::ping{++last_mark_, 0, {}});
  meter_.sent(last_mark_, bytes, now());
}

void display_channel::send_image(const strip_image& image) {
  auto what = describe(image);
  const bool decodes = saffron::image::decodes(decoder_, type_of(what), image.shown->format);
  const bool kept = decodes && ask_caches(what, image);
  const auto checked = saffron::image::legal_image::make(decoder_, image.shown->format, what, {&kept_, &palettes_});
  if (!checked) return ports_.refine({image.area}); // a guest's format that the client has not: as the screen's own
  to_client::draw_copy m;
  m.base = base_of(image.area);
  m.source = checked->get();
  m.source_area = {0, 0, image.area.width(), image.area.height()};
  const auto payload = kept ? std::span<const shared_bytes>{} : std::span{image.payload};
  wire::writer head;
  write_head(head, m, kept ? 0 : image.bytes);
  send(to_client::draw_copy::type, head.view(), payload);
  if (kept) return losses_.exact(image.area);
  ratio_ = 0.9 * ratio_ + 0.1 * static_cast<double>(image.bytes) / static_cast<double>(image.pixel_bytes);
  if (is_lossy(image.form))
    losses_.lossy(image.area);
  else
    losses_.exact(image.area);
  counter_of(*ports_.counted, image.form).add();
  last_choice_.form = image.form;
  sent_any_ = true;
}

// Of an image that will be sent, with what must go before it. True: nothing but its id goes.
bool display_channel::ask_caches(wire::display::image& what, const strip_image& image) {
  auto picture = kept_.use(what, image, last_mark_ + 1);
  if (!picture.evicted.empty()) send(to_client::inval_list{std::move(picture.evicted)});
  if (picture.hit) ports_.counted->pixmap_cache_hits.add();
  const auto palette = palettes_.use(what);
  if (palette.evicted) send(to_client::inval_palette{*palette.evicted});
  if (palette.hit) ports_.counted->palette_cache_hits.add();
  return picture.hit;
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
  return {sent_any_ ? to_string(last_choice_.form) : std::string_view{},
          last_choice_.reason,
          link(),
          meter_.rate(),
          damage_pixels_,
          losses_.pixels(),
          streams_.size(),
          streams_.size() == 0 ? std::string{} : describe_coding(streams_.all().back().coding())};
}

} // namespace saffron::actors
