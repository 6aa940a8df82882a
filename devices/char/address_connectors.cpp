// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/address_connectors.hpp"

#include "messages/log.hpp"
#include "transport/listen_socket.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

namespace saffron::devices {

namespace {

using transport::address;
using wait_type = asio::posix::descriptor_base::wait_type;

/// QEMU dials once; whoever else waits is not wanted.
constexpr int backlog = 1;

void prepare(int fd, const address& where) {
  const int on = 1;
  if (where.kind == address::family::tcp) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// What both have in common: an owner, a descriptor to wait for, and completions that are stale after cancel().
class address_connector : public connector {
public:
  explicit address_connector(address where) : where_(std::move(where)) {}
  ~address_connector() override { close(); }
  address_connector(const address_connector&) = delete;
  address_connector& operator=(const address_connector&) = delete;

  void start(transport::activation& actor, connector_owner& owner) override {
    actor_ = &actor;
    owner_ = &owner;
  }
  void cancel() override {
    alive_.reset();
    close();
  }
  void stop() override {
    cancel();
    actor_ = nullptr;
    owner_ = nullptr;
  }

protected:
  [[nodiscard]] const address& where() const noexcept { return where_; }
  [[nodiscard]] int descriptor() { return descriptor_->native_handle(); }
  [[nodiscard]] bool is_open() const { return descriptor_.has_value(); }

  bool open(unique_fd fd) {
    asio::error_code error;
    descriptor_.emplace(actor_->home().io());
    descriptor_->assign(fd.get(), error);
    if (error) {
      descriptor_.reset();
      return false;
    }
    static_cast<void>(fd.release());
    return true;
  }
  unique_fd release() {
    unique_fd fd{descriptor_->release()};
    descriptor_.reset();
    return fd;
  }
  virtual void close() {
    if (!descriptor_) return;
    asio::error_code ignored;
    descriptor_->close(ignored);
    descriptor_.reset();
  }

  /// `f` runs in the activation, unless cancel() comes first.
  template <class F>
  auto completion(F f) {
    if (!alive_) alive_ = std::make_shared<bool>(true);
    return transport::completion(*actor_, [alive = std::weak_ptr{alive_}, f](auto... results) {
      if (!alive.expired()) f(results...);
    });
  }
  template <class F>
  void wait(wait_type what, F f) {
    descriptor_->async_wait(what, completion([f](asio::error_code error) {
                              if (!error) f();
                            }));
  }
  void answer(result<unique_fd> socket) { owner_->on_socket(std::move(socket)); }
  void answer_later(errc error) {
    asio::post(actor_->home().io(), completion([this, error] { answer(fail{error}); }));
  }

private:
  address where_;
  transport::activation* actor_ = nullptr;
  connector_owner* owner_ = nullptr;
  std::optional<asio::posix::stream_descriptor> descriptor_;
  std::shared_ptr<bool> alive_;
};

// -- dialling ---------------------------------------------------------------------------------------------------------

class dialler final : public address_connector {
public:
  using address_connector::address_connector;

  void connect() override {
    if (where().kind == address::family::tcp)
      dial(transport::tcp_endpoint(where()));
    else
      dial(transport::unix_endpoint(where()));
  }

private:
  void dial(const auto& to) {
    unique_fd fd{::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fd) return answer_later(errc::socket_failed);
    prepare(fd.get(), where());
    // A unix socket connects at once or not at all.
    if (::connect(fd.get(), to.data(), static_cast<socklen_t>(to.size())) != 0 && errno != EINPROGRESS)
      return answer_later(errc::socket_failed);
    if (!open(std::move(fd))) return answer_later(errc::socket_failed);
    wait(wait_type::wait_write, [this] { dialled(); });
  }
  void dialled() {
    int error = 0;
    socklen_t size = sizeof error;
    auto fd = release();
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
      answer(fail{errc::socket_failed});
    else
      answer(std::move(fd));
  }
};

// -- listening --------------------------------------------------------------------------------------------------------

class listener final : public address_connector {
public:
  using address_connector::address_connector;
  ~listener() override { unlink_path(); }

  void connect() override {
    if (!is_open() && !listen()) return answer_later(errc::socket_failed);
    wait(wait_type::wait_read, [this] { accept(); });
  }

private:
  bool listen() {
    auto fd = transport::listen_on(where(), {backlog, true});
    if (!fd) {
      if (std::exchange(problem_, fd.error()) != fd.error())
        log::warning("char device cannot listen on {}", fd.error());
      return false;
    }
    problem_.clear();
    owns_path_ = where().kind == address::family::unix_path;
    return open(unique_fd{*fd});
  }
  void accept() {
    unique_fd fd{::accept4(descriptor(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (fd) {
      prepare(fd.get(), where());
      answer(std::move(fd));
    } else if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) { // whoever it was has gone again
      wait(wait_type::wait_read, [this] { accept(); });
    } else {
      answer(fail{errc::socket_failed}); // out of descriptors: the owner waits before it tries again
    }
  }
  void close() override {
    address_connector::close();
    unlink_path();
  }
  void unlink_path() {
    if (std::exchange(owns_path_, false)) ::unlink(where().name.c_str());
  }

  std::string problem_;
  bool owns_path_ = false;
};

} // namespace

std::unique_ptr<connector> make_dialler(address where) { return std::make_unique<dialler>(std::move(where)); }

std::unique_ptr<connector> make_listener(address where) { return std::make_unique<listener>(std::move(where)); }

} // namespace saffron::devices
