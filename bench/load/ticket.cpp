// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/ticket.hpp"

#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>

namespace saffron::load {

namespace {
struct free_key {
  void operator()(EVP_PKEY* k) const noexcept { EVP_PKEY_free(k); }
};
} // namespace

EVP_PKEY_CTX* ticket_encryptor::context_for(const key_bytes& der) {
  constexpr std::size_t most = 32;
  const auto found = std::find_if(known_.begin(), known_.end(), [&der](const auto& k) { return k.der == der; });
  if (found != known_.end()) {
    std::rotate(found, found + 1, known_.end());
    return known_.back().ready.get();
  }
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<EVP_PKEY, free_key> key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
  context made{key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr};
  if (made &&
      (EVP_PKEY_encrypt_init(made.get()) <= 0 || EVP_PKEY_CTX_set_rsa_padding(made.get(), RSA_PKCS1_OAEP_PADDING) <= 0))
    made.reset();
  if (known_.size() == most) known_.erase(known_.begin());
  return known_.emplace_back(known_key{der, std::move(made)}).ready.get();
}

std::optional<wire::link_ticket> ticket_encryptor::encrypt(const key_bytes& der, const std::string& password) {
  auto* const ready = context_for(der);
  wire::link_ticket ticket;
  auto size = ticket.encrypted.size();
  if (ready == nullptr ||
      EVP_PKEY_encrypt(ready, reinterpret_cast<unsigned char*>(ticket.encrypted.data()), &size,
                       reinterpret_cast<const unsigned char*>(password.c_str()), password.size() + 1) <= 0)
    return std::nullopt;
  return ticket;
}

} // namespace saffron::load
