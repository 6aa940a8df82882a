// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_track.hpp"

#include "messages/image/reduce.hpp"

#include <algorithm>
#include <cmath>

namespace saffron::actors {

namespace {

/// A pause is not a slow pace.
constexpr double longest_interval = 0.5;
constexpr double weight = 0.1;
/// The encoder is told of another pace when it is so much off: each change may cost a key frame.
constexpr double off_by = 1.5;

} // namespace

// Frames before the newest key frame are not kept: whoever has the last of them goes on with the key frame.
std::vector<coded_frame> video_track::frames_after(std::uint64_t last) const {
  if (kept_.empty() || last >= last_number_) return {};
  const auto next = last + 1;
  if (kept_.front().key_frame && next < kept_.front().number) return {kept_.begin(), kept_.end()};
  return {std::find_if(kept_.begin(), kept_.end(), [next](const coded_frame& f) { return f.number == next; }),
          kept_.end()};
}

// What is older than the newest picture is not encoded any more: its viewer gets the newer one.
result<std::vector<coded_frame>> video_track::serve(const picture& shown, std::uint64_t last, time_point now) {
  if (shown.id > newest_picture_) {
    // The newest frame is the one before this picture's: who has it, or can be brought to it, follows.
    if (last != last_number_ && frames_after(last).empty()) key_wanted_ = true;
    if (auto done = encode(shown, key_wanted_ && now - last_key_ >= key_interval, now); !done)
      return fail{done.error()};
  } else {
    counted_.video_frames_shared.add();
  }
  auto frames = frames_after(last);
  if (frames.empty() && last != last_number_) key_wanted_ = true;
  return frames;
}

result<image::encoded_frame> video_track::encoded(const picture& shown, bool key) {
  if (reduction_ == 1) return encoder_->encode(shown.view(), key);
  const auto smaller = image::reduce(shown.view(), reduction_);
  if (!smaller) return fail{smaller.error()};
  return encoder_->encode(smaller->view(), key);
}

result<void> video_track::encode(const picture& shown, bool key, time_point now) {
  note_pace(now);
  auto made = encoded(shown, key);
  if (!made) return fail{made.error()};
  counted_.video_frames_encoded.add();
  if (made->key_frame) {
    kept_.clear();
    key_wanted_ = false;
    last_key_ = now;
  }
  newest_picture_ = shown.id;
  kept_.push_back({++last_number_, made->key_frame, std::move(made->data)});
  if (kept_.size() > most_kept) kept_.pop_front();
  return {};
}

void video_track::note_pace(time_point now) {
  const auto passed = std::chrono::duration<double>(now - std::exchange(last_frame_, now)).count();
  if (passed <= 0 || passed > longest_interval) return;
  interval_ = interval_ == 0 ? passed : (1 - weight) * interval_ + weight * passed;
  const auto told = static_cast<double>(encoder_->setting().frames_per_second), pace = 1 / interval_;
  if (last_number_ % 32 == 0 && (pace > told * off_by || pace < told / off_by))
    encoder_->set_frame_rate(static_cast<std::uint32_t>(std::lround(std::max(pace, 1.0))));
}

} // namespace saffron::actors
