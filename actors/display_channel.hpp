// SPDX-License-Identifier: BSD-3-Clause
// The logic of a display client: asks its console for what changed when its socket can take it, has the pictures
// encoded in the form its peer understands, and sends them. One update is on the way at a time, so a slow peer holds no
// queue: what it misses is a region in the console.
#pragma once

#include "actors/bandwidth_meter.hpp"
#include "actors/channel_setup.hpp"
#include "messages/display.hpp"
#include "messages/wire/display.hpp"
#include "messages/wire/link.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::actors {

/// Where a display client's requests go.
struct display_ports {
  std::function<void()> attach;
  /// Raw bytes of pixels that are welcome.
  std::function<void(std::size_t)> pull;
  /// Comes back by encoded().
  std::function<void(const picture_ptr&, image_form, std::uint32_t update, std::uint32_t strip)> encode;
};

class display_channel final : public channel {
public:
  display_channel(channel_context context, display_ports ports, const wire::capability_set& peer,
                  compression_policy policy, bool local_peer);

  /// The answer to a pull.
  void update(display_update u);
  /// A strip has been encoded.
  void encoded(saffron::encoded e);

  /// The form of the last picture, "raw" or "lz4"; empty before the first.
  [[nodiscard]] const std::string& codec() const noexcept { return codec_; }
  [[nodiscard]] std::uint64_t damage_pixels() const noexcept { return damage_pixels_; }

private:
  void on_start() override {}
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_room() override;

  result<void> init();
  void prefer(wire::display::image_compression wish);
  void new_surface(const display_update& u);
  void send_operation(const fill& f);
  void send_operation(const copy_bits& c);
  void start_encoding();
  void send_patches();
  void send_patch(const patch& p, std::span<const shared_bytes> strips);
  [[nodiscard]] image_form form() const;
  [[nodiscard]] std::size_t welcome_pixels() const;

  display_ports ports_;
  bool peer_has_lz4_, peer_has_monitors_;
  compression_policy policy_;
  bool local_peer_;
  bool initialised_ = false, has_surface_ = false, unmarked_ = false;
  /// A pull is at the console, or its answer with the encoders.
  bool busy_ = false;
  std::uint32_t epoch_ = 0;

  // The update that is being encoded.
  std::uint32_t update_number_ = 0;
  std::vector<patch> patches_;
  std::vector<shared_bytes> strips_;
  std::size_t missing_ = 0;

  bandwidth_meter meter_;
  /// Bytes sent for a byte of pixels, lately.
  double ratio_ = 1;
  std::string codec_;
  std::uint64_t damage_pixels_ = 0;
};

} // namespace saffron::actors
