// SPDX-License-Identifier: BSD-3-Clause
#include "actors/encoder.hpp"

#include "actors/glz_images.hpp"
#include "messages/actors.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz.hpp"
#include "messages/image/lz4.hpp"
#include "messages/image/quic.hpp"
#include "transport/loop.hpp"

namespace saffron::actors {

namespace {

class encoder final : public encoder_actor::base {
public:
  encoder(caf::actor_config& config, counters& counted, form_maker make)
      : encoder_actor::base(config), counted_(counted), make_(std::move(make)) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return transport::log_exception("encoder", e); });
  }
  const char* name() const override { return "encoder"; }

protected:
  behavior_type make_behavior() override {
    return {[this](const encode& job) {
      auto made = transport::attempt(name(), [&] { return make_(job, counted_); });
      caf::anon_send(job.reply_to, encoded{job.update, job.strip, std::move(made)});
    }};
  }

private:
  counters& counted_;
  form_maker make_;
};

result<encoded_form> jpeg_of(const picture& strip, image_form form) {
  const auto quality = jpeg_quality(form);
  const auto pixels = strip.view();
  if (strip.format != image::bitmap_format::rgba)
    return image::jpeg_encode(pixels, quality).map([form](shared_bytes d) { return encoded_form{form, std::move(d)}; });
  const auto alpha = image::lz_encode_alpha(pixels);
  if (!alpha) return fail{alpha.error()};
  return image::jpeg_alpha_encode(pixels, quality, image::jpeg_chroma::shared_by_four, alpha->view())
      .map([form](image::jpeg_with_alpha made) {
        return encoded_form{form, std::move(made.data), made.jpeg_size};
      });
}

result<encoded_form> encode_as(const picture& strip, image_form form) {
  const auto pixels = strip.view();
  const auto named = [form](shared_bytes data) { return encoded_form{form, std::move(data)}; };
  switch (form) {
  case image_form::raw: return named(strip.pixels);
  case image_form::lz4: return named(image::lz4_block(strip.pixels.view()));
  case image_form::lz: return image::lz_encode(pixels).map(named);
  case image_form::quic: return image::quic_encode(pixels).map(named);
  case image_form::jpeg:
  case image_form::coarse_jpeg:
  case image_form::rough_jpeg: return jpeg_of(strip, form);
  case image_form::glz:
  case image_form::zlib_glz: break; // only with a job
  }
  return fail{errc::codec_failed};
}

} // namespace

const encoded_form& encode_strip(const picture& strip, image_form form, counters& counted) {
  auto& made = strip.encoded[static_cast<std::size_t>(form)];
  if (!made.data.empty()) {
    counted.images_shared.add();
    return made;
  }
  counted.images_encoded.add();
  auto attempt = encode_as(strip, form);
  // LZ4's blocks are joined with those of other strips; whether that is smaller shows then.
  const bool smaller = attempt && (form == image_form::lz4 || attempt->data.size() < strip.pixels.size());
  made = smaller ? std::move(*attempt) : encoded_form{image_form::raw, strip.pixels, 0};
  return made;
}

encoded_form make_form(const encode& job, counters& counted) {
  if (job.glz) return encode_glz(*job.picture, *job.glz, job.form == image_form::zlib_glz, counted);
  return encode_strip(*job.picture, job.form, counted);
}

std::vector<encoder_actor> make_encoders(caf::actor_system& system, std::size_t count, counters& counted,
                                         const form_maker& make) {
  std::vector<encoder_actor> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(system.spawn<encoder>(std::ref(counted), make));
  return out;
}

} // namespace saffron::actors
