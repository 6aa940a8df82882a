// SPDX-License-Identifier: BSD-3-Clause
// Loads a module with video encoders (video_functions.hpp) while Saffron runs, or says why that cannot be.
#pragma once

#include "messages/image/video.hpp"
#include "messages/image/video_functions.hpp"

#include <tl/expected.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::image {

/// The reason is a sentence for people, without a full stop.
template <class T>
using or_reason = tl::expected<T, std::string>;

/// A module in this process. It stays until the process ends: libraries with threads of their own are not to be
/// unloaded. Copies are the same module.
class video_module {
public:
  static constexpr std::string_view file_name = "saffron-video-avcodec.so";

  /// Where the module is, if nobody says otherwise: beside the running program, or in ../lib/saffron as seen from
  /// there.
  [[nodiscard]] static std::vector<std::filesystem::path> usual_places();

  /// Loads the first of the files that exists.
  [[nodiscard]] static or_reason<video_module> load(std::span<const std::filesystem::path> places);

  /// Takes what a module's entry gave, which stays as long as the process.
  [[nodiscard]] static or_reason<video_module> use(const saffron_video_functions* functions);

  /// "libavcodec 59.37.100".
  [[nodiscard]] std::string_view library() const noexcept { return functions_->library; }

  /// What its library was built with, best first for each codec. Whether the hardware is there only create() tells.
  [[nodiscard]] std::span<const saffron_video_encoder_name> encoders() const noexcept {
    return {functions_->encoders, functions_->encoder_count};
  }

  /// `encoder` is a name of encoders(), of the setting's codec.
  [[nodiscard]] or_reason<std::unique_ptr<video_encoder>> create(const video_setting& setting,
                                                                 const char* encoder) const;

private:
  explicit video_module(const saffron_video_functions& functions) noexcept : functions_(&functions) {}

  const saffron_video_functions* functions_;
};

} // namespace saffron::image
