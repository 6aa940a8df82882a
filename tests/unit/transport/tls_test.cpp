// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/crypto.hpp"
#include "transport/tls.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <fstream>

namespace saffron::transport {
namespace {

using tests::temporary_folder;

tls_settings settings_of(const temporary_folder& folder) {
  tls_settings s;
  s.certificate = folder / "cert.pem";
  s.key = folder / "key.pem";
  return s;
}

void write_text(const std::string& file, const std::string& text) { std::ofstream{file} << text; }

std::string sentence(const tls_settings& s) {
  const auto made = make_tls_context(s);
  REQUIRE_FALSE(made);
  return made.error();
}

} // namespace

TEST_CASE(
    "a certificate with its key makes a context that speaks 1.2 and 1.3 and neither renegotiates nor compresses") {
  const temporary_folder folder;
  tests::write_identity(folder);
  const auto made = make_tls_context(settings_of(folder));
  REQUIRE(made);
  auto* context = (*made)->native_handle();
  CHECK(SSL_CTX_get_min_proto_version(context) == TLS1_2_VERSION);
  CHECK((SSL_CTX_get_options(context) & SSL_OP_NO_RENEGOTIATION) != 0);
  CHECK((SSL_CTX_get_options(context) & SSL_OP_NO_COMPRESSION) != 0);
}

TEST_CASE("the lowest version can be 1.3, and no other number is a version") {
  const temporary_folder folder;
  tests::write_identity(folder);
  auto s = settings_of(folder);
  s.min_version = "1.3";
  CHECK(SSL_CTX_get_min_proto_version(make_tls_context(s).value()->native_handle()) == TLS1_3_VERSION);
  s.min_version = "1.1";
  CHECK(sentence(s) == "TLS version 1.1 is unknown: 1.2 or 1.3");
}

TEST_CASE("a key of another certificate is refused by name") {
  const temporary_folder folder;
  tests::write_identity(folder);
  tests::write_key(folder / "key.pem", tests::make_key().get());
  const auto s = settings_of(folder);
  CHECK(sentence(s) == "key " + s.key + " does not belong to certificate " + s.certificate);
}

TEST_CASE("an expired certificate is refused") {
  const temporary_folder folder;
  tests::write_identity(folder, -7200, -3600);
  CHECK(sentence(settings_of(folder)) == "certificate " + (folder / "cert.pem") + " has expired");
}

TEST_CASE("a certificate that is not valid yet is refused") {
  const temporary_folder folder;
  tests::write_identity(folder, 3600, 7200);
  CHECK(sentence(settings_of(folder)) == "certificate " + (folder / "cert.pem") + " is not valid yet");
}

TEST_CASE("files that cannot be read are named") {
  const temporary_folder folder;
  tests::write_identity(folder);
  auto s = settings_of(folder);
  s.certificate = folder / "missing.pem";
  CHECK(sentence(s) == "certificate " + s.certificate + " cannot be read");
  s = settings_of(folder);
  s.key = folder / "missing.pem";
  CHECK(sentence(s) == "key " + s.key + " cannot be read");
  s = settings_of(folder);
  s.ca = folder / "missing.pem";
  CHECK(sentence(s) == "CA certificate " + s.ca + " cannot be read");
  s = settings_of(folder);
  s.dh = folder / "missing.pem";
  CHECK(sentence(s) == "DH parameter file " + s.dh + " cannot be read");
}

TEST_CASE("files that hold something else are named with a reason") {
  const temporary_folder folder;
  tests::write_identity(folder);
  write_text(folder / "noise.pem", "no PEM at all\n");
  const auto refused_as = [&](const tls_settings& s, const std::string& what) {
    const auto text = sentence(s);
    CHECK_MESSAGE(text.starts_with(what + " " + (folder / "noise.pem") + " is not usable: "), text);
    CHECK_MESSAGE(text.find("unknown reason") == std::string::npos, text);
  };
  auto s = settings_of(folder);
  s.certificate = folder / "noise.pem";
  refused_as(s, "certificate");
  s = settings_of(folder);
  s.key = folder / "noise.pem";
  refused_as(s, "key");
  s = settings_of(folder);
  s.ca = folder / "noise.pem";
  refused_as(s, "CA certificate");
  s = settings_of(folder);
  s.dh = folder / "noise.pem";
  refused_as(s, "DH parameter file");
}

TEST_CASE("a list of ciphers that OpenSSL does not know is refused, a known one is taken") {
  const temporary_folder folder;
  tests::write_identity(folder);
  auto s = settings_of(folder);
  s.ciphers = "no-such-cipher";
  CHECK(sentence(s) == "cipher list \"no-such-cipher\" names no cipher that OpenSSL knows");
  s.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  CHECK(make_tls_context(s).has_value());
}

TEST_CASE("the authority's certificate is taken, and so are DH parameters of OpenSSL's own making") {
  const temporary_folder folder;
  const auto authority = tests::make_key(), key = tests::make_key();
  tests::write_certificate(folder / "ca.pem", "authority", authority.get(), "authority", authority.get());
  tests::write_certificate(folder / "cert.pem", "saffron", key.get(), "authority", authority.get());
  tests::write_key(folder / "key.pem", key.get());
  auto s = settings_of(folder);
  s.ca = folder / "ca.pem";
  s.dh = folder / "dh.pem";
  const std::unique_ptr<EVP_PKEY_CTX, tests::freed_by<EVP_PKEY_CTX_free>> maker{
      EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)};
  EVP_PKEY* made = nullptr;
  const char group[] = "ffdhe2048";
  const std::array<OSSL_PARAM, 2> named{
      OSSL_PARAM{"group", OSSL_PARAM_UTF8_STRING, const_cast<char*>(group), sizeof group - 1, 0}, OSSL_PARAM{}};
  REQUIRE(EVP_PKEY_paramgen_init(maker.get()) == 1);
  REQUIRE(EVP_PKEY_CTX_set_params(maker.get(), named.data()) == 1);
  REQUIRE(EVP_PKEY_paramgen(maker.get(), &made) == 1);
  const tests::key_ptr parameters{made};
  const std::unique_ptr<BIO, tests::freed_by<BIO_free>> out{BIO_new_file(s.dh.c_str(), "w")};
  REQUIRE(PEM_write_bio_Parameters(out.get(), made) == 1);
  REQUIRE(BIO_flush(out.get()) == 1);
  const auto context = make_tls_context(s);
  CHECK_MESSAGE(context.has_value(), (context ? "" : context.error()));
}

TEST_CASE("a reload that fails leaves the context in use, one that succeeds replaces it") {
  const temporary_folder folder;
  tests::write_identity(folder);
  tls_slot slot{settings_of(folder)};
  CHECK(slot.current() == nullptr);
  REQUIRE(slot.reload());
  const auto first = slot.current();
  REQUIRE(first != nullptr);
  write_text(folder / "cert.pem", "half a file");
  CHECK_FALSE(slot.reload());
  CHECK(slot.current() == first);
  tests::write_identity(folder);
  CHECK(slot.reload());
  CHECK(slot.current() != first);
}

} // namespace saffron::transport
