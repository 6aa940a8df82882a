// SPDX-License-Identifier: BSD-3-Clause
// A port, WebDAV or a USB device: bytes in both directions whose meaning is none of ours. A token is a byte.
#pragma once

#include "devices/char/device_protocol.hpp"

#include <cstddef>
#include <utility>

namespace saffron::devices {

/// Reads a stream in pieces that share slabs, so that small pieces cost small memory and large ones no copy.
class stream_reader {
public:
  /// What is there now, at most `most` bytes; empty when nothing is.
  [[nodiscard]] shared_bytes read(char_io& from, std::size_t most);

private:
  shared_bytes slab_;
  std::byte* writable_ = nullptr;
  std::size_t used_ = 0;
};

class stream_protocol : public device_protocol {
public:
  void connect(device_queues& queues) override { queues_ = &queues; }
  std::optional<outgoing> read(char_io& from, std::uint64_t budget) override;
  result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) override {
    return queues_->write_client(client, std::move(data), price);
  }

protected:
  [[nodiscard]] device_queues& queues() { return *queues_; }

private:
  device_queues* queues_ = nullptr;
  stream_reader reader_;
};

} // namespace saffron::devices
