// SPDX-License-Identifier: BSD-3-Clause
// Messages of the guest's agent, which travel in pieces inside main_channel's agent_data and, in chunks, to the agent's
// port. Source: spice-protocol's vd_agent.h.
#pragma once

#include "messages/wire/fields.hpp"
#include "messages/wire/link.hpp"

#include <variant>

namespace saffron::wire::agent {

/// VD_AGENT_PROTOCOL.
inline constexpr std::uint32_t protocol = 1;
/// VD_AGENT_MAX_DATA_SIZE: the largest piece or chunk.
inline constexpr std::size_t max_data_size = 2048;

/// VDP_*_PORT: whose chunk it is.
enum class port : std::uint32_t { client = 1, server = 2 };

/// VD_AGENT_*.
enum class message_type : std::uint32_t {
  mouse_state = 1,
  monitors_config = 2,
  reply = 3,
  clipboard = 4,
  display_config = 5,
  announce_capabilities = 6,
  clipboard_grab = 7,
  clipboard_request = 8,
  clipboard_release = 9,
  file_xfer_start = 10,
  file_xfer_status = 11,
  file_xfer_data = 12,
  client_disconnected = 13,
  max_clipboard = 14,
  audio_volume_sync = 15,
  graphics_device_info = 16,
};

/// VD_AGENT_CAP_*, bit numbers.
enum class capability : std::uint32_t {
  mouse_state = 0,
  monitors_config = 1,
  reply = 2,
  clipboard = 3,
  display_config = 4,
  clipboard_by_demand = 5,
  clipboard_selection = 6,
  sparse_monitors_config = 7,
  guest_lineend_lf = 8,
  guest_lineend_crlf = 9,
  max_clipboard = 10,
  audio_volume_sync = 11,
  monitors_config_position = 12,
  file_xfer_disabled = 13,
  file_xfer_detailed_errors = 14,
  graphics_device_info = 15,
  clipboard_no_release_on_regrab = 16,
  clipboard_grab_serial = 17,
};

/// VD_AGENT_CONFIG_MONITORS_FLAG_*.
namespace monitors_config_flags {
inline constexpr std::uint32_t use_position = 1, physical_size = 2;
}

/// VD_AGENT_DISPLAY_CONFIG_FLAG_*.
namespace display_config_flags {
inline constexpr std::uint32_t disable_wallpaper = 1, disable_font_smooth = 2, disable_animation = 4,
                               set_color_depth = 8;
}

/// VD_AGENT_*BUTTON_MASK: those of inputs, shifted left by one.
namespace button_mask {
inline constexpr std::uint32_t left = 2, middle = 4, right = 8, up = 16, down = 32, side = 64, extra = 128;
}

/// VD_AGENT_SUCCESS and VD_AGENT_ERROR.
enum class reply_code : std::uint32_t { success = 1, error = 2 };

/// VD_AGENT_CLIPBOARD_*: `none` answers a request that cannot be met.
enum class clipboard_type : std::uint32_t {
  none = 0,
  utf8_text = 1,
  image_png = 2,
  image_bmp = 3,
  image_tiff = 4,
  image_jpg = 5,
  file_list = 6,
};

/// VD_AGENT_CLIPBOARD_SELECTION_*: there are so many.
inline constexpr std::uint8_t clipboard_selections = 3;

/// VD_AGENT_FILE_XFER_STATUS_*; all but the first end the transfer.
enum class file_xfer_result : std::uint32_t {
  can_send_data = 0,
  cancelled = 1,
  error = 2,
  success = 3,
  not_enough_space = 4,
  session_locked = 5,
  agent_not_connected = 6,
  disabled = 7,
};

/// Before each chunk on the agent's port. VDIChunkHeader.
struct chunk_header {
  static constexpr std::size_t wire_size = 8;
  agent::port port = agent::port::client;
  std::uint32_t size = 0;
  static auto fields(auto& self) { return std::tie(self.port, self.size); }
  friend bool operator==(const chunk_header&, const chunk_header&) = default;
};

/// Before each message. VDAgentMessage.
struct message_header {
  static constexpr std::size_t wire_size = 20;
  std::uint32_t protocol = agent::protocol;
  message_type type = message_type::mouse_state;
  std::uint64_t opaque = 0;
  /// Bytes that follow.
  std::uint32_t size = 0;
  static auto fields(auto& self) { return std::tie(self.protocol, self.type, self.opaque, self.size); }
  friend bool operator==(const message_header&, const message_header&) = default;
};

/// Where the pointer is, in client mouse mode.
struct mouse_state {
  static constexpr std::uint16_t type = 1;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  /// Bits of button_mask.
  std::uint32_t buttons = 0;
  std::uint8_t display_id = 0;
  static auto fields(auto& self) { return std::tie(self.x, self.y, self.buttons, self.display_id); }
  friend bool operator==(const mouse_state&, const mouse_state&) = default;
};

/// A monitor of the client; width and height 0 mean that it is off.
struct monitor {
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t depth = 0;
  std::int32_t x = 0;
  std::int32_t y = 0;
  /// Millimetres; on the wire only with monitors_config_flags::physical_size.
  std::uint16_t physical_height = 0;
  std::uint16_t physical_width = 0;
  friend bool operator==(const monitor&, const monitor&) = default;
};

/// The monitors that the client wants the guest to have.
struct monitors_config {
  static constexpr std::uint16_t type = 2;
  /// Bits of monitors_config_flags.
  std::uint32_t flags = 0;
  std::vector<monitor> monitors{};
  friend bool operator==(const monitors_config&, const monitors_config&) = default;
};
void write(writer& w, const monitors_config& m);
void read(reader& r, monitors_config& m);

/// The agent's answer to monitors_config and display_config.
struct reply {
  static constexpr std::uint16_t type = 3;
  message_type request = message_type::monitors_config;
  reply_code error = reply_code::success;
  static auto fields(auto& self) { return std::tie(self.request, self.error); }
  friend bool operator==(const reply&, const reply&) = default;
};

/// What the client would like the guest's desktop to look like.
struct display_config {
  static constexpr std::uint16_t type = 5;
  /// Bits of display_config_flags.
  std::uint32_t flags = 0;
  std::uint32_t depth = 0;
  static auto fields(auto& self) { return std::tie(self.flags, self.depth); }
  friend bool operator==(const display_config&, const display_config&) = default;
};

/// What one side can do; `request` asks the other side to answer with its own.
struct announce_capabilities {
  static constexpr std::uint16_t type = 6;
  /// 0 or 1.
  std::uint32_t request = 0;
  /// Words to the end of the message. Bits are of agent::capability.
  capability_set capabilities{};
  friend bool operator==(const announce_capabilities&, const announce_capabilities&) = default;
};
void write(writer& w, const announce_capabilities& m);
void read(reader& r, announce_capabilities& m);

/// A client wants to send a file.
struct file_xfer_start {
  static constexpr std::uint16_t type = 10;
  /// The client's number of the transfer.
  std::uint32_t id = 0;
  /// Name and size, as the text of a key file.
  byte_view data{};
  friend bool operator==(const file_xfer_start&, const file_xfer_start&) = default;
};
void write(writer& w, const file_xfer_start& m);
void read(reader& r, file_xfer_start& m);

/// Either side about a transfer.
struct file_xfer_status {
  static constexpr std::uint16_t type = 11;
  std::uint32_t id = 0;
  file_xfer_result result = file_xfer_result::can_send_data;
  /// Details of an error, with capability::file_xfer_detailed_errors.
  byte_view data{};
  friend bool operator==(const file_xfer_status&, const file_xfer_status&) = default;
};
void write(writer& w, const file_xfer_status& m);
void read(reader& r, file_xfer_status& m);

/// A part of a file.
struct file_xfer_data {
  static constexpr std::uint16_t type = 12;
  std::uint32_t id = 0;
  /// Bytes of `data`, as the sender says.
  std::uint64_t size = 0;
  byte_view data{};
  friend bool operator==(const file_xfer_data&, const file_xfer_data&) = default;
};
void write(writer& w, const file_xfer_data& m);
void read(reader& r, file_xfer_data& m);

/// The largest clipboard that the client takes, bytes; -1 for any.
struct max_clipboard {
  static constexpr std::uint16_t type = 14;
  std::int32_t max = 0;
  static auto fields(auto& self) { return std::tie(self.max); }
  friend bool operator==(const max_clipboard&, const max_clipboard&) = default;
};

/// The client's volume, for the guest to take over.
struct audio_volume_sync {
  static constexpr std::uint16_t type = 15;
  bool playback = false;
  bool mute = false;
  /// One a channel.
  std::vector<std::uint16_t> volume{};
  friend bool operator==(const audio_volume_sync&, const audio_volume_sync&) = default;
};
void write(writer& w, const audio_volume_sync& m);
void read(reader& r, audio_volume_sync& m);

/// Where a monitor of a display channel is in the guest.
struct display_info {
  std::uint32_t channel = 0;
  std::uint32_t monitor = 0;
  std::uint32_t device_display = 0;
  /// "pci/0000/02.0"; ends with a NUL on the wire.
  std::string address{};
  friend bool operator==(const display_info&, const display_info&) = default;
};

/// The server's displays.
struct graphics_device_info {
  static constexpr std::uint16_t type = 16;
  std::vector<display_info> displays{};
  friend bool operator==(const graphics_device_info&, const graphics_device_info&) = default;
};
void write(writer& w, const graphics_device_info& m);
void read(reader& r, graphics_device_info& m);

// The clipboard's messages start with the selection and three zero bytes where both sides have
// capability::clipboard_selection, so they are written and read with that knowledge and no part of `message`.

/// The start of a clipboard's contents: `type` of them, and the bytes follow.
struct clipboard_head {
  std::uint8_t selection = 0;
  clipboard_type type = clipboard_type::none;
  friend bool operator==(const clipboard_head&, const clipboard_head&) = default;
};
/// The sender has something for the clipboard, in these forms.
struct clipboard_grab {
  std::uint8_t selection = 0;
  std::vector<clipboard_type> types{};
  friend bool operator==(const clipboard_grab&, const clipboard_grab&) = default;
};
/// The sender wants the clipboard's contents.
struct clipboard_request {
  std::uint8_t selection = 0;
  clipboard_type type = clipboard_type::none;
  friend bool operator==(const clipboard_request&, const clipboard_request&) = default;
};
/// The sender has nothing any more.
struct clipboard_release {
  std::uint8_t selection = 0;
  friend bool operator==(const clipboard_release&, const clipboard_release&) = default;
};
void write(writer& w, const clipboard_head& m, bool selections);
void read(reader& r, clipboard_head& m, bool selections);
void write(writer& w, const clipboard_grab& m, bool selections);
void read(reader& r, clipboard_grab& m, bool selections);
void write(writer& w, const clipboard_request& m, bool selections);
void read(reader& r, clipboard_request& m, bool selections);
void write(writer& w, const clipboard_release& m, bool selections);
void read(reader& r, clipboard_release& m, bool selections);

using message =
    std::variant<mouse_state, monitors_config, reply, display_config, announce_capabilities, file_xfer_start,
                 file_xfer_status, file_xfer_data, max_clipboard, audio_volume_sync, graphics_device_info>;
/// The bytes after a message header. errc::unknown_message for the types that are not in `message`.
[[nodiscard]] result<message> decode_any(message_type type, std::span<const std::byte> body);
[[nodiscard]] message_type type_of(const message& m);
/// Without the message header.
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);
/// With it.
[[nodiscard]] std::vector<std::byte> encode_whole(const message& m);
/// Header and body of any message.
[[nodiscard]] std::vector<std::byte> with_header(message_type type, std::span<const std::byte> body);

} // namespace saffron::wire::agent
