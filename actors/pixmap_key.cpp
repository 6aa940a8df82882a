// SPDX-License-Identifier: BSD-3-Clause
#include "actors/pixmap_key.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>

namespace saffron::actors {

namespace {

struct context_deleter {
  void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
};

} // namespace

std::optional<pixmap_key> key_of_content(const picture& p) {
  const std::unique_ptr<EVP_MD_CTX, context_deleter> hash{EVP_MD_CTX_new()};
  const std::array shape{static_cast<std::uint32_t>(p.area.width()), static_cast<std::uint32_t>(p.area.height()),
                         static_cast<std::uint32_t>(p.format), std::uint32_t{p.top_down}};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (p.palette || !hash || EVP_DigestInit_ex(hash.get(), EVP_blake2b512(), nullptr) != 1 ||
      EVP_DigestUpdate(hash.get(), shape.data(), sizeof shape) != 1 ||
      EVP_DigestUpdate(hash.get(), p.pixels.data(), p.pixels.size()) != 1 ||
      EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr) != 1)
    return std::nullopt;
  pixmap_key out{0, 0, true};
  std::memcpy(&out.high, digest.data(), sizeof out.high);
  std::memcpy(&out.low, digest.data() + sizeof out.high, sizeof out.low);
  return out;
}

} // namespace saffron::actors
