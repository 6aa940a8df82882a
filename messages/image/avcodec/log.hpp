// SPDX-License-Identifier: BSD-3-Clause
// What libavcodec has to say. By itself it writes to stderr, which belongs to the process and not to a codec.
#pragma once

#include <string>

namespace saffron::avcodec {

/// From now on libavcodec is silent in the whole process, and each thread keeps the last error it caused.
void keep_messages() noexcept;

/// This thread's last error is forgotten.
void forget_messages() noexcept;

/// `before` and this thread's last error without its line end, or nothing if there is none.
[[nodiscard]] std::string last_message(const char* before);

} // namespace saffron::avcodec
