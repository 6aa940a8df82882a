// SPDX-License-Identifier: BSD-3-Clause
// Encoders run on CAF's scheduler, one for each core. A picture's id chooses its encoder, so every client that wants
// the same form meets the same encoder and the form is made once.
#pragma once

#include "messages/counters.hpp"
#include "messages/display.hpp"

#include <functional>
#include <vector>

namespace saffron::actors {

/// The strip in this form, made now or shared; raw when the form is not smaller. Only ever called for the same picture
/// from one thread at a time.
[[nodiscard]] const encoded_form& encode_strip(const picture& strip, image_form form, counters& counted);

/// What an encoder does with a job.
using form_maker = std::function<encoded_form(const encode& job, counters& counted)>;
[[nodiscard]] encoded_form make_form(const encode& job, counters& counted);

/// An exception of `make` costs the job, not the encoder: its client is told that nothing was made.
[[nodiscard]] std::vector<encoder_actor> make_encoders(caf::actor_system& system, std::size_t count, counters& counted,
                                                       const form_maker& make = make_form);

} // namespace saffron::actors
