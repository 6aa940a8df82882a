// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/avcodec/log.hpp"

extern "C" {
#include <libavutil/log.h>
}

#include <array>
#include <cstdarg>
#include <cstdio>

namespace saffron::avcodec {

namespace {

thread_local std::array<char, 200> kept{};

void keep(void* /*source*/, int level, const char* format, va_list arguments) {
  if (level <= AV_LOG_ERROR) std::vsnprintf(kept.data(), kept.size(), format, arguments);
}

} // namespace

void keep_messages() noexcept { av_log_set_callback(keep); }

void forget_messages() noexcept { kept[0] = '\0'; }

std::string last_message(const char* before) {
  std::string said = kept.data();
  said.erase(said.find_last_not_of("\n. ") + 1);
  return said.empty() ? said : before + said;
}

} // namespace saffron::avcodec
