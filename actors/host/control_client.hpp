// SPDX-License-Identifier: BSD-3-Clause
// The asking end of the control socket. Plain and blocking: it runs in a process that does nothing else.
#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace saffron::host {

/// Sends one request ("status", "reload", "version") and returns the JSON document. The error is a sentence.
tl::expected<std::string, std::string> ask_control(const std::filesystem::path& path, std::string_view request,
                                                   std::chrono::seconds timeout = std::chrono::seconds{10});

} // namespace saffron::host
