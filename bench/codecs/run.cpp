// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/run.hpp"

#include "bench/codecs/pictures.hpp"
#include "bench/codecs/reference_figures.hpp"
#include "messages/image/convert.hpp"

#include <fmt/format.h>
#include <lz4.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <map>
#include <thread>

namespace saffron::codecs {

namespace {

using image::bitmap_format;

/// About what the display channel cuts, and a multiple of the rows that JPEG takes at once.
constexpr std::uint32_t strip_rows = 32;

/// LZ4 and memcpy on one picture, in memory that is there.
class yardstick_run {
public:
  yardstick_run(std::string_view name, const image::bitmap& picture)
      : from_(picture.pixels), to_(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(from_.size())))) {
    found_.picture = name;
    const auto* reference = reference_of(name, "LZ4", bitmap_format::rgb_32bit);
    if (reference != nullptr) found_.reference_lz4_speed = reference->encode_speed;
  }

  void measure(double seconds) {
    const auto* from = reinterpret_cast<const char*>(from_.data());
    auto* to = reinterpret_cast<char*>(to_.data());
    const auto size = static_cast<int>(from_.size());
    repeat(seconds, lz4_, [&] { packed_ = LZ4_compress_default(from, to, size, static_cast<int>(to_.size())); });
    repeat(seconds, memcpy_, [&] {
      std::memcpy(to, from, from_.size());
      std::atomic_signal_fence(std::memory_order_seq_cst); // the compiler is to believe that somebody reads it
    });
  }

  [[nodiscard]] yardstick found() const {
    auto out = found_;
    out.lz4_speed = speed(from_.size(), lz4_.seconds());
    out.memcpy_speed = speed(from_.size(), memcpy_.seconds());
    out.compressible = static_cast<std::size_t>(packed_) < from_.size();
    return out;
  }

private:
  std::span<const std::byte> from_;
  std::vector<std::byte> to_;
  best_time lz4_, memcpy_;
  int packed_ = 0;
  yardstick found_;
};

/// Colours for indices, all different.
std::vector<std::uint32_t> any_palette() {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < 256; ++i) out.push_back(i * 0x010101);
  return out;
}

/// Nothing, or what is wrong with it.
std::string difference(const image::bitmap_view& from, const result<image::bitmap>& back, bool lossy) {
  if (!back) return "it does not decode";
  if (back->width != from.width || back->height != from.height) return "it decodes to another size";
  if (lossy) return {};
  const auto palette = any_palette();
  const auto expected = image::to_rgb32(from, palette), found = image::to_rgb32(back->view(), palette);
  return expected && found && expected->pixels == found->pixels ? "" : "it decodes to another picture";
}

/// One codec on one picture, and what it needs for all passes.
class codec_run {
public:
  codec_run(std::string_view picture, const codec& c, const image::bitmap& source)
      : codec_(c), source_(source.view()), encode_(c.prepare(source_)) {
    found_.picture = picture;
    found_.codec = c.name;
    found_.source = c.source;
    found_.source_bytes = source.pixels.size();
    for (const auto& strip : strips_of(source_, strip_rows)) strips_.push_back(c.prepare(strip));
    for (const auto threads : thread_counts(std::thread::hardware_concurrency()))
      found_.strips.push_back({threads, {}});
  }

  /// What is wrong, if anything is.
  [[nodiscard]] std::string check() {
    auto made = encode_();
    if (!made) return "it does not encode";
    payload_ = std::move(*made);
    found_.payload_bytes = payload_.data.size();
    return codec_.decode ? difference(source_, decoded(), codec_.lossy) : "";
  }

  /// False when an encoder failed.
  [[nodiscard]] bool measure(double seconds) {
    bool fine = true;
    repeat(seconds, found_.encode, [&] {
      // Kept until the next one, so that letting go of it does not count.
      auto made = encode_();
      fine = fine && made.has_value();
      if (made) payload_ = std::move(*made);
    });
    if (codec_.decode) repeat(seconds, found_.decode, [&] { fine = decoded().has_value() && fine; });
    for (auto& s : found_.strips) fine = repeat_in_threads(seconds, s.threads, s.time, strips_) && fine;
    return fine;
  }

  [[nodiscard]] const figure& found() const noexcept { return found_; }

private:
  [[nodiscard]] result<image::bitmap> decoded() const { return codec_.decode(payload_, source_.width, source_.height); }

  const codec& codec_;
  image::bitmap_view source_;
  encoding encode_;
  std::vector<encoding> strips_;
  payload payload_;
  figure found_;
};

} // namespace

run_result run(const options& o) {
  run_result out;
  auto codecs = all_codecs();
  for (const auto& name : o.only)
    if (std::ranges::find(codecs, name, &codec::name) == codecs.end())
      return out.error = fmt::format("there is no codec {}", name), out;
  if (!o.only.empty())
    std::erase_if(codecs, [&](const codec& c) { return std::ranges::find(o.only, c.name) == o.only.end(); });

  std::map<std::pair<sample_kind, bitmap_format>, image::bitmap> pictures;
  const auto picture = [&](sample_kind kind, bitmap_format format) -> const image::bitmap& {
    auto& made = pictures[{kind, format}];
    if (made.pixels.empty()) made = sample(kind, format, o.width, o.height);
    return made;
  };
  std::deque<yardstick_run> yardsticks;
  std::deque<codec_run> codec_runs;
  for (const auto& [name, kind] : sample_names) {
    yardsticks.emplace_back(name, picture(kind, bitmap_format::rgb_32bit));
    for (const auto& c : codecs) {
      auto& r = codec_runs.emplace_back(name, c, picture(kind, c.source));
      if (const auto wrong = r.check(); !wrong.empty())
        return out.error = fmt::format("{} of {} ({}): {}", c.name, name, name_of(c.source), wrong), out;
    }
  }
  for (unsigned pass = 0; pass < o.passes; ++pass) {
    for (auto& y : yardsticks) y.measure(o.seconds);
    for (auto& r : codec_runs)
      if (!r.measure(o.seconds))
        return out.error = fmt::format("{} of {} failed", r.found().codec, r.found().picture), out;
  }
  for (const auto& y : yardsticks) out.yardsticks.push_back(y.found());
  for (const auto& r : codec_runs) out.figures.push_back(r.found());
  return out;
}

} // namespace saffron::codecs
