// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/display_view.hpp"

namespace saffron::load {

using namespace wire::display;
namespace tc = wire::display::to_client;

namespace {

bool is_draw(std::uint16_t type) {
  return type == tc::copy_bits::type || type == tc::draw_composite::type ||
         (type >= tc::draw_fill::type && type <= tc::draw_alpha_blend::type);
}

} // namespace

display_view::display_view(decoding wanted, rect watch) {
  if (wanted != decoding::none) canvas_.emplace();
  if (wanted == decoding::watched) only_ = watch;
}

display_change display_view::apply(const message_view& m, clock::time_point at) {
  if (!m.whole()) return apply_beginning(m, at);
  display_change change;
  const auto message = tc::decode_any(m.type, m.body);
  if (!message) {
    change.violation = message.error();
    return change;
  }
  note(*message, change, at);
  const bool unwatched = only_ && change.drew && change.area.intersect(*only_).empty();
  if (canvas_ && !unwatched) canvas_->apply(*message);
  return change;
}

display_change display_view::apply_beginning(const message_view& m, clock::time_point at) {
  display_change change;
  wire::reader r{m.body};
  if (is_draw(m.type)) {
    draw_base base;
    wire::read(r, base);
    // More clip rectangles than were kept are no mistake of the server's.
    if (!r.ok()) base.clip = {};
    note_draw(change, base.surface_id, base.box, &base.clip);
  } else if (m.type == tc::stream_data::type) {
    const auto id = r.u32();
    note_frame(change, {id, r.u32(), nullptr}, at);
  } else if (m.type == tc::stream_data_sized::type) {
    const auto id = r.u32();
    const auto time = r.u32();
    r.take(2 * sizeof(std::uint32_t)); // width, height
    rect destination;
    wire::read(r, destination);
    note_frame(change, {id, time, &destination}, at);
  }
  return change;
}

void display_view::note(const tc::message& message, display_change& change, clock::time_point at) {
  std::visit(
      [&]<class M>(const M& m) {
        if constexpr (requires { m.base; }) {
          note_draw(change, m.base.surface_id, m.base.box, &m.base.clip);
        } else if constexpr (std::is_same_v<M, tc::surface_create>) {
          surfaces_[m.surface_id] = {m.width, m.height};
          if ((m.flags & surface_flags::primary) == 0) return;
          primary_ = m.surface_id;
          open_.reset(whole(surfaces_[m.surface_id]));
        } else if constexpr (std::is_same_v<M, tc::surface_destroy>) {
          surfaces_.erase(m.surface_id);
          if (primary_ == m.surface_id) primary_.reset();
        } else if constexpr (std::is_same_v<M, tc::stream_create>) {
          streams_[m.stream_id] = {m.surface_id, m.destination, m.clip};
          change.begun = m.codec;
        } else if constexpr (std::is_same_v<M, tc::stream_clip>) {
          const auto found = streams_.find(m.stream_id);
          if (found == streams_.end())
            change.violation = errc::out_of_order;
          else
            found->second.clip = m.clip;
        } else if constexpr (std::is_same_v<M, tc::stream_activate_report>) {
          reports_.activate(m);
        } else if constexpr (std::is_same_v<M, tc::stream_destroy>) {
          streams_.erase(m.stream_id);
          reports_.ended(m.stream_id);
        } else if constexpr (std::is_same_v<M, tc::stream_destroy_all>) {
          streams_.clear();
          reports_.all_ended();
        } else if constexpr (std::is_same_v<M, tc::stream_data>) {
          note_frame(change, {m.stream_id, m.multi_media_time, nullptr}, at);
        } else if constexpr (std::is_same_v<M, tc::stream_data_sized>) {
          note_frame(change, {m.stream_id, m.multi_media_time, &m.destination}, at);
        }
      },
      message);
}

void display_view::note_draw(display_change& change, std::uint32_t surface, const rect& box, const clip_region* clip) {
  const auto on = surfaces_.find(surface);
  if (on == surfaces_.end()) {
    change.violation = errc::out_of_order;
    return;
  }
  change.drew = true;
  change.on_primary = primary_ == surface;
  change.area = box.intersect(whole(on->second));
  const auto part = [&](const rect& drawn) {
    if (drawn.empty()) return;
    change.pixels += drawn.area();
    if (change.on_primary && !open_.complete()) open_.add(drawn);
  };
  if (clip == nullptr || clip->type == clip_type::none) return part(change.area);
  for (const auto& allowed : clip->rects) part(change.area.intersect(allowed));
}

void display_view::note_frame(display_change& change, const frame& f, clock::time_point at) {
  const auto found = streams_.find(f.stream);
  if (found == streams_.end()) {
    change.violation = errc::out_of_order;
    return;
  }
  change.video_frame = true;
  change.report = reports_.shown(f.stream, f.multi_media_time, at);
  const auto& video = found->second;
  note_draw(change, video.surface_id, f.destination != nullptr ? *f.destination : video.destination, &video.clip);
}

} // namespace saffron::load
