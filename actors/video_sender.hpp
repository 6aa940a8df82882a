// SPDX-License-Identifier: BSD-3-Clause
// A display channel's videos: opens a stream for each, asks for its frames in the coding that suits client and link,
// sends them, listens to the client's reports, and gives up what the client cannot play.
#pragma once

#include "actors/outlet.hpp"
#include "actors/video_streams.hpp"
#include "messages/counters.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace saffron::actors {

struct video_ports {
  /// A video's frame, for a viewer that has frame `last`. Comes back with the same numbers.
  std::function<void(const video_frame&, const video_coding&, std::uint64_t last, std::uint32_t update,
                     std::uint32_t number)>
      encode;
  /// This video is watched no more.
  std::function<void(std::uint32_t video)> leave;
};

/// What a client can do with streams.
struct video_peer {
  /// It reports on them; it takes frames of other sizes than the stream's.
  bool reports = false, sized = false;
};

class video_sender {
public:
  using time_point = video_streams::time_point;

  /// `out` and `counted` outlive it.
  video_sender(outlet& out, video_ports ports, codec_wishes codecs, video_peer peer, counters& counted)
      : out_(out), ports_(std::move(ports)), codecs_(std::move(codecs)), peer_reports_(peer.reports), counted_(counted),
        streams_(peer.sized) {}

  /// There is a codec that the client and this process have.
  [[nodiscard]] bool possible() const { return choose_codec(codecs_, {}, 0).has_value(); }
  /// The client's order of codecs, for the streams to come.
  void prefer(codec_list codecs) { codecs_.preferred = std::move(codecs); }

  /// There is a stream for this video, opened now if need be, on a line of so many bytes per second (0: unknown).
  [[nodiscard]] bool open(const video_area& area, double bytes_per_second);
  /// Asks for this frame of an open stream.
  void ask(const video_frame& frame, std::uint32_t update, std::uint32_t number);
  /// What came back. The stream may have ended meanwhile.
  void send(const video_area& area, const encoded_video& made, double bytes_per_second, time_point now);
  /// Ends the streams of videos that are no more; returns where they were.
  [[nodiscard]] std::vector<rect> end_others(const std::vector<video_area>& now);
  void end_all() { end(streams_.end_all()); }
  /// A report of the client's.
  void reported(const wire::display::to_server::stream_report& m);

  [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }
  /// For people: "h264, 8000 kbit/s", of the last opened stream; empty without one.
  [[nodiscard]] std::string describe() const;

private:
  void send_frame(const video_streams::stream& stream, const coded_frame& coded, time_point now);
  void end(const std::vector<video_streams::stream>& streams);
  void give_up(video_codec codec);

  outlet& out_;
  video_ports ports_;
  codec_wishes codecs_;
  bool peer_reports_;
  counters& counted_;
  video_streams streams_;
};

} // namespace saffron::actors
