// SPDX-License-Identifier: BSD-3-Clause
// The link stage: what client and server say before a connection becomes a channel, and the capabilities they exchange.
// Source: spice-protocol's protocol.h and enums.h; the checks are those of the reference server.
#pragma once

#include "messages/wire/fields.hpp"

#include <initializer_list>

namespace saffron::wire {

/// "REDQ".
inline constexpr std::uint32_t link_magic = 0x51444552;
inline constexpr std::uint32_t link_major = 2;
/// Announced, never checked.
inline constexpr std::uint32_t link_minor = 2;
/// A DER-encoded RSA key of 1024 bits.
inline constexpr std::size_t public_key_size = 162;
inline constexpr std::size_t ticket_size = 128;
inline constexpr std::size_t password_limit = 60;
/// The largest link message that the reference accepts, and the most capability words of each kind.
inline constexpr std::size_t link_message_limit = 4096;
inline constexpr std::uint32_t capability_word_limit = 1024;
/// Sizes without capabilities; these follow.
inline constexpr std::size_t link_message_size = 18;
inline constexpr std::size_t link_reply_size = 178;

/// SpiceLinkErr.
enum class link_error : std::uint32_t {
  ok = 0,
  error = 1,
  invalid_magic = 2,
  invalid_data = 3,
  version_mismatch = 4,
  need_secured = 5,
  need_unsecured = 6,
  permission_denied = 7,
  bad_connection_id = 8,
  channel_not_available = 9,
};

/// SPICE_CHANNEL_*.
enum class channel_type : std::uint8_t {
  main = 1,
  display = 2,
  inputs = 3,
  cursor = 4,
  playback = 5,
  record = 6,
  /// Obsolete.
  tunnel = 7,
  smartcard = 8,
  usbredir = 9,
  port = 10,
  webdav = 11,
};

/// How a client proves who it is: the bit number of the common capability. SpiceLinkAuthMechanism.
enum class auth_mechanism : std::uint32_t { spice = 1, sasl = 2 };

/// SPICE_COMMON_CAP_*, bit numbers.
enum class common_capability : std::uint32_t { auth_selection = 0, auth_spice = 1, auth_sasl = 2, mini_header = 3 };

/// SPICE_MAIN_CAP_*, bit numbers.
enum class main_capability : std::uint32_t {
  semi_seamless_migrate = 0,
  name_and_uuid = 1,
  agent_connected_tokens = 2,
  seamless_migrate = 3,
};

/// SPICE_DISPLAY_CAP_*, bit numbers.
enum class display_capability : std::uint32_t {
  sized_stream = 0,
  monitors_config = 1,
  composite = 2,
  a8_surface = 3,
  stream_report = 4,
  lz4_compression = 5,
  pref_compression = 6,
  gl_scanout = 7,
  multi_codec = 8,
  codec_mjpeg = 9,
  codec_vp8 = 10,
  codec_h264 = 11,
  pref_video_codec_type = 12,
  codec_vp9 = 13,
  codec_h265 = 14,
};

/// SPICE_INPUTS_CAP_*, bit numbers.
enum class inputs_capability : std::uint32_t { key_scancode = 0 };

/// SPICE_SPICEVMC_CAP_*, bit numbers: the port, WebDAV and USB channels.
enum class port_capability : std::uint32_t { data_compress_lz4 = 0 };

/// A number, or an enumerator, that names a bit.
template <class B>
concept capability_bit = std::is_enum_v<B> || std::is_unsigned_v<B>;

/// Bits in words of 32; words above the highest bit are not kept.
class capability_set {
public:
  capability_set() = default;
  explicit capability_set(std::vector<std::uint32_t> words) : words_(std::move(words)) {
    while (!words_.empty() && words_.back() == 0) words_.pop_back();
  }
  template <capability_bit B>
  capability_set(std::initializer_list<B> bits) {
    for (const auto bit : bits) set(bit);
  }

  template <capability_bit B>
  capability_set& set(B bit) {
    const auto n = static_cast<std::uint32_t>(bit);
    if (words_.size() <= n / 32) words_.resize(n / 32 + 1);
    words_[n / 32] |= 1u << n % 32;
    return *this;
  }
  template <capability_bit B>
  [[nodiscard]] bool has(B bit) const noexcept {
    const auto n = static_cast<std::uint32_t>(bit);
    return n / 32 < words_.size() && (words_[n / 32] >> n % 32 & 1) != 0;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& words() const noexcept { return words_; }
  friend bool operator==(const capability_set&, const capability_set&) = default;

private:
  std::vector<std::uint32_t> words_;
};

/// First on the wire, in both directions. SpiceLinkHeader.
struct link_header {
  static constexpr std::size_t wire_size = 16;
  std::uint32_t magic = link_magic;
  std::uint32_t major = link_major;
  std::uint32_t minor = link_minor;
  /// Bytes that follow.
  std::uint32_t size = 0;

  static auto fields(auto& self) { return std::tie(self.magic, self.major, self.minor, self.size); }
  friend bool operator==(const link_header&, const link_header&) = default;
};

/// The reference's checks in its order: magic, major version, size. To a major version of 0 it does not even reply.
[[nodiscard]] link_error check_link_header(const link_header& header) noexcept;

/// What the client wants. SpiceLinkMess.
struct link_message {
  /// 0 for a new client, else the session id from main_channel::to_client::init.
  std::uint32_t connection_id = 0;
  wire::channel_type channel_type = wire::channel_type::main;
  std::uint8_t channel_id = 0;
  capability_set common_capabilities{};
  capability_set channel_capabilities{};
  friend bool operator==(const link_message&, const link_message&) = default;
};
/// Without the link header.
void write(writer& w, const link_message& m);

/// The body after a link header, checked as the reference does: size, then numbers of words, then their place. The
/// error is the one to reply with.
[[nodiscard]] tl::expected<link_message, link_error> parse_link_message(std::span<const std::byte> body);

/// Header and message: a client's first bytes.
[[nodiscard]] std::vector<std::byte> link_request(const link_message& m);

/// What the server answers. SpiceLinkReply.
struct link_reply {
  link_error error = link_error::ok;
  /// DER; the client encrypts its ticket with it.
  std::array<std::byte, public_key_size> public_key{};
  capability_set common_capabilities{};
  capability_set channel_capabilities{};
  friend bool operator==(const link_reply&, const link_reply&) = default;
};
/// Without the link header.
void write(writer& w, const link_reply& m);
void read(reader& r, link_reply& m);

/// Header and reply that refuse a link: everything but the error is zero, and there are no capabilities.
[[nodiscard]] std::vector<std::byte> error_reply(link_error error);

/// Header and reply that accept a link; authentication follows.
[[nodiscard]] std::vector<std::byte> ok_reply(std::span<const std::byte, public_key_size> public_key,
                                              const capability_set& common, const capability_set& channel);

/// The server's word after authentication.
struct link_result {
  link_error error = link_error::ok;
  static auto fields(auto& self) { return std::tie(self.error); }
  friend bool operator==(const link_result&, const link_result&) = default;
};

/// Sent when both sides have common_capability::auth_selection. SpiceLinkAuthMechanism.
struct link_auth_mechanism {
  auth_mechanism mechanism = auth_mechanism::spice;
  static auto fields(auto& self) { return std::tie(self.mechanism); }
  friend bool operator==(const link_auth_mechanism&, const link_auth_mechanism&) = default;
};

/// RSA-OAEP of the password and its NUL. SpiceLinkEncryptedTicket.
struct link_ticket {
  std::array<std::byte, ticket_size> encrypted{};
  static auto fields(auto& self) { return std::tie(self.encrypted); }
  friend bool operator==(const link_ticket&, const link_ticket&) = default;
};

} // namespace saffron::wire
