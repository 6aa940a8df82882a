// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/ticket.hpp"

#include <doctest/doctest.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstring>

using namespace saffron::load;
namespace wire = saffron::wire;

namespace {

/// A server's key.
struct private_key {
  EVP_PKEY* key = EVP_RSA_gen(1024);
  private_key() = default;
  private_key(const private_key&) = delete;
  private_key& operator=(const private_key&) = delete;
  ~private_key() { EVP_PKEY_free(key); }

  [[nodiscard]] ticket_encryptor::key_bytes public_part() const {
    ticket_encryptor::key_bytes der{};
    unsigned char* bytes = nullptr;
    REQUIRE(i2d_PUBKEY(key, &bytes) == static_cast<int>(der.size()));
    std::memcpy(der.data(), bytes, der.size());
    OPENSSL_free(bytes);
    return der;
  }
  [[nodiscard]] std::string decrypt(const wire::link_ticket& ticket) const {
    auto* context = EVP_PKEY_CTX_new(key, nullptr);
    REQUIRE(EVP_PKEY_decrypt_init(context) > 0);
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0);
    std::string text(256, ' ');
    auto size = text.size();
    REQUIRE(EVP_PKEY_decrypt(context, reinterpret_cast<unsigned char*>(text.data()), &size,
                             reinterpret_cast<const unsigned char*>(ticket.encrypted.data()),
                             ticket.encrypted.size()) > 0);
    EVP_PKEY_CTX_free(context);
    text.resize(size);
    return text;
  }
};

} // namespace

TEST_CASE("a ticket decrypts to the password and its NUL, whichever keys take turns") {
  const private_key one, two;
  ticket_encryptor tickets;
  for (int i = 0; i < 3; ++i) {
    for (const auto* key : {&one, &two}) {
      const auto ticket = tickets.encrypt(key->public_part(), "secret");
      REQUIRE(ticket);
      CHECK(key->decrypt(*ticket) == std::string("secret", 7));
    }
  }
  const auto none = tickets.encrypt(one.public_part(), "");
  REQUIRE(none);
  CHECK(one.decrypt(*none) == std::string("", 1));
}

TEST_CASE("what is no key encrypts nothing") {
  ticket_encryptor tickets;
  CHECK(!tickets.encrypt({}, "secret"));
  CHECK(!tickets.encrypt({}, "secret"));
  const private_key key;
  CHECK(tickets.encrypt(key.public_part(), "secret"));
  CHECK(!tickets.encrypt(key.public_part(), std::string(200, 'x'))); // more than OAEP can hold
}
