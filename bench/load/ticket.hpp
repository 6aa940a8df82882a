// SPDX-License-Identifier: BSD-3-Clause
// Encrypts tickets: RSA-OAEP of the password and its NUL with the key that the server offers for the link.
#pragma once

#include "messages/wire/link.hpp"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>

namespace saffron::load {

class ticket_encryptor {
public:
  using key_bytes = std::array<std::byte, wire::public_key_size>;

  /// Nothing when the key is none, or the password too long for it.
  [[nodiscard]] std::optional<wire::link_ticket> encrypt(const key_bytes& der, const std::string& password);

private:
  struct free_context {
    void operator()(EVP_PKEY_CTX* c) const noexcept { EVP_PKEY_CTX_free(c); }
  };

  // Parsing a key costs several times what encrypting does, and some servers use one for many links.
  key_bytes last_{};
  std::unique_ptr<EVP_PKEY_CTX, free_context> context_;
};

} // namespace saffron::load
