// SPDX-License-Identifier: BSD-3-Clause
#include "transport/ticket.hpp"

#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

namespace saffron::transport {

std::shared_ptr<ticket_key> ticket_key::make() {
  auto made = std::make_shared<ticket_key>();
  made->key_.reset(EVP_RSA_gen(1024));
  unsigned char* der = nullptr;
  const int size = made->key_ == nullptr ? -1 : i2d_PUBKEY(made->key_.get(), &der);
  const bool fits = size == static_cast<int>(public_key_size);
  if (fits) std::memcpy(made->public_key_.data(), der, public_key_size);
  OPENSSL_free(der);
  return fits ? made : nullptr;
}

result<std::string> ticket_key::decrypt(std::span<const std::byte, ticket_size> encrypted) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(encrypted.data());
  std::array<unsigned char, 32> digest{};
  SHA256(bytes, encrypted.size(), digest.data());
  if (!seen_.insert(digest).second) return fail{errc::permission_denied};

  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{EVP_PKEY_CTX_new(key_.get(), nullptr),
                                                                            &EVP_PKEY_CTX_free};
  std::array<unsigned char, ticket_size> plain{};
  std::size_t size = plain.size();
  if (context == nullptr || EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_decrypt(context.get(), plain.data(), &size, bytes, encrypted.size()) != 1)
    return fail{errc::permission_denied};
  // Clients send the NUL or not; what stands behind it is no part of the password.
  const auto* end = static_cast<const unsigned char*>(std::memchr(plain.data(), 0, size));
  std::string password{reinterpret_cast<const char*>(plain.data()),
                       end != nullptr ? static_cast<std::size_t>(end - plain.data()) : size};
  OPENSSL_cleanse(plain.data(), plain.size());
  return password;
}

// Shared with the callbacks that bring keys, which may come when the pool is gone.
struct ticket_keys::state : std::enable_shared_from_this<state> {
  std::vector<slot> slots;
  std::size_t next = 0, uses = 0;
  maker make_later;

  void replace(std::size_t i) {
    if (slots[i].asked) return;
    slots[i].asked = true;
    make_later([weak = weak_from_this(), i](ticket_key_ptr made) {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->slots[i].asked = false;
      if (made != nullptr) self->slots[i] = {std::move(made), 0, false};
    });
  }
};

ticket_keys::ticket_keys(ticket_key_ptr first, std::size_t count, std::size_t uses, maker make_later)
    : state_(std::make_shared<state>()) {
  state_->slots.resize(std::max<std::size_t>(count, 1));
  state_->slots[0].key = std::move(first);
  state_->uses = uses;
  state_->make_later = std::move(make_later);
  for (std::size_t i = 1; i < state_->slots.size(); ++i) state_->replace(i);
}

ticket_keys::~ticket_keys() = default;

ticket_key_ptr ticket_keys::next() {
  auto& s = *state_;
  do s.next = (s.next + 1) % s.slots.size();
  while (s.slots[s.next].key == nullptr); // slot 0 always has one
  auto& chosen = s.slots[s.next];
  if (++chosen.used >= s.uses) s.replace(s.next);
  return chosen.key;
}

bool same_secret(const std::string& given, const std::string& expected) {
  // Digests have one length, so neither the length nor the place of a difference shows in the time.
  std::array<unsigned char, 32> a{}, b{};
  SHA256(reinterpret_cast<const unsigned char*>(given.data()), given.size(), a.data());
  SHA256(reinterpret_cast<const unsigned char*>(expected.data()), expected.size(), b.data());
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace saffron::transport
