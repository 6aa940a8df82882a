// SPDX-License-Identifier: BSD-3-Clause
// Certificates and what TLS may be spoken with them. A reload that fails leaves the old certificate in use.
#pragma once

#include <asio/ssl/context.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace saffron::transport {

struct tls_settings {
  /// PEM files. The certificate file holds the whole chain, own certificate first.
  std::string certificate, key;
  /// PEM file of the authority; its certificates are sent along with the chain. May be empty.
  std::string ca;
  /// PEM file of Diffie-Hellman parameters for TLS 1.2; empty chooses OpenSSL's own.
  std::string dh;
  /// OpenSSL's syntax, TLS 1.2; empty keeps OpenSSL's default.
  std::string ciphers;
  /// "1.2" or "1.3".
  std::string min_version = "1.2";
};

using tls_context = std::shared_ptr<asio::ssl::context>;

/// A context ready for servers, or a sentence that names the file and what is wrong with it: unreadable, no PEM, a key
/// that belongs to another certificate, expired or not yet valid.
[[nodiscard]] tl::expected<tls_context, std::string> make_tls_context(const tls_settings& settings);

/// Holds the context in use; connections made before a reload keep theirs.
class tls_slot {
public:
  explicit tls_slot(tls_settings settings) : settings_(std::move(settings)) {}
  /// Loads the files again. On failure the context in use stays and the sentence is returned.
  [[nodiscard]] tl::expected<void, std::string> reload();
  /// Null before the first successful reload. Any thread.
  [[nodiscard]] tls_context current() const { return std::atomic_load(&context_); }

private:
  tls_settings settings_;
  tls_context context_;
};

} // namespace saffron::transport
