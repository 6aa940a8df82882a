// SPDX-License-Identifier: BSD-3-Clause
// Bytes that are written once, then shared by any number of actors and sockets without a copy.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace saffron {

/// Immutable, reference counted. A copy is a reference; the storage goes with the last one. Threads may share it
/// freely.
class shared_bytes {
public:
  shared_bytes() = default;

  /// Storage of `size` bytes, not zeroed, and the only pointer that may write it. Write before sharing, never after.
  static std::pair<shared_bytes, std::byte*> make(std::size_t size) {
    auto storage = std::make_shared_for_overwrite<std::byte[]>(size);
    auto* writable = storage.get();
    return {shared_bytes{std::move(storage), size}, writable};
  }
  static shared_bytes copy_of(std::span<const std::byte> from) {
    auto [bytes, out] = make(from.size());
    if (!from.empty()) std::memcpy(out, from.data(), from.size());
    return bytes;
  }

  [[nodiscard]] const std::byte* data() const noexcept { return storage_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> view() const noexcept { return {data(), size_}; }
  /// A part that keeps the whole storage alive. `offset + size` must lie inside.
  [[nodiscard]] shared_bytes part(std::size_t offset, std::size_t size) const {
    return {std::shared_ptr<const std::byte[]>(storage_, storage_.get() + offset), size};
  }

private:
  shared_bytes(std::shared_ptr<const std::byte[]> storage, std::size_t size)
      : storage_(std::move(storage)), size_(size) {}

  std::shared_ptr<const std::byte[]> storage_;
  std::size_t size_ = 0;
};

} // namespace saffron
