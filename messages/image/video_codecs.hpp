// SPDX-License-Identifier: BSD-3-Clause
// All video encoders of this process under one roof: MJPEG always, the others when their module can be loaded.
#pragma once

#include "messages/image/video_module.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::image {

struct video_codecs_setting {
  /// The module's file. Empty: video_module::usual_places().
  std::filesystem::path module;
  /// Names of encoders to try before the others of their codec, best first: "h264_vaapi".
  std::vector<std::string> preferred;
};

/// Immutable once loaded: any thread may create encoders.
class video_codecs {
public:
  struct entry {
    video_codec codec;
    std::string_view name;
  };

  /// Never fails: without a module MJPEG is left. Each of the module's encoders is opened once to see if it works here,
  /// which takes some milliseconds, with hardware up to some hundred.
  [[nodiscard]] static video_codecs load(const video_codecs_setting& setting);

  /// Why there is only MJPEG, a sentence without a full stop; empty if the module was loaded.
  [[nodiscard]] const std::string& module_missing() const noexcept { return module_missing_; }
  /// "libavcodec 59.37.100"; empty without a module.
  [[nodiscard]] std::string_view library() const noexcept;

  /// Those that work here, in the order in which create() tries those of a codec. MJPEG is the first.
  [[nodiscard]] const std::vector<entry>& encoders() const noexcept { return encoders_; }
  /// There is an encoder for it.
  [[nodiscard]] bool has(video_codec codec) const noexcept;

  /// An encoder of the setting's codec, the first that can be opened.
  [[nodiscard]] or_reason<std::unique_ptr<video_encoder>> create(const video_setting& setting) const;

private:
  std::optional<video_module> module_;
  std::string module_missing_;
  std::vector<entry> encoders_;
};

} // namespace saffron::image
