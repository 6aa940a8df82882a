// SPDX-License-Identifier: BSD-3-Clause
// Tickets travel as RSA-OAEP with a 1024 bit key of the server (protocol). Making a key costs many links' worth of
// time, so keys are made ahead and used more than once. Using one twice would let an eavesdropper replay a ticket he
// saw, so a key remembers what it has decrypted: OAEP is random, no honest client ever sends the same bytes twice.
#pragma once

#include "messages/errc.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace saffron::transport {

class ticket_key {
public:
  static constexpr std::size_t public_key_size = 162, ticket_size = 128;

  /// Takes milliseconds of a core: never on a loop. Null when OpenSSL refuses.
  [[nodiscard]] static std::shared_ptr<ticket_key> make();

  /// SubjectPublicKeyInfo in DER.
  [[nodiscard]] const std::array<std::byte, public_key_size>& public_key() const noexcept { return public_key_; }
  /// The password without its NUL. errc::permission_denied when it does not decrypt, or was decrypted before.
  [[nodiscard]] result<std::string> decrypt(std::span<const std::byte, ticket_size> encrypted);

private:
  struct free_key {
    void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
  };

  std::unique_ptr<EVP_PKEY, free_key> key_;
  std::array<std::byte, public_key_size> public_key_{};
  std::set<std::array<unsigned char, 32>> seen_;
};

using ticket_key_ptr = std::shared_ptr<ticket_key>;

/// The keys of one loop.
class ticket_keys {
public:
  /// `make_later` makes a key on some other thread and hands it to the callback on this one.
  using maker = std::function<void(std::function<void(ticket_key_ptr)>)>;

  /// Starts with `first`, asks for `count - 1` more, and replaces each after `uses` links.
  ticket_keys(ticket_key_ptr first, std::size_t count, std::size_t uses, maker make_later);
  ~ticket_keys();

  /// The key for the next link. Never null: while a replacement is on its way the worn key serves on.
  [[nodiscard]] ticket_key_ptr next();

private:
  struct slot {
    ticket_key_ptr key;
    std::size_t used = 0;
    bool asked = false;
  };
  struct state;
  std::shared_ptr<state> state_;
};

/// True when both are equal, in a time that depends on the length of `given` only.
[[nodiscard]] bool same_secret(const std::string& given, const std::string& expected);

} // namespace saffron::transport
