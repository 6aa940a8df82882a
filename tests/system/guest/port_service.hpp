// SPDX-License-Identifier: BSD-3-Clause
// Who answers on a virtio port of the guest.
#pragma once

#include "devices/demo/clipboard_content.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace saffron::guest {

class port_service {
public:
  virtual ~port_service() = default;
  /// The host's side is there; or is gone, and what was on its way with it.
  virtual void connected() {}
  virtual void disconnected() = 0;
  /// Takes bytes from the front and says how many; fewer only until more of read() was taken.
  virtual std::size_t write(std::span<const std::byte> bytes) = 0;
  /// Fills `room` from the front and says how much.
  virtual std::size_t read(std::span<std::byte> room) = 0;
};

/// Sends back what comes, in order, and what it is told to say, first. Keeps at most `capacity` bytes.
class echo_service final : public port_service {
public:
  void disconnected() override;
  std::size_t write(std::span<const std::byte> bytes) override;
  std::size_t read(std::span<std::byte> room) override;
  /// So many bytes of clipboard_content::pattern are to be said.
  void say(std::size_t size);

private:
  static constexpr std::size_t capacity = 256 * 1024;

  devices::demo::clipboard_content text_;
  std::size_t text_at_ = 0;
  std::vector<std::byte> kept_;
  std::size_t kept_at_ = 0;
};

} // namespace saffron::guest
