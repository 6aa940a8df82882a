// SPDX-License-Identifier: BSD-3-Clause
// What every file of the load generator needs, compiled once; without CAF.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ssl.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>
