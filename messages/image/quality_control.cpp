// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quality_control.hpp"

#include <algorithm>
#include <cmath>

namespace saffron::image {

namespace {

constexpr double share_when_large = 0.8, share_when_small = 0.4;
constexpr double left_alone = 0.08;
constexpr double most_debt = 0.5, most_saved = 0.25; // seconds

/// A photo at quality 50 takes about this many bits a pixel in 4:2:0, and its size follows this power of the factor.
constexpr double usual_bits_per_pixel = 0.6, usual_power = 0.7;

double factor_of(int quality) noexcept { return quality < 50 ? 5000.0 / quality : 200.0 - 2.0 * quality; }
double quality_of(double factor) noexcept { return factor > 100 ? 5000 / factor : (200 - factor) / 2; }

double within_bounds(double log_factor) noexcept {
  return std::clamp(log_factor, std::log(factor_of(quality_control::highest)),
                    std::log(factor_of(quality_control::lowest)));
}

} // namespace

quality_control::quality_control(extent size, std::uint64_t bits_per_second, std::uint32_t frames_per_second) noexcept {
  set_rate(bits_per_second, frames_per_second);
  const double pixels = std::max(1.0, static_cast<double>(size.width) * size.height);
  const double bits_per_pixel = budget_ * 8 / pixels;
  log_factor_ = within_bounds(std::log(100) + std::log(usual_bits_per_pixel / bits_per_pixel) / usual_power);
}

void quality_control::set_rate(std::uint64_t bits_per_second, std::uint32_t frames_per_second) noexcept {
  second_ = std::max(1.0, static_cast<double>(bits_per_second) / 8);
  budget_ = std::max(1.0, second_ / std::max(1u, frames_per_second));
  debt_ = bearable(debt_);
}

int quality_control::quality() const noexcept {
  return std::clamp(static_cast<int>(std::lround(quality_of(std::exp(log_factor_)))), lowest, highest);
}

void quality_control::frame_was(std::size_t bytes) noexcept {
  const double size = std::max(1.0, static_cast<double>(bytes));
  const double wish = budget_ * std::exp(-debt_ / second_);
  const double error = std::log(size / wish);
  if (std::abs(error) > left_alone)
    log_factor_ = within_bounds(log_factor_ + (error > 0 ? share_when_large : share_when_small) * error);
  debt_ = bearable(debt_ + size - budget_);
}

double quality_control::bearable(double debt) const noexcept {
  return std::clamp(debt, -most_saved * second_, most_debt * second_);
}

} // namespace saffron::image
