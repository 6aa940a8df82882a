// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/sample_pictures.hpp"
#include "messages/image/quic.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>
#include <span>
#include <string>

using namespace saffron;
using namespace saffron::devices;

namespace {

constexpr int width = 1920, height = 1080;

std::string sha256(std::span<const std::byte> of) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  REQUIRE(EVP_Digest(of.data(), of.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string out;
  for (unsigned i = 0; i < size; ++i)
    for (const auto nibble : {digest[i] >> 4, digest[i] & 15}) out += "0123456789abcdef"[nibble];
  return out;
}

} // namespace

TEST_CASE("the sample pictures are, byte for byte, those that the reference server was measured with") {
  CHECK(sha256(sample_picture(sample_kind::desktop, width, height)) ==
        "75d452da118b55ef2098c50501d6ad780a86d1a883f9b93cbfbd15aa215b7ce9");
  CHECK(sha256(sample_picture(sample_kind::photo, width, height)) ==
        "d3330c167a7b2b1f327707927e486b454cfe1839f9d698019055e756bee3744e");
  CHECK(sha256(sample_picture(sample_kind::noise, width, height)) ==
        "69d5ec2cd056532aea62b2183e05ff82a639f93bfadfaf4ef6a7aa9de90b0375");
}

TEST_CASE("a desktop becomes the QUIC stream that the reference server makes of it, and decodes to itself") {
  const auto pixels = sample_picture(sample_kind::desktop, width, height);
  const auto stream = image::quic_encode({image::bitmap_format::rgb_32bit, width, height, width * 4, true, pixels});
  REQUIRE(stream.has_value());
  CHECK(stream->size() == 1209504);
  // The entry quic_desktop1080_rgb32 of tests/vectors/index.json.
  CHECK(sha256(stream->view()) == "bd4ff12a7fbab6b9b9d57b550b53b6e54834505d7f69ded88b522bdadd91ad7a");
  const auto decoded = image::quic_decode(stream->view(), width * height);
  REQUIRE(decoded.has_value());
  CHECK((decoded->pixels == pixels));
}
