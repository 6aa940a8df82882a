// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_rows.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace saffron::image::quic;

namespace {

using bytes = std::vector<std::byte>;

/// Values up to `most`, of which about half repeat the one four bytes before.
bytes row_of(std::mt19937& random, std::size_t size, unsigned most) {
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = i >= 4 && random() % 8 != 0 ? out[i - 4] : static_cast<std::byte>(random() % (most + 1));
  return out;
}

/// What kernels write. Exactly as much as they may, so that the address sanitizer sees it if they write more.
struct written {
  std::vector<std::uint32_t> words;
  std::vector<std::uint8_t> values;
  bytes pixels;
  std::vector<std::uint64_t> bits;

  explicit written(std::size_t count)
      : words(count, 1), values(count, 2), pixels(count * 4), bits((count + 63) / 64, 3) {}
  friend bool operator==(const written&, const written&) = default;
};

/// Both ways to do it, for rows of any length.
template <class F>
void compare(F&& use) {
  std::mt19937 random{17};
  for (std::size_t count = 1; count < 300; ++count) {
    CAPTURE(count);
    written plain{count}, best{count};
    const auto seed = random();
    use(plain_rows, std::mt19937{seed}, count, plain);
    use(best_rows(), std::mt19937{seed}, count, best);
    CHECK((plain == best));
    CHECK_FALSE((plain == written{count}));
  }
}

std::vector<std::uint64_t> borders_of(std::mt19937& random, std::size_t count) {
  std::vector<std::uint64_t> out((count + 63) / 64);
  for (auto n = random() % 12; n > 0; --n) {
    const auto at = 1 + random() % count;
    if (at < count) out[at / 64] ^= std::uint64_t{1} << (at % 64);
  }
  return out;
}

} // namespace

TEST_CASE("residuals and equality of a row of colours are the same in vectors as pixel by pixel") {
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, 4 * count + 4, 255), above = row_of(random, 4 * count, 255);
    rows.colour8(row.data(), above.data(), count, to.words.data(), to.bits.data());
  });
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, 4 * count + 4, 31), above = row_of(random, 4 * count, 31);
    rows.colour5(row.data(), above.data(), count, to.words.data(), to.bits.data());
  });
}

TEST_CASE("residuals and equality of a row of alpha are the same in vectors as pixel by pixel") {
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, count + 1, 1), above = row_of(random, count, 255);
    rows.gray(row.data(), above.data(), count, to.values.data(), to.bits.data());
  });
}

TEST_CASE("residuals outside of runs are kept, in vectors as pixel by pixel") {
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto borders = borders_of(random, count);
    rows.keep_colour(std::vector<std::uint32_t>(count, 5).data(), borders.data(), count, to.words.data());
    rows.keep_gray(std::vector<std::uint8_t>(count, 6).data(), borders.data(), count, to.values.data());
  });
  std::vector<std::uint8_t> kept(200, 0);
  std::vector<std::uint64_t> borders(4);
  for (const unsigned at : {3U, 5U, 60U, 190U}) borders[at / 64] |= std::uint64_t{1} << (at % 64);
  plain_rows.keep_gray(std::vector<std::uint8_t>(200, 1).data(), borders.data(), kept.size(), kept.data());
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK((kept[i] == 0) == ((i >= 3 && i < 5) || (i >= 60 && i < 190)));
}

TEST_CASE("pixels are unpacked and alphas picked in vectors as pixel by pixel") {
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, 2 * count, 255);
    rows.unpack_16bit(row.data(), count, to.pixels.data());
    to.words[0] = 0;
  });
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, 3 * count, 255);
    rows.unpack_24bit(row.data(), count, to.pixels.data());
    to.words[0] = 0;
  });
  compare([](const row_kernels& rows, std::mt19937 random, std::size_t count, written& to) {
    const auto row = row_of(random, 4 * count, 255);
    rows.alpha(row.data(), count, to.pixels.data());
    to.words[0] = 0;
  });
  const bytes pixel{std::byte{0x35}, std::byte{0xa9}}; // 1 01010 01001 10101
  bytes channels(4, std::byte{9});
  plain_rows.unpack_16bit(pixel.data(), 1, channels.data());
  CHECK((channels == bytes{std::byte{0x15}, std::byte{0x09}, std::byte{0x0a}, std::byte{0}}));
}
