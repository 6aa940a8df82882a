// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/worker.hpp"

#include "bench/load/profile.hpp"

#include <asio/post.hpp>

namespace saffron::load {

namespace {

bool connects_all_the_time(profile_kind kind) {
  return kind == profile_kind::reconnect || kind == profile_kind::accept;
}

} // namespace

worker::worker(surroundings around, const std::vector<client_place>& clients, std::size_t parallel,
               std::function<void(bool)> settled)
    : around_(around), on_settled_(std::move(settled)), counts_(std::make_unique<figures>()),
      result_(std::make_unique<figures>()), parallel_(parallel), work_(io_.get_executor()) {
  for (const auto& place : clients) profiles_.push_back(make_profile(*this, place));
}

worker::~worker() {
  io_.stop();
  join();
}

void worker::start() {
  asio::post(io_, [this] { start_more(); });
  thread_ = std::thread{[this] { io_.run(); }};
}

void worker::start_more() {
  // A profile may settle inside of start(), so the next one is chosen first.
  while (!finished_ && started_ < profiles_.size() && started_ - settled_ < parallel_) profiles_[started_++]->start();
}

void worker::settled(bool there) {
  ++settled_;
  on_settled_(there);
  asio::post(io_, [this] { start_more(); });
}

void worker::begin_measuring() {
  asio::post(io_, [this] {
    counts_->traffic = {};
    if (connects_all_the_time(settings().profile)) counts_->link = {};
    for (std::size_t i = 0; i < started_; ++i) {
      if (!connects_all_the_time(settings().profile)) counts_->traffic.frames_of[profiles_[i]->place().client] = 0;
      profiles_[i]->begin();
    }
  });
}

void worker::finish() {
  asio::post(io_, [this] {
    finished_ = true;
    *result_ = *counts_;
    for (std::size_t i = 0; i < started_; ++i) {
      collect(*profiles_[i]);
      profiles_[i]->finish();
    }
    work_.reset();
  });
}

void worker::join() {
  if (thread_.joinable()) thread_.join();
}

void worker::collect(profile& of) {
  const auto* shown = of.shown();
  if (shown == nullptr || !settings().decode) return;
  const auto& o = settings();
  for (const auto& display : shown->displays()) {
    const auto* pixels = display->view.pixels();
    if (pixels == nullptr) continue;
    for (const auto& [what, count] : pixels->undecoded()) result_->undecoded[what] += count;
    picture p;
    p.place = of.place();
    p.display = display->link->id();
    if (const auto* primary = pixels->primary()) {
      p.size = primary->size;
      p.checksum = checksum(*primary);
      const bool first_display = display == shown->displays().front();
      if (first_display && !o.expect_ppm.empty())
        p.differing = differing_pixels(*primary, read_ppm(numbered(o.expect_ppm, p.place.vm)));
      if (first_display && !o.dump_ppm.empty() && p.place.client == p.place.vm &&
          !write_ppm(numbered(o.dump_ppm, p.place.vm), *primary))
        ++result_->undecoded["cannot write --dump-ppm"];
    } else if (!o.expect_ppm.empty()) {
      p.differing = 1; // no picture is not the expected one
    }
    pictures_.push_back(p);
  }
}

} // namespace saffron::load
