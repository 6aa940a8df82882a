// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_window.hpp"

#include "messages/image/glz_index.hpp"

#include <algorithm>

namespace saffron::image {

namespace {

/// In-image offsets have so many values.
constexpr std::uint32_t largest_window = 1u << 25;
/// What a match in the far form tells in a byte. Pictures of a few pixels would cost more memory than their pixels say.
constexpr std::size_t most_images = 255;

bool same_spot(const glz_picture& a, const glz_picture& b) noexcept {
  return a.spot == b.spot && a.channel == b.channel && a.format == b.format && a.width == b.width &&
         a.height == b.height && a.top_down == b.top_down;
}

/// Which pictures there are, in which order.
std::uint64_t history_of(const std::vector<glz_picture>& earlier) noexcept {
  std::uint64_t sum = earlier.size();
  for (const auto& picture : earlier) {
    sum = (sum ^ (picture.pixels.empty() ? 0 : picture.id + 1)) * 0x9e3779b185ebca87;
    sum ^= sum >> 32;
  }
  return sum;
}

} // namespace

bool glz_picture::whole() const noexcept {
  const bool colours = format >= bitmap_format::rgb_16bit && format <= bitmap_format::rgba;
  const bitmap_view view{format, width, height, row_bytes(format, width), top_down, pixels.view()};
  return colours && view.whole();
}

glz_window::glz_window(std::uint32_t pixels, std::shared_ptr<glz::index> index, std::uint64_t next_id) noexcept
    : pixels_(pixels), index_(std::move(index)), next_id_(next_id) {}

// What nobody will refer to any more need not be held, here or there.
void glz_window::make_room(const glz_picture& picture, std::uint64_t size) {
  const auto milestones = picture.id / glz_milestone;
  const bool anew = milestones > milestones_;
  milestones_ = std::max(milestones, milestones_);
  while (!images_.empty() && (anew || held_pixels_ + picture.pixel_count() > size || images_.size() > most_images)) {
    held_pixels_ -= images_.front().pixel_count();
    images_.pop_front();
  }
}

std::optional<glz_job> glz_window::allot(glz_picture picture) {
  const auto size = std::min(pixels_, largest_window);
  if (frozen_ || picture.pixel_count() >= size || !picture.whole()) return std::nullopt;
  make_room(picture, size);
  if (!index_) index_ = std::make_shared<glz::index>();

  glz_job job;
  job.id = next_id_++;
  job.win_head_dist = static_cast<std::uint32_t>(images_.size());
  for (auto other = images_.rbegin(); other != images_.rend(); ++other)
    job.earlier.push_back(other->channel == picture.channel ? *other : glz_picture{});
  job.history = history_of(job.earlier);
  const auto twin = std::find_if(job.earlier.begin(), job.earlier.end(),
                                 [&](const glz_picture& other) { return same_spot(other, picture); });
  if (twin != job.earlier.end()) job.same_spot = static_cast<std::uint32_t>(twin - job.earlier.begin()) + 1;
  job.index = index_;
  job.picture = picture;

  held_pixels_ += picture.pixel_count();
  images_.push_back(std::move(picture));
  return job;
}

void glz_window::freeze() noexcept {
  frozen_ = true;
  images_.clear();
  held_pixels_ = 0;
  index_.reset();
}

} // namespace saffron::image
