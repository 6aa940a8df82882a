// SPDX-License-Identifier: BSD-3-Clause
// Takes a listener socket's bytes apart, wherever they are split. Pixels are not parsed: the parser says where the
// socket's next bytes belong, so that a read puts them straight into the rows of a canvas.
#pragma once

#include "devices/qemu_dbus/dbus_wire.hpp"
#include "devices/qemu_dbus/pixel_format.hpp"
#include "devices/unique_fd.hpp"
#include "messages/geometry.hpp"

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace saffron::devices::qemu_dbus {

inline constexpr std::string_view listener_interface = "org.qemu.Display1.Listener";

/// Pixels on their way: a whole picture (Scanout) or a part of one (Update).
struct frame {
  /// The surface has the size of `area`, which starts at its corner.
  bool whole = false;
  rect area;
  /// Bytes from one row to the next.
  std::uint32_t stride = 0;
  pixel_order order = pixel_order::bgrx;
};

/// What becomes of the parts.
class frame_target {
public:
  virtual ~frame_target() = default;
  /// A frame begins. False: its pixels are read and thrown away, and end() is not called.
  virtual bool begin(const frame& f) = 0;
  /// A row of the surface, B G R X. May be short or empty: what does not fit is thrown away.
  virtual std::span<std::byte> row(std::uint32_t y) = 0;
  /// All pixels of the frame are in their rows.
  virtual void end(const frame& f, const message_header& call) = 0;
  /// Any other message. `fd` is the first of those that came with it, if any did.
  virtual void message(const message_header& header, std::span<const std::byte> body, unique_fd fd) = 0;
  /// A message that is malformed or too large; its bytes are skipped.
  virtual void refused(const message_header& header) = 0;
  /// True: parse no further message now; arrived(0) goes on.
  [[nodiscard]] virtual bool tired() const = 0;
};

class frame_parser {
public:
  /// The target outlives the parser.
  explicit frame_parser(frame_target& target);

  /// Where the next bytes belong, in order: at least one byte, unless the target is tired; pixels for `most` bytes at
  /// most. Valid until the next call of anything here.
  [[nodiscard]] std::span<iovec> places(std::size_t most);
  /// A descriptor came with the bytes that arrived() is told of next.
  void received(unique_fd fd);
  /// The first `size` bytes of places() are filled. An error is the end: the peer does not speak D-Bus.
  [[nodiscard]] result<void> arrived(std::size_t size);

private:
  enum class phase : std::uint8_t { greeting, header, body, pixels, skipping };

  result<void> parse();
  result<bool> parse_greeting();
  result<bool> parse_header();
  void parse_body();
  void begin_frame();
  void refuse(std::uint64_t rest);
  void add_place(void* at, std::size_t size);
  void pixel_places(std::size_t most);
  std::size_t pixels_place(std::uint64_t at, std::size_t most);
  void pixels_arrived(std::size_t size);
  void absorb();
  [[nodiscard]] std::size_t row_size() const noexcept;
  [[nodiscard]] std::span<const std::byte> waiting() const noexcept;
  [[nodiscard]] bool have(std::size_t size);
  void consume(std::size_t size);

  frame_target& target_;
  phase phase_ = phase::greeting;
  bool agreed_ = false;
  // Bytes that are not pixels, [begin_, end_) of it not parsed yet.
  std::vector<std::byte> staging_;
  std::size_t begin_ = 0, end_ = 0;
  std::size_t header_size_ = 0;
  message_header header_;
  std::deque<unique_fd> fds_;
  unique_fd fd_;
  // Of the array of pixels, or of the bytes to skip.
  frame frame_;
  std::uint64_t position_ = 0, size_ = 0;
  std::vector<std::byte> rows_; // rows on their way to another pixel order
  std::array<std::byte, 16 * 1024> trash_;
  std::array<iovec, 64> places_;
  std::size_t place_count_ = 0;
};

} // namespace saffron::devices::qemu_dbus
