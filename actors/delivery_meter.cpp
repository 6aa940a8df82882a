// SPDX-License-Identifier: BSD-3-Clause
#include "actors/delivery_meter.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

using namespace std::chrono_literals;
using seconds = std::chrono::duration<double>;

/// A window is never smaller than this: on 2 Mbit/s it leaves in 65 ms.
constexpr std::size_t least = 16 * 1024;
constexpr std::size_t first_guess = 1024 * 1024;
constexpr auto frame = 33ms;
/// Updates smaller than this say nothing about the pace of large ones.
constexpr std::size_t smallest_sample = 4 * 1024;
/// What took less may have been a busy machine rather than a slow line.
constexpr auto shortest_service = 4ms;
/// A way that has become longer for good is believed after this.
constexpr auto round_trip_life = 10s;
/// How much of an estimate a new sample replaces.
constexpr double weight = 0.25;

} // namespace

void delivery_meter::sent(std::uint32_t id, std::size_t bytes, time_point now) {
  marks_.push_back({id, bytes, now, marks_.empty()});
  in_flight_ += bytes;
}

void delivery_meter::delivered(std::uint32_t id, time_point now) {
  const auto found = std::find_if(marks_.begin(), marks_.end(), [id](const mark& m) { return m.id == id; });
  if (found == marks_.end()) return;
  mark all = *found;
  for (auto m = marks_.begin(); m != found; ++m) all.bytes += m->bytes;
  note_round_trip(all, now);
  sample(all, now);
  in_flight_ -= all.bytes;
  last_delivery_ = now;
  marks_.erase(marks_.begin(), found + 1);
}

// A longer way is only believed of a small update on an idle line: all others may have waited behind bytes of ours, and
// believing them would make the window, and so their wait, grow for ever.
void delivery_meter::note_round_trip(const mark& m, time_point now) {
  const auto way = std::max<duration>(now - m.sent, 1us);
  const bool shorter = round_trip_ == duration{0} || way <= round_trip_;
  const bool renewed = m.alone && m.bytes < smallest_sample && now - round_trip_at_ > round_trip_life;
  if (!shorter && !renewed) return;
  round_trip_ = way;
  round_trip_at_ = now;
}

// The bytes were served since the mark before them came back or, when nothing was on the way then, since they had
// crossed an idle line. What came back at once only says: at least so fast.
void delivery_meter::sample(const mark& m, time_point now) {
  if (m.bytes < smallest_sample) return;
  const auto bytes = static_cast<double>(m.bytes);
  const auto at_least = bytes / seconds(std::max<duration>(now - m.sent, 1us)).count();
  const auto service = now - std::max(last_delivery_, m.sent + round_trip_);
  if (service < shortest_service) {
    rate_ = std::max(rate_, at_least);
    return;
  }
  const auto measured = bytes / seconds(service).count();
  rate_ = rate_ == 0 ? measured : (1 - weight) * rate_ + weight * measured;
}

std::size_t delivery_meter::window() const {
  if (rate_ == 0) return first_guess;
  const auto time = seconds(frame + round_trip_).count();
  return std::max(least, static_cast<std::size_t>(std::min(rate_ * time, 1e9)));
}

std::size_t delivery_meter::room() const {
  const auto all = window();
  return all > in_flight_ ? all - in_flight_ : 0;
}

} // namespace saffron::actors
