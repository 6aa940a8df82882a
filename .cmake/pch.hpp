// SPDX-License-Identifier: BSD-3-Clause
// What every actor and every socket needs, compiled once.
#pragma once
#include <asio.hpp>
#include <asio/ssl.hpp>
#include <caf/all.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
