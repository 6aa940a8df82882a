// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace saffron::actors {

namespace {

namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;

/// Clients report after so many frames or so much time (the reference's numbers).
constexpr std::uint32_t report_frames = 5, report_milliseconds = 1000;

// Never 0; a client shows a frame when its clock gets there.
std::uint32_t multi_media_time(video_sender::time_point now) {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  return std::max(static_cast<std::uint32_t>(time), std::uint32_t{1});
}

} // namespace

bool video_sender::open(const video_area& area, double bytes_per_second) {
  if (streams_.find(area) != nullptr) return true;
  const auto codec = choose_codec(codecs_, size_of(area.area), bytes_per_second);
  const auto* stream = codec ? streams_.open(area, *codec, bytes_per_second) : nullptr;
  if (stream == nullptr) return false;
  out_.send(create_of(*stream));
  if (peer_reports_)
    out_.send(to_client::stream_activate_report{stream->id, stream->unique, report_frames, report_milliseconds});
  counted_.video_streams.add();
  return true;
}

void video_sender::ask(const video_frame& frame, std::uint32_t update, std::uint32_t number) {
  if (const auto* stream = streams_.find(frame.of))
    ports_.encode(frame, stream->coding(), stream->last, update, number);
}

void video_sender::send(const video_area& area, const encoded_video& made, double bytes_per_second, time_point now) {
  auto* stream = streams_.find(area);
  if (stream == nullptr) return;
  if (made.failed) return give_up(stream->codec);
  std::size_t bytes = 0;
  for (const auto& coded : made.frames) {
    send_frame(*stream, coded, now);
    stream->last = coded.number;
    bytes += coded.data.size();
    counted_.video_frames.add();
  }
  if (bytes == 0) return; // it waits for a key frame
  streams_.sent(*stream, bytes, bytes_per_second, now);
  if (peer_reports_ && stream->silent()) give_up(stream->codec);
}

void video_sender::send_frame(const video_streams::stream& stream, const coded_frame& coded, time_point now) {
  const auto send_as = [&](auto m) {
    m.stream_id = stream.id;
    m.multi_media_time = multi_media_time(now);
    wire::writer head;
    write_head(head, m, coded.data.size());
    out_.send(m.type, head.view(), {&coded.data, 1});
  };
  if (stream.reduction == stream.created_reduction) return send_as(to_client::stream_data{});
  const auto place = place_of(stream);
  to_client::stream_data_sized sized;
  sized.width = place.decoded.width;
  sized.height = place.decoded.height;
  sized.destination = place.destination;
  send_as(sized);
}

std::vector<rect> video_sender::end_others(const std::vector<video_area>& now) {
  const auto ended = streams_.ended(now);
  end(ended);
  std::vector<rect> areas;
  for (const auto& stream : ended) areas.push_back(stream.of.area);
  return areas;
}

void video_sender::end(const std::vector<video_streams::stream>& streams) {
  for (const auto& stream : streams) {
    out_.send(to_client::stream_destroy{stream.id});
    ports_.leave(stream.of.id);
  }
}

// What this client and this process cannot do together is not tried again.
void video_sender::give_up(video_codec codec) {
  std::erase(codecs_.decodable, codec);
  end_all();
}

// A client that cannot even begin to decode says so before it has heard the stream's unique number: with 0.
void video_sender::reported(const to_server::stream_report& m) {
  auto* stream = streams_.by_number(m.stream_id);
  if (stream == nullptr) return; // it has ended
  const bool cannot = m.frame_count == 0 && m.drop_count == to_server::stream_report::cannot_decode;
  if (stream->unique != m.unique_id && !(cannot && m.unique_id == 0)) return;
  stream->unreported = 0;
  if (cannot)
    give_up(stream->codec);
  else if (m.drop_count > 0)
    streams_.dropped(*stream);
}

std::string video_sender::describe() const {
  if (streams_.size() == 0) return {};
  const auto coding = streams_.all().back().coding();
  const auto smaller = coding.reduction == 1 ? std::string{} : fmt::format(", 1:{}", coding.reduction);
  return fmt::format("{}, {} kbit/s{}", to_string(coding.codec), coding.bits_per_second / 1000, smaller);
}

} // namespace saffron::actors
