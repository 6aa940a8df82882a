// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/usbredir_check.hpp"

#include "devices/char/usbredir_filter.hpp"

#include <algorithm>
#include <string_view>

namespace saffron::devices {

using usbredir::packet_type;
namespace capability = usbredir::capability;

namespace {

constexpr std::size_t word = 4;
constexpr std::size_t hello_size = usbredir::hello_version_size;
constexpr std::uint32_t interfaces_limit = 32;
// An endpoint whose data go from the device to the guest.
constexpr std::uint32_t direction_in = 0x80;

std::uint32_t little_endian(std::span<const std::byte> bytes) {
  std::uint32_t v = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) v = v << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return v;
}

// Streams come with packet sizes; usbredirparser takes one without the other for an error.
bool makes_sense(std::uint32_t capabilities) {
  return (capabilities & capability::bulk_streams) == 0 || (capabilities & capability::ep_info_max_packet_size) != 0;
}

} // namespace

result<usbredir_passed> usbredir_check::from_client(const shared_bytes& piece) {
  if (failed_) return fail{errc::bad_message};
  auto passed = scan(piece);
  failed_ = !passed;
  return passed;
}

result<usbredir_passed> usbredir_check::scan(const shared_bytes& piece) {
  const auto bytes = piece.view();
  const auto held = head_.size();
  usbredir_passed passed;
  std::size_t at = 0;
  std::size_t passable = 0;
  while (at < bytes.size()) {
    if (left_ > 0) {
      const auto n = std::min<std::size_t>(left_, bytes.size() - at);
      left_ -= static_cast<std::uint32_t>(n);
      passable = at += n;
      continue;
    }
    if (head_.empty())
      if (auto begun = begin_packet(); !begun) return fail{begun.error()};
    const auto part = bytes.subspan(at, std::min(wanted_ - head_.size(), bytes.size() - at));
    head_.insert(head_.end(), part.begin(), part.end());
    at += part.size();
    if (head_.size() < wanted_) break;
    if (!header_checked_) {
      if (auto good = check_header(); !good) return fail{good.error()};
      if (head_.size() < wanted_) continue;
    }
    if (auto good = check_fixed(); !good) return fail{good.error()};
    left_ = static_cast<std::uint32_t>(header_size_ + length_ - wanted_);
    if (held > 0 && passed.held.empty()) passed.held = shared_bytes::copy_of(std::span{head_}.first(held));
    head_.clear();
    passable = at;
  }
  if (passable > 0) passed.piece = piece.part(0, passable);
  return passed;
}

result<void> usbredir_check::begin_packet() {
  header_size_ = usbredir::header_size_32;
  if (client_capabilities_) {
    // How long a header is depends on what the guest can; a client that does not wait for its hello cannot know.
    if (!guest_capabilities_) return fail{errc::out_of_order};
    if ((*client_capabilities_ & *guest_capabilities_ & capability::ids_64bit) != 0)
      header_size_ = usbredir::header_size_64;
  }
  wanted_ = header_size_;
  header_checked_ = false;
  return {};
}

result<void> usbredir_check::check_header() {
  const std::span head{head_};
  type_ = static_cast<packet_type>(little_endian(head.first(word)));
  length_ = little_endian(head.subspan(word, word));
  if ((type_ == packet_type::hello) == client_capabilities_.has_value()) return fail{errc::out_of_order};
  const auto both = client_capabilities_ ? *client_capabilities_ & *guest_capabilities_ : 0;
  const auto layout = usbredir::layout_of(type_, both);
  if (!layout || length_ > usbredir::packet_limit || length_ < layout->fixed) return fail{errc::bad_message};
  data_size_ = length_ - static_cast<std::uint32_t>(layout->fixed);
  if (data_size_ > 0 && !layout->data) return fail{errc::bad_message};
  auto looked_at = layout->fixed;
  if (type_ == packet_type::hello) looked_at += std::min<std::size_t>(data_size_, word);
  if (type_ == packet_type::filter_filter) {
    if (data_size_ > usbredir::filter_limit) return fail{errc::message_too_large};
    looked_at += data_size_;
  }
  wanted_ = header_size_ + looked_at;
  header_checked_ = true;
  return {};
}

result<void> usbredir_check::check_fixed() {
  const auto require = [](bool good) { return good ? result<void>{} : fail{errc::bad_message}; };
  switch (type_) {
  case packet_type::hello:
    client_capabilities_ = field(hello_size, std::min<std::size_t>(data_size_, word));
    return require(data_size_ % word == 0 && makes_sense(*client_capabilities_));
  case packet_type::interface_info: return require(field(0, word) <= interfaces_limit);
  case packet_type::filter_filter: {
    const std::string_view text{reinterpret_cast<const char*>(head_.data()) + header_size_, data_size_};
    return require(guest_can(capability::filter) && text.ends_with('\0') &&
                   usbredir::is_filter(text.substr(0, text.size() - 1)));
  }
  case packet_type::interrupt_receiving_status: return require((field(1, 1) & direction_in) != 0);
  case packet_type::bulk_receiving_status:
    return require(guest_can(capability::bulk_receiving) && (field(4, 1) & direction_in) != 0);
  case packet_type::control_packet: return check_data(field(0, 1), field(8, 2));
  case packet_type::bulk_packet: {
    const bool wide = wanted_ - header_size_ > 8;
    return check_data(field(0, 1), field(2, 2) | (wide ? field(8, 2) << 16 : 0));
  }
  case packet_type::iso_packet:
  case packet_type::interrupt_packet: return check_data(field(0, 1), field(2, 2));
  case packet_type::buffered_bulk_packet:
    if (!guest_can(capability::bulk_receiving)) return fail{errc::bad_message};
    return check_data(field(8, 1), field(4, word));
  default: return {};
  }
}

// Data of an endpoint go one way only; towards the guest, the packet of the other way is a status.
result<void> usbredir_check::check_data(std::uint32_t endpoint, std::uint32_t claimed) const {
  if (claimed > usbredir::packet_limit) return fail{errc::bad_message};
  const bool in = (endpoint & direction_in) != 0;
  if (in && claimed != data_size_) return fail{errc::bad_message};
  const bool has_status = type_ != packet_type::iso_packet && type_ != packet_type::buffered_bulk_packet;
  if (!in && (data_size_ != 0 || !has_status)) return fail{errc::bad_message};
  return {};
}

bool usbredir_check::guest_can(std::uint32_t capability) const { return (*guest_capabilities_ & capability) != 0; }

std::uint32_t usbredir_check::field(std::size_t offset, std::size_t size) const {
  return little_endian(std::span{head_}.subspan(header_size_ + offset, size));
}

result<void> usbredir_check::from_guest(std::span<const std::byte> bytes) {
  if (guest_capabilities_) return {};
  if (guest_failed_) return fail{errc::bad_message};
  constexpr auto fixed = usbredir::header_size_32 + hello_size;
  const auto part = bytes.first(std::min(bytes.size(), fixed + word - guest_hello_.size()));
  guest_hello_.insert(guest_hello_.end(), part.begin(), part.end());
  const std::span head{guest_hello_};
  if (head.size() < usbredir::header_size_32) return {};
  const auto type = static_cast<packet_type>(little_endian(head.first(word)));
  const auto length = little_endian(head.subspan(word, word));
  if (type != packet_type::hello || length < hello_size || length > usbredir::packet_limit) {
    guest_failed_ = true;
    return fail{errc::bad_message};
  }
  // An old guest announces nothing: its hello ends where the capabilities would begin.
  const auto capability_size = std::min<std::size_t>(length - hello_size, word);
  if (head.size() < fixed + capability_size) return {};
  const auto announced = little_endian(head.subspan(fixed, capability_size));
  guest_capabilities_ = makes_sense(announced) ? announced : announced & ~capability::bulk_streams;
  guest_hello_ = {};
  return {};
}

} // namespace saffron::devices
