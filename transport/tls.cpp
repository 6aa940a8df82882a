// SPDX-License-Identifier: BSD-3-Clause
#include "transport/tls.hpp"

#include <fmt/format.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <unistd.h>

#include <cstdio>

namespace saffron::transport {

namespace {

using problem = tl::unexpected<std::string>;

std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  std::string text = reason != nullptr ? reason : "unknown reason";
  ERR_clear_error();
  return text;
}

problem refuse(std::string_view what, const std::string& file) {
  if (::access(file.c_str(), R_OK) != 0) {
    ERR_clear_error();
    return problem{fmt::format("{} {} cannot be read", what, file)};
  }
  return problem{fmt::format("{} {} is not usable: {}", what, file, openssl_reason())};
}

tl::expected<void, std::string> check_dates(SSL_CTX* context, const std::string& file) {
  const X509* own = SSL_CTX_get0_certificate(context);
  if (own == nullptr) return problem{fmt::format("certificate {} holds no certificate", file)};
  if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0)
    return problem{fmt::format("certificate {} has expired", file)};
  if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0)
    return problem{fmt::format("certificate {} is not valid yet", file)};
  return {};
}

tl::expected<void, std::string> load_dh(SSL_CTX* context, const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> from{BIO_new_file(file.c_str(), "r"), &BIO_free};
  if (from == nullptr) return refuse("DH parameter file", file);
  EVP_PKEY* parameters = PEM_read_bio_Parameters(from.get(), nullptr);
  if (parameters == nullptr) return refuse("DH parameter file", file);
  if (SSL_CTX_set0_tmp_dh_pkey(context, parameters) != 1) {
    EVP_PKEY_free(parameters);
    return refuse("DH parameter file", file);
  }
  return {};
}

} // namespace

tl::expected<tls_context, std::string> make_tls_context(const tls_settings& s) {
  ERR_clear_error();
  auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  auto* context = made->native_handle();
  if (s.min_version != "1.2" && s.min_version != "1.3")
    return problem{fmt::format("TLS version {} is unknown: 1.2 or 1.3", s.min_version)};
  SSL_CTX_set_min_proto_version(context, s.min_version == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION);
  // Renegotiation lets a client make the server compute for ever (CVE-2021-20201); compression leaks (CRIME).
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("SPICE"), 5);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // 32 KiB less for each idle connection

  if (SSL_CTX_use_certificate_chain_file(context, s.certificate.c_str()) != 1)
    return refuse("certificate", s.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, s.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH) {
      ERR_clear_error();
      return problem{fmt::format("key {} does not belong to certificate {}", s.key, s.certificate)};
    }
    return refuse("key", s.key);
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return problem{fmt::format("key {} does not belong to certificate {}", s.key, s.certificate)};
  }
  if (auto dates = check_dates(context, s.certificate); !dates) return problem{dates.error()};
  if (!s.ca.empty() && SSL_CTX_load_verify_locations(context, s.ca.c_str(), nullptr) != 1)
    return refuse("CA certificate", s.ca);
  if (!s.ciphers.empty() && SSL_CTX_set_cipher_list(context, s.ciphers.c_str()) != 1) {
    ERR_clear_error();
    return problem{fmt::format("cipher list \"{}\" names no cipher that OpenSSL knows", s.ciphers)};
  }
  if (s.dh.empty())
    SSL_CTX_set_dh_auto(context, 1);
  else if (auto dh = load_dh(context, s.dh); !dh)
    return problem{dh.error()};
  return made;
}

tl::expected<void, std::string> tls_slot::reload() {
  auto made = make_tls_context(settings_);
  if (!made) return problem{std::move(made.error())};
  std::atomic_store(&context_, *made);
  return {};
}

} // namespace saffron::transport
