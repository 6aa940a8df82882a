// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/transport/link_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;

struct tls_link_test : link_world {
  tls_link_test() {
    write_identity(folder);
    settings.certificate = folder / "cert.pem";
    settings.key = folder / "key.pem";
    context = transport::make_tls_context(settings).value();
  }

  temporary_folder folder;
  transport::tls_settings settings;
  transport::tls_context context;
};

// Reads and writes a stream of the server until it has what it wants.
struct far_end {
  far_end(virtual_world& w, transport::accepted_link& link, transport::loop& home)
      : world(w), stream(link.take(home.io())) {}

  std::vector<std::byte> read(std::size_t n) {
    std::vector<std::byte> out;
    while (out.size() < n) {
      std::vector<std::byte> chunk(n - out.size());
      std::optional<std::error_code> done;
      stream.async_read_some(asio::buffer(chunk), [&](std::error_code e, std::size_t size) {
        chunk.resize(size);
        done = e;
      });
      REQUIRE(world.wait_until([&] { return done.has_value(); }));
      REQUIRE_FALSE(*done);
      out = out + chunk;
    }
    return out;
  }
  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const asio::const_buffer buffer{bytes.data(), bytes.size()};
      std::optional<std::size_t> done;
      stream.async_write_some({&buffer, 1}, [&](std::error_code, std::size_t size) { done = size; });
      REQUIRE(world.wait_until([&] { return done.has_value(); }));
      REQUIRE(*done > 0);
      bytes = bytes.subspan(*done);
    }
  }

  virtual_world& world;
  transport::stream stream;
};

std::vector<std::byte> pattern(std::size_t n) {
  std::vector<std::byte> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(i * 7 + i / 256);
  return out;
}

} // namespace

TEST_CASE_FIXTURE(tls_link_test, "a link over TLS is told apart from a plain one") {
  test_peer peer{*this, start_plain(context)};
  peer.start_tls();
  speak_link(peer, link_words(channel_type::display), "secret");
  REQUIRE(has_arrived(1));
  CHECK(gate.questions[0].secured);
  CHECK(gate.questions[0].password == "secret");
  CHECK(arrived[0].link->secured);
}

TEST_CASE_FIXTURE(tls_link_test, "a stream of TLS that has moved to another loop carries bytes both ways") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    arrived.clear();
    test_peer peer{*this, start_plain(context)};
    SSL_CTX_set_max_proto_version(context->native_handle(), version);
    peer.start_tls();
    CHECK(SSL_version(peer.session()) == version);
    speak_link(peer, link_words(), "secret");
    REQUIRE(has_arrived(1));
    REQUIRE(wait_until([&] { return ended == started; })); // the old loop has let go
    {
      far_end server{*this, *arrived[0].link, loops.at(1)};
      arrived.clear();
      CHECK(server.stream.secured());
      for (const std::size_t n : {1, 100, 16384, 300000}) {
        const auto sent = pattern(n);
        server.write(sent);
        CHECK(peer.read(n) == sent);
      }
      for (const std::size_t n : {1, 100, 30000}) {
        const auto sent = pattern(n);
        peer.write(sent);
        CHECK(server.read(n) == sent);
      }
    }
    CHECK(peer.at_end());
  }
}

TEST_CASE_FIXTURE(tls_link_test, "refusals are told inside TLS") {
  test_peer peer{*this, start_plain(context)};
  peer.start_tls();
  peer.write(wire::link_request(link_words(channel_type::inputs)));
  auto expected = words({0x51444552, 2, 2, 178, 6});
  expected.resize(194);
  CHECK(peer.read_to_end() == expected);

  gate.decide = [](const auto&) { return link_verdict{errc::permission_denied, 0, {}, 0}; };
  test_peer denied{*this, start_plain(context)};
  denied.start_tls();
  speak_link(denied, link_words(), "secret");
  CHECK(denied.read_to_end() == words({7}));
}

TEST_CASE_FIXTURE(tls_link_test, "a plain client on a port for TLS is closed") {
  test_peer peer{*this, start_plain(context)};
  peer.write(wire::link_request(link_words()));
  peer.read_to_end(); // an alert, perhaps
  CHECK(wait_until([&] { return ended == 1; }));
  CHECK(counted.links_failed.value() == 1);
}

TEST_CASE_FIXTURE(tls_link_test, "a client that does not finish its handshake is cut when its time is over") {
  environment.timeout = 50ms;
  test_peer silent{*this, start_plain(context)}, half{*this, start_plain(context)};
  half.write(words({0x01030116, 0x01000001})); // the start of a ClientHello
  CHECK(wait_until([&] { return ended == 2; }));
  silent.read_to_end();
  half.read_to_end();
  CHECK(counted.links_failed.value() == 2);
}

TEST_CASE_FIXTURE(tls_link_test, "a client that speaks only what is too old is refused") {
  settings.min_version = "1.3";
  test_peer peer{*this, start_plain(transport::make_tls_context(settings).value())};
  const std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> old{SSL_CTX_new(TLS_client_method())};
  SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION);
  const std::unique_ptr<SSL, freed_by<SSL_free>> session{SSL_new(old.get())};
  SSL_set_fd(session.get(), peer.descriptor());
  bool failed = false;
  CHECK(wait_until([&] {
    const int r = SSL_connect(session.get());
    failed = r != 1 && SSL_get_error(session.get(), r) == SSL_ERROR_SSL;
    return failed;
  }));
  CHECK(wait_until([&] { return ended == 1; }));
}

TEST_CASE_FIXTURE(tls_link_test, "the authority's certificate is sent along with our own") {
  const auto authority = make_key(), key = make_key();
  write_certificate(folder / "ca.pem", "authority", authority.get(), "authority", authority.get());
  write_certificate(folder / "cert.pem", "saffron", key.get(), "authority", authority.get());
  write_key(folder / "key.pem", key.get());
  settings.ca = folder / "ca.pem";
  test_peer peer{*this, start_plain(transport::make_tls_context(settings).value())};
  peer.start_tls();
  CHECK(sk_X509_num(SSL_get_peer_cert_chain(peer.session())) == 2);
}

TEST_CASE_FIXTURE(tls_link_test, "clients that connect after a reload see the new certificate") {
  transport::tls_slot slot{settings};
  REQUIRE(slot.reload());
  const auto serial_of = [&] {
    test_peer peer{*this, start_plain(slot.current())};
    peer.start_tls();
    const std::unique_ptr<X509, freed_by<X509_free>> shown{SSL_get1_peer_certificate(peer.session())};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(shown.get(), EVP_sha256(), digest.data(), &size);
    return digest;
  };
  const auto before = serial_of();
  CHECK(serial_of() == before);
  write_identity(folder);
  REQUIRE(slot.reload());
  CHECK(serial_of() != before);
}

} // namespace saffron
