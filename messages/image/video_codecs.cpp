// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/video_codecs.hpp"

#include "messages/image/mjpeg.hpp"

#include <algorithm>

namespace saffron::image {

namespace {

/// Hardware refuses pictures that are very small.
constexpr video_setting trial(video_codec codec) { return {codec, {640, 360}, 30, 1'000'000, 1}; }

/// Its place among those preferred, or behind all of them.
std::size_t rank(std::string_view name, const std::vector<std::string>& preferred) {
  return static_cast<std::size_t>(std::ranges::find(preferred, name) - preferred.begin());
}

std::vector<video_codecs::entry> working_encoders(const video_module& module) {
  std::vector<video_codecs::entry> working;
  for (const auto& [codec, name] : module.encoders())
    if (module.create(trial(video_codec{static_cast<std::uint8_t>(codec)}), name))
      working.push_back({video_codec{static_cast<std::uint8_t>(codec)}, name});
  return working;
}

} // namespace

video_codecs video_codecs::load(const video_codecs_setting& setting) {
  video_codecs codecs;
  codecs.encoders_.push_back({video_codec::mjpeg, "turbojpeg"});
  const auto places = setting.module.empty() ? video_module::usual_places() : std::vector{setting.module};
  const auto module = video_module::load(places);
  if (!module) {
    codecs.module_missing_ = module.error();
    return codecs;
  }
  codecs.module_ = *module;
  auto working = working_encoders(*module);
  std::ranges::stable_sort(working, {}, [&](const entry& e) { return rank(e.name, setting.preferred); });
  codecs.encoders_.insert(codecs.encoders_.end(), working.begin(), working.end());
  return codecs;
}

std::string_view video_codecs::library() const noexcept { return module_ ? module_->library() : std::string_view{}; }

bool video_codecs::has(video_codec codec) const noexcept {
  return std::ranges::find(encoders_, codec, &entry::codec) != encoders_.end();
}

or_reason<std::unique_ptr<video_encoder>> video_codecs::create(const video_setting& setting) const {
  if (!possible(setting)) return tl::unexpected{std::string{"no video has such a size or rate"}};
  if (setting.codec == video_codec::mjpeg) return std::make_unique<mjpeg_encoder>(setting);
  std::string reason = module_ ? "no encoder for this codec works here" : module_missing_;
  for (const auto& [codec, name] : encoders_) {
    if (codec != setting.codec) continue;
    auto made = module_->create(setting, name.data());
    if (made) return made;
    reason = made.error();
  }
  return tl::unexpected{reason};
}

} // namespace saffron::image
