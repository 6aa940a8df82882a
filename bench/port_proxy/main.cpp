// SPDX-License-Identifier: BSD-3-Clause
// port_proxy PORT PATH [PORT PATH]...: whoever connects to a port of the loopback is connected to its unix socket, and
// bytes go both ways until one side ends. This is what Asio and this machine can do when nobody looks at the bytes:
// two loops of async_read_some and async_write with buffers of 64 KiB, all on one thread. bench/run gives the
// throughput of a server's ports as a part of it. Ends with its standard input.
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/write.hpp>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace {

using asio::ip::tcp;
using unix_stream = asio::local::stream_protocol;

constexpr std::size_t buffer_size = 64 * 1024;

struct pair : std::enable_shared_from_this<pair> {
  pair(tcp::socket c, asio::io_context& io) : client(std::move(c)), guest(io) {}

  void start(const std::string& path) {
    asio::error_code ignored;
    client.set_option(tcp::no_delay{true}, ignored);
    guest.async_connect(unix_stream::endpoint{path}, [self = shared_from_this()](asio::error_code error) {
      if (error) return self->close();
      self->pass(self->client, self->guest, self->up);
      self->pass(self->guest, self->client, self->down);
    });
  }

  template <class From, class To>
  void pass(From& from, To& to, std::array<char, buffer_size>& buffer) {
    from.async_read_some(asio::buffer(buffer), [&, self = shared_from_this()](asio::error_code error, std::size_t n) {
      if (error) return close();
      asio::async_write(to, asio::buffer(buffer.data(), n), [&, self](asio::error_code failed, std::size_t) {
        if (failed) return close();
        pass(from, to, buffer);
      });
    });
  }

  void close() {
    asio::error_code ignored;
    client.close(ignored);
    guest.close(ignored);
  }

  tcp::socket client;
  unix_stream::socket guest;
  std::array<char, buffer_size> up{}, down{};
};

struct entrance {
  tcp::acceptor acceptor;
  std::string path;
};

void accept_next(entrance& at, asio::io_context& io) {
  at.acceptor.async_accept([&](asio::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) std::make_shared<pair>(std::move(socket), io)->start(at.path);
    accept_next(at, io);
  });
}

} // namespace

int main(int argc, char** argv) try {
  asio::io_context io{1};
  std::deque<entrance> entrances;
  for (int i = 1; i + 1 < argc; i += 2) {
    const auto port = static_cast<asio::ip::port_type>(std::atoi(argv[i]));
    entrances.push_back({tcp::acceptor{io, {asio::ip::address_v4::loopback(), port}}, argv[i + 1]});
    accept_next(entrances.back(), io);
  }
  asio::posix::stream_descriptor input{io, dup(STDIN_FILENO)};
  std::array<char, 64> unread{};
  const auto watch = [&](auto&& self) -> void {
    input.async_read_some(asio::buffer(unread), [&, self](asio::error_code error, std::size_t) {
      if (error) return io.stop();
      self(self);
    });
  };
  watch(watch);
  io.run();
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "port_proxy: %s\n", e.what());
  return 1;
}
