// SPDX-License-Identifier: BSD-3-Clause
// The logic of a display client: asks its console for what changed when its peer can take it, has the pictures encoded
// in the form that suits peer and link, and sends them. Nothing is asked for beyond what leaves within a frame and a
// round trip, so a slow peer holds no queue: what it misses is a region in the console.
#pragma once

#include "actors/channel_setup.hpp"
#include "actors/delivery_meter.hpp"
#include "actors/image_sender.hpp"
#include "actors/kept_pictures.hpp"
#include "actors/loss_book.hpp"
#include "actors/picture_choice.hpp"
#include "actors/video_sender.hpp"
#include "messages/counters.hpp"
#include "messages/display.hpp"
#include "messages/image/legal.hpp"
#include "messages/wire/display.hpp"
#include "messages/wire/link.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::actors {

/// Where a display client's requests go.
struct display_ports {
  std::function<void()> attach;
  /// Raw bytes of pixels that are welcome, and whether videos are.
  std::function<void(std::size_t, bool video)> pull;
  /// Comes back by encoded().
  std::function<void(const picture_ptr&, image_form, std::uint32_t update, std::uint32_t strip)> encode;
  /// Frames of videos come back by played().
  video_ports videos;
  /// These areas are shown with loss and are wanted again.
  std::function<void(std::vector<rect>)> refine;
  /// Comes back by mend(), after this long.
  std::function<void(std::chrono::milliseconds)> mend_later;
  /// What was sent is counted here.
  counters* counted = nullptr;
  /// The dictionary of this number, of so many pixels; what is encoded as GLZ goes through it.
  std::function<void(std::uint8_t, std::uint32_t)> join_dictionary{};
};

/// What a display client is told about its peer.
struct display_peer {
  wire::capability_set capabilities;
  /// It came through a unix socket of this host.
  bool local = false;
  /// By the main channel's test; 0: unknown.
  double bytes_per_second = 0;
  /// Codecs that videos can be encoded with here.
  codec_list encodable{};
  /// Which of its client's display channels it is, and the caches that they share; none: they have no cache.
  std::uint8_t channel_id = 0;
  std::shared_ptr<pixmap_caches> pixmaps{};
};

class display_channel final : public channel {
public:
  display_channel(channel_context context, display_ports ports, const display_peer& peer,
                  const picture_settings& settings);

  /// The answer to a pull.
  void update(display_update u);
  /// A strip has been encoded. errc::actor_failed: nothing was made, and the channel cannot go on.
  [[nodiscard]] result<void> encoded(saffron::encoded e);
  /// Frames of a video have been encoded.
  void played(saffron::encoded_video e);
  /// It is time to look for what was sent with loss and rests.
  void mend();

  struct picture_report {
    /// The form of the last picture, "raw", "lz4", …; empty before the first. And why.
    std::string_view codec, reason;
    link_class link = link_class::medium;
    double bytes_per_second = 0;
    std::uint64_t damage_pixels = 0, lossy_pixels = 0;
    std::size_t streams = 0;
    /// The coding of the last opened stream: "h264, 8000 kbit/s"; empty without one.
    std::string video;
  };
  [[nodiscard]] picture_report report() const;

private:
  void on_start() override {}
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_room() override;
  void on_pong(std::uint32_t id) override;

  result<void> init(const wire::display::to_server::init& m);
  void prefer(wire::display::image_compression wish);
  void new_surface(const display_update& u);
  void start_encoding();
  void choose_forms();
  [[nodiscard]] encoded_form chosen(const picture& shown, const choice_input& in);
  [[nodiscard]] encoded_form chosen_or_kept(const picture_ptr& shown, const choice_input& in,
                                            kept_pictures::origin from);
  void send_update();
  void send_operations();
  void send_patches(std::size_t first);
  void send_frames(std::size_t first);
  void send_videos();
  void end_videos(const std::vector<video_area>& now);
  [[nodiscard]] bool takes_video() const;
  void send_operation(const fill& f);
  void send_operation(const copy_bits& c);
  void send_image(const strip_image& image);
  void send_mark();
  [[nodiscard]] link_class link() const;
  /// Bytes per second; 0: unknown.
  [[nodiscard]] double pace() const;
  [[nodiscard]] std::size_t welcome_pixels() const;

  display_ports ports_;
  bool peer_has_monitors_;
  image::decoder_abilities decoder_;
  picture_settings settings_;
  bool local_peer_;
  double tested_rate_;
  bool initialised_ = false, has_surface_ = false, unmarked_ = false;
  /// A pull is at the console, or its answer with the encoders.
  bool busy_ = false;
  std::uint32_t epoch_ = 0;

  // The update that is being encoded.
  std::uint32_t update_number_ = 0;
  std::vector<forwarded_command> operations_;
  std::vector<patch> patches_;
  /// Frames without a stream, which are pictures like others, and frames of streams with what became of them.
  std::vector<video_frame> frames_;
  struct playing {
    video_frame frame;
    std::optional<saffron::encoded_video> made;
  };
  std::vector<playing> playing_;
  /// Every picture of it, those of the operations first, frames without a stream last: what was chosen for it, then
  /// what became of it.
  std::vector<picture_ptr> pictures_;
  std::vector<encoded_form> forms_;
  std::size_t missing_ = 0;

  delivery_meter meter_;
  std::uint32_t last_mark_;
  loss_book losses_;
  kept_pictures kept_;
  image_sender images_;
  video_sender videos_;
  bool mend_scheduled_ = false;
  picture_choice last_choice_;
  std::uint64_t damage_pixels_ = 0;
};

} // namespace saffron::actors
