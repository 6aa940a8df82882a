// SPDX-License-Identifier: BSD-3-Clause
// accept_loop [PORT]: accepts on the loopback, closes, and again. The most connects per second that Asio and this
// machine can do; bench/run gives the connects of SPICE servers as a part of it. Prints the port; ends with its
// standard input.
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

using asio::ip::tcp;

void accept_next(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](asio::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    asio::error_code ignored;
    socket.close(ignored);
    accept_next(acceptor);
  });
}

} // namespace

int main(int argc, char** argv) {
  constexpr int backlog = 4096;
  asio::io_context io{1};
  const auto port = static_cast<asio::ip::port_type>(argc > 1 ? std::atoi(argv[1]) : 0);
  tcp::acceptor acceptor{io};
  asio::error_code error;
  const tcp::endpoint here{asio::ip::address_v4::loopback(), port};
  acceptor.open(here.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address{true});
  acceptor.bind(here, error);
  if (!error) acceptor.listen(backlog, error);
  if (error) {
    std::fprintf(stderr, "accept_loop: %s\n", error.message().c_str());
    return 1;
  }
  std::printf("%d\n", int{acceptor.local_endpoint().port()});
  std::fflush(stdout);

  asio::posix::stream_descriptor input{io, dup(STDIN_FILENO)};
  std::array<char, 64> unread{};
  const auto watch = [&](auto&& self) -> void {
    input.async_read_some(asio::buffer(unread), [&, self](asio::error_code e, std::size_t) {
      if (e) return acceptor.close(), void();
      self(self);
    });
  };
  watch(watch);
  accept_next(acceptor);
  io.run();
  return 0;
}
