// SPDX-License-Identifier: BSD-3-Clause
// The files that clients send to the guest's agent: counted, hashed, and kept in memory as far as there is room.
#pragma once

#include "devices/demo/agent_observer.hpp"
#include "devices/demo/agent_stream.hpp"

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>

namespace saffron::devices::demo {

struct file_limits {
  /// A larger file is refused: not enough space.
  std::uint64_t file_size = std::uint64_t{1} << 30;
  /// Contents in memory, of all files under way; a file that does not fit is only counted and hashed.
  std::size_t memory = std::size_t{64} << 20;
  /// Transfers under way; one more is refused.
  std::size_t transfers = 64;
};

class agent_files {
public:
  agent_files(file_limits limits, agent_outbox& out, agent_observer& observer)
      : limits_(limits), out_(out), observer_(observer) {}

  /// Whether the client reads what follows an error (capability file_xfer_detailed_errors).
  void set_detailed_errors(bool detailed) { detailed_ = detailed; }

  // Of the client: the bodies of file_xfer_start, file_xfer_data and file_xfer_status. errc::bad_message.
  [[nodiscard]] result<void> start(std::span<const std::byte> body);
  [[nodiscard]] result<void> data(std::span<const std::byte> body);
  [[nodiscard]] result<void> status(std::span<const std::byte> body);
  /// The client is gone, and its transfers with it.
  void drop_all();

private:
  struct digest_deleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  struct transfer {
    received_file file;
    /// What has come.
    std::uint64_t size = 0;
    bool kept = true;
    std::unique_ptr<EVP_MD_CTX, digest_deleter> digest;
  };
  using transfers = std::map<std::uint32_t, transfer>;

  void keep(transfer& t, std::span<const std::byte> bytes);
  void finish(transfers::iterator at);
  void drop(transfers::iterator at, file_status why);
  void refuse(std::uint32_t id, std::string_view name, file_status why);
  void send_status(std::uint32_t id, file_status status);

  file_limits limits_;
  agent_outbox& out_;
  agent_observer& observer_;
  bool detailed_ = false;
  transfers transfers_;
  /// Bytes of contents in transfers_.
  std::size_t memory_ = 0;
};

} // namespace saffron::devices::demo
