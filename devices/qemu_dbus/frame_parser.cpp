// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/frame_parser.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <string_view>

namespace saffron::devices::qemu_dbus {

namespace {

// One read takes a header, its arguments and the first pixels; those are copied once more.
constexpr std::size_t staging_size = 4096;
constexpr std::size_t greeting_limit = 512;
constexpr std::size_t descriptors_kept = 4;
constexpr std::uint32_t rows_converted = 16;
// Sizes of the arguments before the pixels, with the array's length.
constexpr std::size_t scanout_arguments = 20;
constexpr std::size_t update_arguments = 28;

bool is_call(const message_header& h, std::string_view member, std::string_view signature) {
  return h.type == message_type::call && h.interface == listener_interface && h.member == member &&
         h.signature == signature;
}

/// Size of the arguments of a call that brings pixels, 0 for others.
std::size_t frame_arguments(const message_header& h) {
  if (is_call(h, "Update", "iiiiuuay")) return update_arguments;
  if (is_call(h, "Scanout", "uuuuay")) return scanout_arguments;
  return 0;
}

/// The frame that the arguments tell of, if it is possible and fits its `pixel_bytes`.
std::optional<frame> read_frame(std::span<const std::byte> arguments, std::uint64_t pixel_bytes) {
  dbus_reader r{arguments};
  frame f;
  f.whole = arguments.size() == scanout_arguments;
  const std::int64_t x = f.whole ? 0 : r.i(), y = f.whole ? 0 : r.i();
  const std::int64_t width = f.whole ? std::int64_t{r.u()} : r.i(), height = f.whole ? std::int64_t{r.u()} : r.i();
  f.stride = r.u();
  const auto order = order_of(r.u());
  constexpr std::int64_t edge = defaults::surface_edge;
  if (r.u() != pixel_bytes || !r.ok() || !order || width <= 0 || height <= 0 || width > edge || height > edge ||
      x < 0 || y < 0 || x + width > edge || y + height > edge)
    return std::nullopt;
  const auto row = static_cast<std::uint64_t>(width) * bytes_per_pixel(*order), rows = std::uint64_t(height);
  if (f.stride < row || pixel_bytes < f.stride * (rows - 1) + row || pixel_bytes > f.stride * rows) return std::nullopt;
  f.order = *order;
  f.area = {static_cast<std::int32_t>(x), static_cast<std::int32_t>(y), static_cast<std::int32_t>(x + width),
            static_cast<std::int32_t>(y + height)};
  return f;
}

} // namespace

frame_parser::frame_parser(frame_target& target) : target_(target), staging_(staging_size) {}

// -- places -----------------------------------------------------------------------------------------------------------

std::span<iovec> frame_parser::places(std::size_t most) {
  place_count_ = 0;
  if (phase_ == phase::pixels || phase_ == phase::skipping) pixel_places(std::max<std::size_t>(most, 1));
  // The next message's beginning comes with the same read.
  if (phase_ == phase::greeting || phase_ == phase::header || phase_ == phase::body || place_count_ == 0)
    add_place(staging_.data() + end_, staging_.size() - end_);
  return {places_.data(), place_count_};
}

void frame_parser::add_place(void* at, std::size_t size) {
  if (place_count_ != 0) {
    auto& last = places_[place_count_ - 1];
    if (static_cast<std::byte*>(last.iov_base) + last.iov_len == at && at != trash_.data()) {
      last.iov_len += size; // rows without a gap are one place
      return;
    }
  }
  places_[place_count_++] = {at, size};
}

void frame_parser::pixel_places(std::size_t most) {
  auto at = position_;
  const auto last = places_.size() - 1; // one stays free for the staging
  while (at < size_ && place_count_ < last && most != 0) {
    const auto size = pixels_place(at, static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - at)));
    if (size == 0) return;
    at += size;
    most -= size;
  }
  if (at == size_) add_place(staging_.data() + end_, staging_.size() - end_);
}

std::size_t frame_parser::pixels_place(std::uint64_t at, std::size_t most) {
  const auto into_trash = [&](std::size_t size) {
    size = std::min(size, trash_.size());
    add_place(trash_.data(), size);
    return size;
  };
  if (phase_ == phase::skipping) return into_trash(most);
  const auto y = static_cast<std::uint32_t>(at / frame_.stride);
  const auto offset = static_cast<std::size_t>(at % frame_.stride);
  if (offset >= row_size()) return into_trash(std::min(most, frame_.stride - offset)); // padding
  const auto size = std::min(most, row_size() - offset);
  if (frame_.order != pixel_order::bgrx) {
    if (y - position_ / frame_.stride >= rows_converted) return 0;
    add_place(rows_.data() + y % rows_converted * row_size() + offset, size);
    return size;
  }
  const auto row = target_.row(static_cast<std::uint32_t>(frame_.area.top) + y);
  const auto from = static_cast<std::size_t>(frame_.area.left) * 4 + offset;
  if (row.size() < from + size) return into_trash(size);
  add_place(row.data() + from, size);
  return size;
}

// -- arrival ----------------------------------------------------------------------------------------------------------

void frame_parser::received(unique_fd fd) {
  if (fds_.size() < descriptors_kept) fds_.push_back(std::move(fd));
}

result<void> frame_parser::arrived(std::size_t size) {
  if (phase_ == phase::pixels || phase_ == phase::skipping) {
    const auto pixels = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - position_));
    pixels_arrived(pixels);
    size -= pixels;
  }
  end_ += size;
  return parse();
}

void frame_parser::pixels_arrived(std::size_t size) {
  const auto from = position_;
  position_ += size;
  if (phase_ == phase::pixels && frame_.order != pixel_order::bgrx) {
    for (auto y = from / frame_.stride; y * frame_.stride + row_size() <= position_; ++y) {
      if (y * frame_.stride + row_size() <= from) continue;
      const auto row = target_.row(static_cast<std::uint32_t>(frame_.area.top) + static_cast<std::uint32_t>(y));
      const auto left = static_cast<std::size_t>(frame_.area.left) * 4;
      const auto pixels = static_cast<std::size_t>(frame_.area.width());
      if (row.size() >= left + pixels * 4)
        to_bgrx(frame_.order, rows_.data() + y % rows_converted * row_size(), row.data() + left, pixels);
    }
  }
  if (position_ < size_) return;
  const auto complete = phase_ == phase::pixels;
  phase_ = phase::header;
  if (complete) target_.end(frame_, header_);
}

/// Pixels that came with the header go on from the staging.
void frame_parser::absorb() {
  while ((phase_ == phase::pixels || phase_ == phase::skipping) && begin_ != end_) {
    const auto from = waiting();
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(from.size(), size_ - position_));
    std::size_t copied = 0;
    place_count_ = 0;
    pixel_places(most);
    for (std::size_t i = 0; i < place_count_ && copied < most; ++i) {
      const auto size = std::min(places_[i].iov_len, most - copied);
      if (phase_ == phase::pixels) std::memcpy(places_[i].iov_base, from.data() + copied, size);
      copied += size;
    }
    consume(copied);
    pixels_arrived(copied);
  }
}

// -- parsing ----------------------------------------------------------------------------------------------------------

std::span<const std::byte> frame_parser::waiting() const noexcept {
  return std::span{staging_}.subspan(begin_, end_ - begin_);
}

/// True when so many bytes wait; makes room for them otherwise.
bool frame_parser::have(std::size_t size) {
  if (end_ - begin_ >= size) return true;
  if (staging_.size() - begin_ < size) {
    std::memmove(staging_.data(), staging_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    if (staging_.size() < size) staging_.resize(size);
  }
  return false;
}

void frame_parser::consume(std::size_t size) {
  begin_ += size;
  if (begin_ != end_) return;
  begin_ = end_ = 0;
  if (staging_.size() > header_limit) { // a large message is rare: give its room back
    staging_.resize(staging_size);
    staging_.shrink_to_fit();
  }
}

result<void> frame_parser::parse() {
  for (;;) {
    absorb();
    if (target_.tired()) return {};
    result<bool> more = false;
    switch (phase_) {
    case phase::greeting: more = parse_greeting(); break;
    case phase::header: more = parse_header(); break;
    case phase::body:
      more = have(header_size_ + (frame_arguments(header_) != 0 ? frame_arguments(header_) : header_.body_size));
      if (*more) parse_body();
      break;
    case phase::pixels:
    case phase::skipping: break; // all that waited is absorbed
    }
    if (!more) return fail{more.error()};
    if (!*more) return {};
  }
}

result<bool> frame_parser::parse_greeting() {
  const auto bytes = waiting();
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  const auto end = text.find("\r\n");
  if (end == text.npos) {
    if (text.size() > greeting_limit) return fail{errc::bad_message};
    return have(text.size() + 1);
  }
  const auto line = text.substr(0, end);
  if (!line.starts_with(agreed_ ? "AGREE_UNIX_FD" : "OK ")) return fail{errc::permission_denied};
  if (std::exchange(agreed_, true)) phase_ = phase::header;
  consume(end + 2);
  return true;
}

result<bool> frame_parser::parse_header() {
  if (!have(fixed_header_size)) return false;
  const auto size = header_size(waiting().first(fixed_header_size));
  if (!size) return fail{size.error()};
  if (!have(*size)) return false;
  auto header = read_header(waiting().first(*size));
  if (!header) return fail{header.error()};
  header_ = std::move(*header);
  header_size_ = *size;
  fd_.reset();
  for (std::uint32_t i = 0; i < header_.fds && !fds_.empty(); ++i) {
    if (i == 0) fd_ = std::move(fds_.front());
    fds_.pop_front(); // closes the others
  }
  const auto arguments = frame_arguments(header_);
  if (arguments != 0 ? header_.body_size < arguments : header_.body_size > defaults::listener_message_limit) {
    consume(header_size_);
    refuse(header_.body_size);
  } else {
    phase_ = phase::body;
  }
  return true;
}

void frame_parser::parse_body() {
  if (frame_arguments(header_) != 0) {
    begin_frame();
    return;
  }
  // The target may not keep the bytes, so they can stay in the staging meanwhile.
  const auto body = waiting().subspan(header_size_, header_.body_size);
  phase_ = phase::header;
  target_.message(header_, body, std::move(fd_));
  consume(header_size_ + body.size());
}

void frame_parser::begin_frame() {
  const auto arguments = frame_arguments(header_);
  const auto pixel_bytes = header_.body_size - arguments;
  const auto f = read_frame(waiting().subspan(header_size_, arguments), pixel_bytes);
  consume(header_size_ + arguments);
  if (!f || !target_.begin(*f)) {
    refuse(pixel_bytes);
    return;
  }
  frame_ = *f;
  if (frame_.order != pixel_order::bgrx) rows_.resize(rows_converted * row_size());
  phase_ = phase::pixels;
  position_ = 0;
  size_ = pixel_bytes;
}

void frame_parser::refuse(std::uint64_t rest) {
  phase_ = rest != 0 ? phase::skipping : phase::header;
  position_ = 0;
  size_ = rest;
  target_.refused(header_);
}

std::size_t frame_parser::row_size() const noexcept {
  return static_cast<std::size_t>(frame_.area.width()) * bytes_per_pixel(frame_.order);
}

} // namespace saffron::devices::qemu_dbus
