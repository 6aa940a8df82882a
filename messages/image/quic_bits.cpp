// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_bits.hpp"

#include <algorithm>

namespace saffron::image::quic {

namespace {

constexpr std::size_t word_size = 4;

/// From words to bytes, the highest first, and back.
void turn_words(const std::byte* from, std::size_t words, std::byte* to) {
  for (std::size_t i = 0; i < words; ++i) {
    std::uint32_t word;
    std::memcpy(&word, from + word_size * i, word_size);
    word = __builtin_bswap32(word);
    std::memcpy(to + word_size * i, &word, word_size);
  }
}

} // namespace

write_buffer::write_buffer(std::size_t expected_bytes)
    : storage_(std::make_unique_for_overwrite<std::byte[]>(expected_bytes)), size_(expected_bytes) {}

bit_writer write_buffer::begin() noexcept {
  bit_writer writer;
  writer.at_ = storage_.get();
  writer.end_ = storage_.get() + size_;
  return writer;
}

bit_writer write_buffer::grow(bit_writer writer, std::size_t puts) {
  const auto used = static_cast<std::size_t>(writer.at_ - storage_.get());
  size_ = std::max(used + puts * 8 + 8, 2 * size_);
  auto larger = std::make_unique_for_overwrite<std::byte[]>(size_);
  std::memcpy(larger.get(), storage_.get(), used);
  storage_ = std::move(larger);
  writer.at_ = storage_.get() + used;
  writer.end_ = storage_.get() + size_;
  return writer;
}

shared_bytes write_buffer::finish(bit_writer writer) {
  if (!writer.room(1)) writer = grow(writer, 1);
  const auto bits = static_cast<std::size_t>(writer.at_ - storage_.get()) * 8 + writer.count_;
  const auto words = (bits + 31) / 32;
  writer.put(0, 32); // behind the bits that wait: what the last word lacks, and more
  auto [bytes, out] = shared_bytes::make(word_size * (words + 1));
  turn_words(storage_.get(), words, out);
  std::memset(out + word_size * words, 0, word_size);
  return bytes;
}

namespace {
constexpr std::size_t margin = bit_reader::most_unchecked / 8 + 16;
}

read_buffer::read_buffer(std::span<const std::byte> words)
    : storage_(std::make_unique_for_overwrite<std::byte[]>(words.size() + margin)), size_(words.size()) {
  turn_words(words.data(), words.size() / word_size, storage_.get());
  std::memset(storage_.get() + size_, 0, margin);
}

bit_reader read_buffer::begin() const noexcept {
  bit_reader reader;
  reader.at_ = storage_.get();
  reader.end_ = storage_.get() + size_;
  return reader;
}

bool read_buffer::ends(const bit_reader& reader) const noexcept {
  if (reader.passed_end()) return false;
  const auto bits = static_cast<std::size_t>(reader.at_ - storage_.get()) * 8 - reader.left_;
  const auto end = ((bits + 31) / 32 + 1) * word_size;
  if (end > size_) return false;
  const auto rest = std::span{storage_.get(), end}.subspan(bits / 8);
  return (rest.front() & std::byte{static_cast<std::uint8_t>(0xff >> bits % 8)}) == std::byte{0} &&
         std::all_of(rest.begin() + 1, rest.end(), [](std::byte b) { return b == std::byte{0}; });
}

} // namespace saffron::image::quic
