// SPDX-License-Identifier: BSD-3-Clause
// The text of a USB redirection filter: rules separated by '|', each of them five numbers separated by ',':
// device class, vendor, product, version, and 1 to allow what matches or 0 to deny it. -1 matches anything.
// Source: the protocol description of usbredir 0.7, "usb_redir_filter_filter".
#pragma once

#include <string_view>

namespace saffron::devices::usbredir {

/// True for at least one whole rule, and nothing else. Numbers are decimal or, after 0x, hexadecimal.
[[nodiscard]] bool is_filter(std::string_view text);

} // namespace saffron::devices::usbredir
