// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/pictures.hpp"
#include "messages/image/convert.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <string>

using namespace saffron;
using namespace saffron::codecs;
using image::bitmap_format;

namespace {

std::string sha256(const std::vector<std::byte>& of) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  REQUIRE(EVP_Digest(of.data(), of.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i)
    for (const auto nibble : {digest[i] >> 4, digest[i] & 15}) hex += "0123456789abcdef"[nibble];
  return hex;
}

} // namespace

TEST_CASE("the pictures are those that the reference was measured with, bit for bit") {
  const auto hash = [](sample_kind kind) { return sha256(sample(kind, bitmap_format::rgb_32bit, 1920, 1080).pixels); };
  CHECK(hash(sample_kind::desktop) == "75d452da118b55ef2098c50501d6ad780a86d1a883f9b93cbfbd15aa215b7ce9");
  CHECK(hash(sample_kind::photo) == "d3330c167a7b2b1f327707927e486b454cfe1839f9d698019055e756bee3744e");
  CHECK(hash(sample_kind::noise) == "69d5ec2cd056532aea62b2183e05ff82a639f93bfadfaf4ef6a7aa9de90b0375");
}

TEST_CASE("every format holds the highest bits of the same colours") {
  for (const auto& [name, kind] : sample_names) {
    CAPTURE(name);
    const auto full = sample(kind, bitmap_format::rgb_32bit, 100, 70);
    for (const auto format : {bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgba}) {
      CAPTURE(name_of(format));
      const auto made = sample(kind, format, 100, 70);
      CHECK(made.view().whole());
      const auto back = image::to_rgb32(made.view());
      REQUIRE(back.has_value());
      const unsigned kept = format == bitmap_format::rgb_16bit ? 0xf8 : 0xff;
      for (std::size_t i = 0; i < full.pixels.size(); ++i) {
        const auto was = std::to_integer<unsigned>(full.pixels[i]), is = std::to_integer<unsigned>(back->pixels[i]);
        if (i % 4 != 3) REQUIRE((was & kept) == (is & kept));
      }
    }
  }
}

TEST_CASE("an index is three bits of red, three of green, two of blue") {
  const auto full = sample(sample_kind::noise, bitmap_format::rgb_32bit, 64, 64);
  const auto made = sample(sample_kind::noise, bitmap_format::indexed_8bit, 64, 64);
  REQUIRE(made.pixels.size() == 64 * 64);
  for (std::size_t i = 0; i < made.pixels.size(); ++i) {
    const auto c = [&](std::size_t n) { return std::to_integer<unsigned>(full.pixels[i * 4 + n]); };
    REQUIRE(std::to_integer<unsigned>(made.pixels[i]) == ((c(2) & 0xe0) | (c(1) & 0xe0) >> 3 | c(0) >> 6));
  }
}

TEST_CASE("alpha is opaque, and noise in noise") {
  const auto alphas = [](sample_kind kind) {
    const auto made = sample(kind, bitmap_format::rgba, 64, 64);
    int opaque = 0;
    for (std::size_t i = 3; i < made.pixels.size(); i += 4) opaque += made.pixels[i] == std::byte{0xff};
    return opaque;
  };
  CHECK(alphas(sample_kind::photo) == 64 * 64);
  CHECK(alphas(sample_kind::noise) < 64);
}
