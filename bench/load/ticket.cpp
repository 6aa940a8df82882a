// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/ticket.hpp"

#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace saffron::load {

namespace {
struct free_key {
  void operator()(EVP_PKEY* k) const noexcept { EVP_PKEY_free(k); }
};
} // namespace

std::optional<wire::link_ticket> ticket_encryptor::encrypt(const key_bytes& der, const std::string& password) {
  if (!context_ || der != last_) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<EVP_PKEY, free_key> key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
    context_.reset(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
    if (context_ && (EVP_PKEY_encrypt_init(context_.get()) <= 0 ||
                     EVP_PKEY_CTX_set_rsa_padding(context_.get(), RSA_PKCS1_OAEP_PADDING) <= 0))
      context_.reset();
    last_ = der;
  }
  wire::link_ticket ticket;
  auto size = ticket.encrypted.size();
  if (!context_ || EVP_PKEY_encrypt(context_.get(), reinterpret_cast<unsigned char*>(ticket.encrypted.data()), &size,
                                    reinterpret_cast<const unsigned char*>(password.c_str()), password.size() + 1) <= 0)
    return std::nullopt;
  return ticket;
}

} // namespace saffron::load
