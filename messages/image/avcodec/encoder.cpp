// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/avcodec/encoder.hpp"

#include "messages/image/avcodec/log.hpp"

#include <algorithm>
#include <cmath>

namespace saffron::avcodec {

namespace {

/// A clock fine enough to make a frame last a little longer.
constexpr int ticks_per_second = 1'000'000;

/// How far the encoder's stock of bits may run ahead, and so how late a large frame makes those that follow.
constexpr double stock_seconds = 0.3;

/// A key frame may take half of the stock; a share of a frame's bits in percent.
std::int64_t most_for_key_frame(rate r) noexcept {
  return std::max<std::int64_t>(300, static_cast<std::int64_t>(stock_seconds / 2 * r.frames_per_second * 100));
}

/// libavcodec and the libraries behind it count bits in int.
rate bounded(rate r) noexcept {
  return {std::clamp<std::uint64_t>(r.bits_per_second, 10'000, 1'000'000'000),
          std::clamp<std::uint32_t>(r.frames_per_second, 1, 240)};
}

void set_bits(AVCodecContext& context, rate wished, std::uint32_t frames_per_second) noexcept {
  const auto bits = bounded({static_cast<std::uint64_t>(wished.share() * frames_per_second), 1}).bits_per_second;
  context.bit_rate = context.rc_max_rate = static_cast<std::int64_t>(bits);
  const double stock = std::max(stock_seconds * static_cast<double>(wished.bits_per_second), 2 * wished.share());
  context.rc_buffer_size = context.rc_initial_buffer_occupancy = static_cast<int>(stock);
}

void describe_colours(AVCodecContext& context, bool bt709) noexcept {
  context.color_range = AVCOL_RANGE_MPEG;
  context.colorspace = bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  context.color_primaries = AVCOL_PRI_BT709;
  context.color_trc = AVCOL_TRC_BT709;
  context.chroma_sample_location = AVCHROMA_LOC_CENTER;
}

std::string options_of(const recipe& how, int threads) {
  std::string options = how.options;
  constexpr std::string_view number = "$threads";
  if (const auto at = options.find(number); at != std::string::npos)
    options.replace(at, number.size(), std::to_string(threads));
  return options;
}

} // namespace

encoder::encoder(const recipe& how, const saffron_video_setting& setting)
    : recipe_(&how), width_(static_cast<int>(setting.width)), height_(static_cast<int>(setting.height)),
      threads_(static_cast<int>(
          std::clamp<std::uint32_t>(setting.threads, 1, static_cast<std::uint32_t>(recipe_->most_threads)))),
      bt709_(setting.bt709 != 0), wished_(bounded({setting.bits_per_second, setting.frames_per_second})) {
  if (how.even) {
    width_ += width_ % 2;
    height_ += height_ % 2;
  }
}

std::unique_ptr<encoder> encoder::open(const saffron_video_setting& setting, std::string& reason) {
  const auto* how = find_recipe(setting.encoder);
  constexpr std::uint32_t largest = 16384;
  if (!how || setting.width == 0 || setting.height == 0 || setting.width > largest || setting.height > largest) {
    reason = "there is no such encoder, or not for this size";
    return nullptr;
  }
  std::unique_ptr<encoder> made{new encoder{*how, setting}};
  made->picture_.reset(av_frame_alloc());
  made->packet_.reset(av_packet_alloc());
  if (!made->picture_ || !made->packet_ || !made->start(reason)) return nullptr;
  return made;
}

bool encoder::start(std::string& reason) {
  const auto* codec = avcodec_find_encoder_by_name(recipe_->name);
  if (!codec) {
    reason = std::string{recipe_->name} + " is not part of this libavcodec";
    return false;
  }
  forget_messages();
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) return false;
  auto& c = *context_;
  const auto fps = static_cast<int>(wished_.frames_per_second);
  c.width = width_;
  c.height = height_;
  c.time_base = recipe_->on_rate == rate_change::by_time ? AVRational{1, ticks_per_second} : AVRational{1, fps};
  c.framerate = {fps, 1};
  // The largest that 16 bits of a hardware's interface hold; equal ones mean that no other key frame is of use.
  c.gop_size = c.keyint_min = 65535;
  c.max_b_frames = 0;
  c.qmin = recipe_->finest_quantiser;
  c.thread_count = c.slices = threads_;
  c.thread_type = FF_THREAD_SLICE;
  set_bits(c, wished_, wished_.frames_per_second);
  c.rc_min_rate = recipe_->on_rate == rate_change::by_time ? c.bit_rate : 0; // libvpx calls that CBR
  describe_colours(c, bt709_);

  AVDictionary* parsed = nullptr;
  av_dict_parse_string(&parsed, options_of(*recipe_, threads_).c_str(), "=", ",", 0);
  if (recipe_->on_rate == rate_change::by_time)
    av_dict_set_int(&parsed, "max-intra-rate", most_for_key_frame(wished_), 0);
  const bool opened = upload_.open(c, recipe_->format, recipe_->device) && avcodec_open2(&c, codec, &parsed) == 0;
  const options_handle unknown{parsed}; // what is left of them; other versions know other options
  if (!opened) {
    reason = recipe_->name + std::string{" cannot be opened"} + last_message(": ");
    return false;
  }
  begun_ = wished_;
  begins_ = true;
  return true;
}

const AVFrame* encoder::picture() {
  return make_room(*picture_, AV_PIX_FMT_YUV420P, width_, height_) ? picture_.get() : nullptr;
}

void encoder::set_rate(rate wished) noexcept { wished_ = bounded(wished); }

bool encoder::far_from_begun() const noexcept {
  if (recipe_->on_rate == rate_change::reconfigured) return false;
  // Time may be stretched to the double: then its stock of bits is the half of what it should be. To begin anew costs a
  // key frame, so a small change is not worth it.
  const double most = recipe_->on_rate == rate_change::by_time ? std::log(2) : std::log(1.25);
  return std::abs(std::log(wished_.share() / begun_.share())) > most;
}

bool encoder::follow_rate() {
  if (far_from_begun()) {
    std::string unheard;
    return start(unheard);
  }
  if (recipe_->on_rate == rate_change::reconfigured) set_bits(*context_, wished_, begun_.frames_per_second);
  return true;
}

const AVPacket* encoder::encode(bool key_frame) {
  av_packet_unref(packet_.get());
  if (!follow_rate()) return nullptr;
  auto* given = upload_.prepare(*picture_);
  if (!given) return nullptr;
  given->pts = time_;
  given->pict_type = key_frame || begins_ ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  const auto lasts =
      recipe_->on_rate == rate_change::by_time
          ? std::llround(wished_.share() / static_cast<double>(begun_.bits_per_second) * ticks_per_second)
          : 1;
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  given->duration = lasts;
#endif
  time_ += std::max<std::int64_t>(lasts, 1);
  if (avcodec_send_frame(context_.get(), given) < 0 || avcodec_receive_packet(context_.get(), packet_.get()) < 0 ||
      packet_->size == 0)
    return nullptr;
  begins_ = false;
  return packet_.get();
}

} // namespace saffron::avcodec
