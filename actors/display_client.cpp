// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/display_channel.hpp"

namespace saffron::actors {

namespace {

class display_client final : public channel_actor<display_client_actor, display_channel> {
public:
  using channel_actor::channel_actor;
  const char* name() const override { return "display_client"; }

  void on_exit() override {
    if (console_ != nullptr) {
      caf::anon_send(console_, detach_viewer{setup().viewer});
      caf::anon_send(setup().vm->videos, detach_viewer{setup().viewer});
    }
    console_ = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    console_ = setup().vm->consoles.at(setup().key.id);
    const display_ports ports{
        [this] {
          caf::anon_send(console_, attach_display{setup().viewer, display_client_actor{this}});
        },
        [this](std::size_t bytes, bool video) {
          caf::anon_send(console_, pull_display{setup().viewer, bytes, video});
        },
        [this](const picture_ptr& p, image_form f, std::uint32_t u, std::uint32_t s) { request_encoding(p, f, u, s); },
        {[this](const video_frame& frame, const video_coding& coding, std::uint64_t last, std::uint32_t update,
                std::uint32_t number) {
           caf::anon_send(setup().vm->videos, encode_video{setup().viewer, setup().key.id, frame, coding, last, update,
                                                           number, display_client_actor{this}});
         },
         [this](std::uint32_t video) {
           caf::anon_send(setup().vm->videos, leave_video{setup().viewer, setup().key.id, video});
         }},
        [this](std::vector<rect> areas) {
          caf::anon_send(console_, refine_display{setup().viewer, std::move(areas)});
        },
        [this](std::chrono::milliseconds after) { delayed_send(this, after, mend_due{}); },
        setup().counted,
        [this](std::uint8_t dictionary, std::uint32_t pixels) {
          caf::anon_send(setup().dictionary,
                         join_dictionary{setup().viewer, dictionary, pixels, display_client_actor{this}});
        },
    };
    monitor(setup().dictionary); // what was promised there does not come without it
    const display_peer peer{setup().link->message.channel_capabilities,
                            setup().link->peer == "unix",
                            static_cast<double>(setup().bandwidth) / 8,
                            setup().vm->video_codecs,
                            setup().key.id,
                            setup().pixmaps};
    begin(std::make_unique<display_channel>(make_context(), ports, peer, setup().vm->pictures), console_);
    return {
        [this](display_update& u) { logic().update(std::move(u)); },
        [this](encoded& e) {
          if (auto taken = logic().encoded(std::move(e)); !taken) end(taken.error());
        },
        [this](encoded_video& e) { logic().played(std::move(e)); },
        [this](mend_due) { logic().mend(); },
        [this](status_query) { return describe(); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }

private:
  void request_encoding(const picture_ptr& p, image_form form, std::uint32_t update, std::uint32_t strip) {
    const auto& encoders = setup().vm->encoders;
    encode job{setup().viewer, p, form, update, strip, display_client_actor{this}};
    if (is_glz(form)) return caf::anon_send(setup().dictionary, std::move(job));
    caf::anon_send(encoders[p->id % encoders.size()], std::move(job));
  }
  channel_status describe() {
    auto s = status("display");
    const auto pictures = logic().report();
    s.codec = pictures.codec;
    s.codec_reason = pictures.reason;
    s.link = to_string(pictures.link);
    s.bytes_per_second = static_cast<std::uint64_t>(pictures.bytes_per_second);
    s.damage_pixels = pictures.damage_pixels;
    s.lossy_pixels = pictures.lossy_pixels;
    s.streams = pictures.streams;
    s.video = pictures.video;
    return s;
  }

  console_actor console_;
};

} // namespace

spawned_channel make_display_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  return {display_client_actor{system.spawn<display_client>(home, std::move(setup))}, {}};
}

} // namespace saffron::actors
