// SPDX-License-Identifier: BSD-3-Clause
// An encoder that lives in a module: converts the pixels into the module's planes and shares the bytes that come back.
#pragma once

#include "messages/image/video.hpp"
#include "messages/image/video_functions.hpp"
#include "messages/image/yuv420.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace saffron::image {

class module_encoder final : public video_encoder {
public:
  /// The encoder, or a sentence without a full stop. `functions` and `name` outlive it.
  [[nodiscard]] static tl::expected<std::unique_ptr<video_encoder>, std::string>
  open(const saffron_video_functions& functions, const video_setting& setting, const char* name);

  [[nodiscard]] result<encoded_frame> encode(const bitmap_view& frame, bool key_frame) override;
  void set_bit_rate(std::uint64_t bits_per_second) override;
  void set_frame_rate(std::uint32_t frames_per_second) override;
  [[nodiscard]] const video_setting& setting() const noexcept override { return setting_; }
  [[nodiscard]] extent decoded_size() const noexcept override { return decoded_size_; }
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

private:
  struct destroyer {
    const saffron_video_functions* functions;
    void operator()(saffron_video_encoder* encoder) const noexcept { functions->destroy(encoder); }
  };
  using handle = std::unique_ptr<saffron_video_encoder, destroyer>;

  module_encoder(handle encoder, const video_setting& setting, extent decoded_size, const char* name) noexcept
      : encoder_(std::move(encoder)), setting_(setting), decoded_size_(decoded_size), name_(name) {}

  [[nodiscard]] const saffron_video_functions& call() const noexcept { return *encoder_.get_deleter().functions; }

  handle encoder_;
  video_setting setting_;
  extent decoded_size_;
  const char* name_;
};

} // namespace saffron::image
