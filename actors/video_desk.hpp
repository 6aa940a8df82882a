// SPDX-License-Identifier: BSD-3-Clause
// Which encoder serves whom: viewers of one video in one coding meet at the same one, and it goes with the last of
// them.
#pragma once

#include "messages/counters.hpp"
#include "messages/display.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace saffron::image {
class video_codecs;
}

namespace saffron::actors {

/// What video encoders are made of.
struct video_makings {
  /// Those that work in this process. None: there are no videos.
  std::shared_ptr<const image::video_codecs> codecs;
  /// Cores that one frame may use.
  std::uint32_t threads = 1;
  counters* counted = nullptr;
};

class video_groups {
public:
  explicit video_groups(std::function<video_encoder_actor()> make) : make_(std::move(make)) {}

  /// The encoder of this video in this coding. The viewer leaves the video's other coding if it watched that.
  [[nodiscard]] const video_encoder_actor& join(const encode_video& wish);
  void leave(viewer_id viewer, std::uint8_t console, std::uint32_t video);
  void leave_all(viewer_id viewer);
  [[nodiscard]] std::size_t size() const noexcept { return groups_.size(); }
  void clear() { groups_.clear(); }

private:
  struct group_key {
    std::uint8_t console = 0;
    std::uint32_t video = 0;
    video_coding coding;
    friend auto operator<=>(const group_key&, const group_key&) = default;
  };
  struct group {
    video_encoder_actor encoder;
    std::set<viewer_id> viewers;
  };

  template <class Which>
  void leave_those(viewer_id viewer, Which which);

  std::function<video_encoder_actor()> make_;
  std::map<group_key, group> groups_;
};

/// What videos can be encoded with; MJPEG is the first.
[[nodiscard]] std::vector<wire::display::video_codec> codecs_of(const video_makings& makings);

[[nodiscard]] video_desk_actor make_video_desk(caf::actor_system& system, video_makings makings);

} // namespace saffron::actors
