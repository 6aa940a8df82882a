// SPDX-License-Identifier: BSD-3-Clause
// What clients and operators do with OpenSSL: tickets encrypted as spice-gtk does it, certificates made while a test
// runs.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::tests {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

inline void ensure(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string{"OpenSSL: "} + what);
}

/// RSA-OAEP of these bytes, which spice-gtk ends with a NUL.
inline std::array<std::byte, 128> encrypt_ticket(std::span<const std::byte> public_key, std::string_view plain) {
  const auto* der = reinterpret_cast<const unsigned char*>(public_key.data());
  const key_ptr key{d2i_PUBKEY(nullptr, &der, static_cast<long>(public_key.size()))};
  ensure(key != nullptr, "not a public key");
  const std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>> context{EVP_PKEY_CTX_new(key.get(), nullptr)};
  std::array<std::byte, 128> out{};
  std::size_t size = out.size();
  ensure(EVP_PKEY_encrypt_init(context.get()) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
             EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                              reinterpret_cast<const unsigned char*>(plain.data()), plain.size()) == 1,
         "encrypt");
  return out;
}

/// A folder that goes with the test.
class temporary_folder {
public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "saffron-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

/// A key on the curve P-256: made in no time.
inline key_ptr make_key() { return key_ptr{EVP_EC_gen("P-256")}; }

inline void write_key(const std::string& file, EVP_PKEY* key) {
  const std::unique_ptr<std::FILE, freed_by<std::fclose>> out{std::fopen(file.c_str(), "w")};
  ensure(out != nullptr && PEM_write_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "write");
}

/// Writes a certificate for `subject` and `key`, signed with `issuer_key`; valid from and to so many seconds from now.
inline void write_certificate(const std::string& file, const std::string& subject, EVP_PKEY* key,
                              const std::string& issuer, EVP_PKEY* issuer_key, long from = -3600, long to = 3600) {
  const std::unique_ptr<X509, freed_by<X509_free>> made{X509_new()};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key);
  const auto name = [](X509_NAME* of, const std::string& text) {
    X509_NAME_add_entry_by_txt(of, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  name(X509_get_subject_name(made.get()), subject);
  name(X509_get_issuer_name(made.get()), issuer);
  ensure(X509_sign(made.get(), issuer_key, EVP_sha256()) != 0, "sign");
  const std::unique_ptr<std::FILE, freed_by<std::fclose>> out{std::fopen(file.c_str(), "w")};
  ensure(out != nullptr && PEM_write_X509(out.get(), made.get()) == 1, "write");
}

/// `cert.pem` and `key.pem` in `folder`, signed by itself.
inline void write_identity(const temporary_folder& folder, long from = -3600, long to = 3600) {
  const auto key = make_key();
  write_key(folder / "key.pem", key.get());
  write_certificate(folder / "cert.pem", "saffron", key.get(), "saffron", key.get(), from, to);
}

} // namespace saffron::tests
