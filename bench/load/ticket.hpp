// SPDX-License-Identifier: BSD-3-Clause
// Encrypts tickets: RSA-OAEP of the password and its NUL with the key that the server offers for the link.
#pragma once

#include "messages/wire/link.hpp"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

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

  using context = std::unique_ptr<EVP_PKEY_CTX, free_context>;
  struct known_key {
    key_bytes der;
    context ready; // null when the bytes are no key
  };

  EVP_PKEY_CTX* context_for(const key_bytes& der);

  // Parsing a key takes 120 us and encrypting 6, and some servers use a key for many links. The last one used is the
  // last in the list.
  std::vector<known_key> known_;
};

} // namespace saffron::load
