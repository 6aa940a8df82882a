// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_encode.hpp"

#include "messages/image/quic_plane_encoder.hpp"

#include <optional>

namespace saffron::image {

namespace quic {

namespace {

std::optional<picture_type> type_of(bitmap_format format) {
  switch (format) {
  case bitmap_format::alpha_8bit: return picture_type::gray;
  case bitmap_format::rgb_16bit: return picture_type::rgb16;
  case bitmap_format::rgb_24bit: return picture_type::rgb24;
  case bitmap_format::rgb_32bit: return picture_type::rgb32;
  case bitmap_format::rgba: return picture_type::rgba;
  default: return {};
  }
}

/// The rows of a picture, the top one first.
class rows {
public:
  explicit rows(const bitmap_view& source) : source_(source) {}
  [[nodiscard]] const std::byte* at(std::uint32_t y) const {
    return source_.row(source_.top_down ? y : source_.height - 1 - y);
  }
  /// Asks for the row that will be needed next: the CPU's own guesses end with a row.
  void fetch_after(std::uint32_t y) const {
    if (y + 1 == source_.height) return;
    constexpr std::size_t cache_line = 64;
    const auto* const next = at(y + 1);
    for (std::size_t i = 0; i < row_bytes(source_.format, source_.width); i += cache_line) __builtin_prefetch(next + i);
  }

private:
  const bitmap_view& source_;
};

/// The last two rows of what was made of the rows of a picture.
class made_rows {
public:
  explicit made_rows(std::size_t size) : now_(size), above_(size) {}
  /// The next row, to be written.
  [[nodiscard]] std::byte* next() {
    std::swap(now_, above_);
    ++count_;
    return now_.data();
  }
  [[nodiscard]] const std::byte* now() const { return now_.data(); }
  [[nodiscard]] const std::byte* above() const { return count_ > 1 ? above_.data() : nullptr; }

private:
  std::vector<std::byte> now_, above_;
  std::uint64_t count_ = 0;
};

/// Rows that a plane takes as they are, and perhaps their alpha.
template <bool Colour, bool Alpha>
void encode_rows(bit_writer& out, const bitmap_view& source, const row_kernels& kernels, write_buffer& buffer) {
  const rows from{source};
  plane_encoder<8, Colour> plane{source.width, kernels, buffer};
  std::optional<plane_encoder<8, false>> alpha_plane;
  made_rows alphas{Alpha ? source.width : 0};
  if (Alpha) alpha_plane.emplace(source.width, kernels, buffer);
  for (std::uint32_t y = 0; y < source.height; ++y) {
    from.fetch_after(y);
    plane.encode_row(out, from.at(y), y > 0 ? from.at(y - 1) : nullptr);
    if constexpr (Alpha) {
      kernels.alpha(from.at(y), source.width, alphas.next());
      alpha_plane->encode_row(out, alphas.now(), alphas.above());
    }
  }
}

/// Rows whose pixels are to become four bytes each.
template <unsigned Bits>
void encode_unpacked(bit_writer& out, const bitmap_view& source, const row_kernels& kernels, write_buffer& buffer) {
  const rows from{source};
  plane_encoder<Bits, true> plane{source.width, kernels, buffer};
  made_rows pixels{std::size_t{4} * source.width};
  for (std::uint32_t y = 0; y < source.height; ++y) {
    from.fetch_after(y);
    (Bits == 5 ? kernels.unpack_16bit : kernels.unpack_24bit)(from.at(y), source.width, pixels.next());
    plane.encode_row(out, pixels.now(), pixels.above());
  }
}

} // namespace

result<shared_bytes> encode(const bitmap_view& source, const row_kernels& kernels) {
  const auto type = type_of(source.format);
  const auto pixels = std::uint64_t{source.width} * source.height;
  if (!type || !source.whole() || pixels > most_pixels_ever) return fail{errc::codec_failed};
  constexpr std::size_t some = 4096;
  write_buffer buffer{pixels + some}; // a byte a pixel is what a photo takes
  auto out = buffer.begin();
  for (const auto word : {magic, version, static_cast<std::uint32_t>(*type), source.width, source.height})
    out.put(word, 32);
  switch (*type) {
  case picture_type::gray: encode_rows<false, false>(out, source, kernels, buffer); break;
  case picture_type::rgb16: encode_unpacked<5>(out, source, kernels, buffer); break;
  case picture_type::rgb24: encode_unpacked<8>(out, source, kernels, buffer); break;
  case picture_type::rgb32: encode_rows<true, false>(out, source, kernels, buffer); break;
  case picture_type::rgba: encode_rows<true, true>(out, source, kernels, buffer); break;
  }
  return buffer.finish(out);
}

} // namespace quic

result<shared_bytes> quic_encode(const bitmap_view& source) { return quic::encode(source, quic::best_rows()); }

} // namespace saffron::image
