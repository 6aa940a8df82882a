// SPDX-License-Identifier: BSD-3-Clause
#include "actors/display_channel.hpp"

#include "messages/image/lz4.hpp"

#include <numeric>

namespace saffron::actors {

namespace {

namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display::image_compression;

constexpr std::size_t bytes_per_pixel = 4;

wire::display::draw_base base_of(const rect& area) { return {0, area, {}}; }

std::size_t total(std::span<const shared_bytes> parts) {
  return std::accumulate(parts.begin(), parts.end(), std::size_t{0},
                         [](std::size_t sum, const shared_bytes& p) { return sum + p.size(); });
}

} // namespace

display_channel::display_channel(channel_context context, display_ports ports, const wire::capability_set& peer,
                                 compression_policy policy, bool local_peer)
    : channel(std::move(context)), ports_(std::move(ports)),
      peer_has_lz4_(peer.has(wire::display_capability::lz4_compression)),
      peer_has_monitors_(peer.has(wire::display_capability::monitors_config)), policy_(policy),
      local_peer_(local_peer) {}

result<void> display_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  return std::visit(overloaded{
                        [&](const to_server::init&) { return init(); },
                        [&](const to_server::preferred_compression& m) -> result<void> {
                          prefer(m.compression);
                          return {};
                        },
                        // No scanout was sent, so none can be done.
                        [](const to_server::gl_draw_done&) -> result<void> { return fail{errc::out_of_order}; },
                        // Reports and wishes about streams, of which there are none yet.
                        [](const auto&) -> result<void> { return {}; },
                    },
                    *message);
}

result<void> display_channel::init() {
  if (initialised_) return fail{errc::out_of_order};
  initialised_ = true;
  send(to_client::inval_all_palettes{});
  ports_.attach();
  return {}; // the palettes leave, there is room, the first pull follows
}

void display_channel::prefer(image_compression wish) {
  switch (wish) {
  case image_compression::off: policy_ = compression_policy::off; break;
  case image_compression::lz4: policy_ = compression_policy::lz4; break;
  default: policy_ = compression_policy::automatic; break; // the best that is there
  }
}

void display_channel::on_room() {
  meter_.taken(now());
  if (!initialised_ || busy_) return;
  busy_ = true;
  ports_.pull(welcome_pixels());
}

std::size_t display_channel::welcome_pixels() const {
  const auto bytes = static_cast<double>(meter_.welcome(latency())) / std::max(ratio_, 0.01);
  return std::clamp(static_cast<std::size_t>(std::min(bytes, 1e9)), defaults::pull_bytes_min, defaults::pull_bytes_max);
}

void display_channel::update(display_update u) {
  if (u.epoch != epoch_ || !has_surface_) new_surface(u);
  for (const auto& operation : u.operations) std::visit([this](const auto& o) { send_operation(o); }, operation);
  damage_pixels_ = u.damage_pixels;
  patches_ = std::move(u.patches);
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
  epoch_ = u.epoch;
  has_surface_ = true;
  unmarked_ = true;
}

void display_channel::send_operation(const fill& f) {
  to_client::draw_fill m;
  m.base = base_of(f.area);
  m.brush = wire::display::solid_brush{f.color};
  send(m);
}

void display_channel::send_operation(const copy_bits& c) {
  to_client::copy_bits m;
  m.base = base_of(c.area);
  m.source_position = c.source;
  send(m);
}

image_form display_channel::form() const {
  const bool wanted = policy_ == compression_policy::lz4 || (policy_ == compression_policy::automatic && !local_peer_);
  return wanted && peer_has_lz4_ ? image_form::lz4 : image_form::raw;
}

void display_channel::start_encoding() {
  ++update_number_;
  strips_.clear();
  missing_ = 0;
  if (form() == image_form::lz4)
    for (const auto& p : patches_) missing_ += p.strips.size();
  if (missing_ == 0) return send_patches();
  strips_.resize(missing_);
  std::uint32_t number = 0;
  for (const auto& p : patches_)
    for (const auto& strip : p.strips) ports_.encode(strip, image_form::lz4, update_number_, number++);
}

void display_channel::encoded(saffron::encoded e) {
  if (e.update != update_number_ || e.strip >= strips_.size() || !strips_[e.strip].empty()) return;
  strips_[e.strip] = std::move(e.data);
  if (--missing_ == 0) send_patches();
}

void display_channel::send_patches() {
  std::size_t first = 0;
  for (const auto& p : patches_) {
    if (strips_.empty())
      send_patch(p, {});
    else
      send_patch(p, std::span{strips_}.subspan(first, p.strips.size()));
    first += p.strips.size();
  }
  if (unmarked_ && !patches_.empty()) {
    send(to_client::mark{});
    unmarked_ = false;
  }
  patches_.clear();
  strips_.clear();
  meter_.handed_over(queued(), now());
  busy_ = false;
  if (has_room()) on_room(); // nothing had to be sent
}

void display_channel::send_patch(const patch& p, std::span<const shared_bytes> strips) {
  const auto width = static_cast<std::uint32_t>(p.area.width()), height = static_cast<std::uint32_t>(p.area.height());
  const auto raw_size = p.area.area() * bytes_per_pixel;
  to_client::draw_copy m;
  m.base = base_of(p.area);
  m.source.width = width;
  m.source.height = height;
  m.source_area = {0, 0, p.area.width(), p.area.height()};

  std::vector<shared_bytes> payload;
  const auto encoded_size = total(strips) + image::lz4_header.size();
  const bool smaller = !strips.empty() && encoded_size < raw_size;
  if (smaller) {
    static const auto header = shared_bytes::copy_of(image::lz4_header);
    payload.push_back(header);
    payload.insert(payload.end(), strips.begin(), strips.end());
    m.source.body = wire::display::lz4_image{};
  } else {
    for (const auto& strip : p.strips) payload.push_back(strip->pixels);
    wire::display::bitmap raw;
    raw.flags = wire::display::bitmap_flags::top_down;
    raw.x = width;
    raw.y = height;
    raw.stride = width * bytes_per_pixel;
    m.source.body = raw;
  }
  const auto size = smaller ? encoded_size : raw_size;
  wire::writer head;
  write_head(head, m, size);
  send(to_client::draw_copy::type, head.view(), payload);
  ratio_ = 0.9 * ratio_ + 0.1 * static_cast<double>(size) / static_cast<double>(raw_size);
  codec_ = smaller ? "lz4" : "raw";
}

} // namespace saffron::actors
