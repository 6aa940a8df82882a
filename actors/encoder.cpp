// SPDX-License-Identifier: BSD-3-Clause
#include "actors/encoder.hpp"

#include "messages/actors.hpp"
#include "messages/image/lz4.hpp"
#include "transport/loop.hpp"

namespace saffron::actors {

namespace {

class encoder final : public encoder_actor::base {
public:
  encoder(caf::actor_config& config, counters& counted) : encoder_actor::base(config), counted_(counted) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return transport::log_exception("encoder", e); });
  }
  const char* name() const override { return "encoder"; }

protected:
  behavior_type make_behavior() override {
    return {[this](const encode& job) {
      caf::anon_send(job.reply_to, encoded{job.update, job.strip, encode_strip(*job.picture, job.form, counted_)});
    }};
  }

private:
  counters& counted_;
};

} // namespace

shared_bytes encode_strip(const picture& strip, image_form form, counters& counted) {
  auto& made = strip.encoded[static_cast<std::size_t>(form)];
  if (!made.empty()) {
    counted.images_shared.add();
    return made;
  }
  counted.images_encoded.add();
  made = form == image_form::lz4 ? image::lz4_block(strip.pixels.view()) : strip.pixels;
  return made;
}

std::vector<encoder_actor> make_encoders(caf::actor_system& system, std::size_t count, counters& counted) {
  std::vector<encoder_actor> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(system.spawn<encoder>(counted));
  return out;
}

} // namespace saffron::actors
