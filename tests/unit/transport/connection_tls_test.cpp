// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/transport/connection_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace tests;

struct tls_connection_test : connection_world {
  connection_end& begin_tls() {
    write_identity(folder);
    transport::tls_settings settings;
    settings.certificate = folder / "cert.pem";
    settings.key = folder / "key.pem";
    peer = std::make_unique<test_peer>(*this, start_plain(transport::make_tls_context(settings).value()));
    peer->start_tls();
    speak_link(*peer, link_words(), "secret");
    REQUIRE(has_arrived(1));
    return begin(arrived[0].link);
  }
  temporary_folder folder;
};

} // namespace

TEST_CASE_FIXTURE(tls_connection_test, "messages go both ways through TLS, small ones and large ones") {
  limits.message = 200000;
  auto& end = begin_tls();
  const auto payload = shared_bytes::copy_of(noise(3 << 20));
  act([&](auto& e) {
    for (std::uint16_t i = 0; i < 50; ++i) e.wire.send(i, noise(i), {});
    e.wire.send(304, noise(70), {&payload, 1});
  });
  for (std::uint16_t i = 0; i < 50; ++i) CHECK(read_message() == framed_message{i, noise(i)});
  CHECK(read_message() == framed_message{304, noise(70) + payload.view()});
  for (const std::size_t n : {0, 5, 150000}) {
    write_message(101, noise(n));
    CHECK(wait_until([&] { return !end.received.empty(); }));
    CHECK(end.received.back() == framed_message{101, noise(n)});
    end.received.clear();
  }
}

TEST_CASE_FIXTURE(tls_connection_test, "a peer that closes TLS in order, or just goes, has left") {
  for (const bool in_order : {true, false}) {
    arrived.clear();
    auto& end = begin_tls();
    if (in_order) SSL_shutdown(peer->session());
    peer->close();
    CHECK(wait_until([&] { return end.closings == 1; }));
    CHECK(end.closed == errc::closed_by_peer);
  }
}

TEST_CASE_FIXTURE(tls_connection_test, "bytes that are no TLS end the connection") {
  auto& end = begin_tls();
  const auto junk = noise(100);
  CHECK(::send(peer->descriptor(), junk.data(), junk.size(), MSG_NOSIGNAL) == 100);
  CHECK(wait_until([&] { return end.closings == 1; }));
  CHECK(end.closed == errc::tls_failed);
}

// A slow peer reads and speaks in the same moment: the write is done in the kernel, its completion waits behind the
// message that makes the owner close. The completion must not find the outbox's memory gone.
TEST_CASE_FIXTURE(tls_connection_test, "an owner may close on a message while a large write is between two records") {
  auto& end = begin_tls();
  const auto size = std::size_t{8} << 20;
  act([&](auto& e) {
    for (int i = 0; i < 64; ++i) {
      const auto payload = shared_bytes::copy_of(noise(size / 64));
      e.wire.send(304, {}, {&payload, 1});
    }
  });
  CHECK(end.wire.queued() > 0);
  end.then = [&] { end.wire.close(); };
  std::vector<std::byte> some(1 << 20);
  for (std::size_t got = 0, n = 0; SSL_read_ex(peer->session(), some.data(), some.size(), &n) == 1; got += n)
    if (got > 4u << 20) break;
  const auto head = wire::encode_header(wire::mini_header{101, 0});
  CHECK(peer->try_write(head) == head.size());
  CHECK(wait_until([&] { return end.wire.closed(); }));
  settle();
  CHECK(end.received.size() == 1);
}

} // namespace saffron
