// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/profile.hpp"

namespace saffron::load {

namespace {

bool touches_middle(const rect& drawn, const rect& watched) {
  const auto x = watched.left + watched.width() / 2;
  const auto y = watched.top + watched.height() / 2;
  return x >= drawn.left && x < drawn.right && y >= drawn.top && y < drawn.bottom;
}

} // namespace

void staying_profile::start() {
  session_ = std::make_shared<session>(home_, *this, place_);
  session_->open();
}

void staying_profile::finish() {
  finished_ = true;
  timer_.cancel();
  if (session_) session_->close();
}

void staying_profile::on_channels() {
  ++home_.counts().link.clients;
  settle(true);
}

void staying_profile::on_ended(const std::string&) { settle(false); } // counted where it happened

void staying_profile::on_draw(const draw_event& e) {
  const auto& displays = session_->displays();
  if (e.display != displays.front()->link->id()) return;
  auto& traffic = home_.counts().traffic;
  if (touches_middle(e.change.area, home_.settings().watch.value_or(whole(e.view.primary_size())))) {
    ++traffic.frames;
    ++traffic.frames_of[place_.client];
    if (last_frame_ != clock::time_point{}) traffic.frame_gap.record(e.at - last_frame_);
    last_frame_ = e.at;
  }
  drawn(e);
}

std::unique_ptr<profile> make_profile(worker& home, client_place place) {
  switch (home.settings().profile) {
  case profile_kind::typing: return make_typing(home, place);
  case profile_kind::stalled: return make_stalled(home, place);
  case profile_kind::reconnect: return make_reconnect(home, place);
  case profile_kind::accept: return make_accept(home, place);
  case profile_kind::idle:
  case profile_kind::motion: break;
  }
  return std::make_unique<staying_profile>(home, place);
}

} // namespace saffron::load
