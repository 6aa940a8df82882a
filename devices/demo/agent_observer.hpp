// SPDX-License-Identifier: BSD-3-Clause
// What a guest's agent tells of what clients do. Source of the numbers: spice-protocol's vd_agent.h.
#pragma once

#include "messages/wire/agent.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::devices::demo {

/// VD_AGENT_CLIPBOARD_SELECTION_*.
enum class clipboard_selection : std::uint8_t { clipboard = 0, primary = 1, secondary = 2 };
inline constexpr std::size_t clipboard_selections = 3;

/// VD_AGENT_CLIPBOARD_*.
enum class clipboard_type : std::uint32_t { none = 0, text = 1, png = 2, bmp = 3, tiff = 4, jpg = 5 };

/// VD_AGENT_FILE_XFER_STATUS_*.
enum class file_status : std::uint32_t {
  can_send_data = 0,
  cancelled = 1,
  error = 2,
  success = 3,
  not_enough_space = 4,
};

/// A file that a client has sent.
struct received_file {
  /// As the client wrote it: any bytes.
  std::string name;
  std::uint64_t size = 0;
  /// In hexadecimal digits.
  std::string sha256;
  /// Empty when it did not fit into the memory for files.
  std::vector<std::byte> contents;
};

/// One of the VM's displays, as the server tells the agent. VDAgentDeviceDisplayInfo.
struct agent_display {
  std::uint32_t channel = 0, monitor = 0, device_display = 0;
  /// "pci/0000/02.0".
  std::string address;
};

/// Told within write() of the agent, so it must not call the agent. Does nothing unless it is told to.
class agent_observer {
public:
  virtual ~agent_observer() = default;
  /// A client has said what it can.
  virtual void capabilities(const wire::capability_set&) {}
  /// A client has copied something, and the agent has it now. The bytes are valid during the call.
  virtual void clipboard_changed(clipboard_selection, clipboard_type, std::span<const std::byte>) {}
  /// A client pastes what the agent has; `none` when the agent has no such thing.
  virtual void clipboard_pasted(clipboard_selection, clipboard_type, std::size_t) {}
  /// What a client had copied is gone.
  virtual void clipboard_released(clipboard_selection) {}
  virtual void file_received(received_file&&) {}
  /// A transfer ended without a file.
  virtual void file_dropped(std::string_view /*name*/, file_status) {}
  virtual void monitors(const wire::agent::monitors_config&) {}
  virtual void mouse(const wire::agent::mouse_state&) {}
  virtual void displays(std::span<const agent_display>) {}
  virtual void client_disconnected() {}
  /// A client sent something that makes no sense, in a sentence. As often as it likes.
  virtual void problem(std::string_view) {}
};

} // namespace saffron::devices::demo
