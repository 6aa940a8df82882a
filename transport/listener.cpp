// SPDX-License-Identifier: BSD-3-Clause
#include "transport/listener.hpp"

#include "messages/log.hpp"
#include "transport/listen_socket.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace saffron::transport {

namespace {

using problem = tl::unexpected<std::string>;

// Accepts per readiness event: enough to empty a burst, few enough to leave the loop to others.
constexpr int accepts_at_once = 64;
// After a failed accept (out of descriptors), a breath: the socket stays readable and would spin.
constexpr auto accept_retry = std::chrono::milliseconds{100};

std::uint16_t bound_port(int fd) {
  asio::ip::tcp::endpoint at;
  auto size = static_cast<socklen_t>(at.capacity());
  const bool known = ::getsockname(fd, at.data(), &size) == 0;
  return known && (at.data()->sa_family == AF_INET || at.data()->sa_family == AF_INET6) ? at.port() : 0;
}

} // namespace

struct listeners::shared : std::enable_shared_from_this<shared> {
  shared(link_environment& e, admission::limits l) : environment(e), admitted(l), home(e.all_loops.at(0)) {}

  link_environment& environment;
  admission admitted;
  loop& home;
  std::size_t next_loop = 0;
  std::unordered_map<admission::link_number, link_cutter> cutters;

  void begin(int descriptor, std::uint32_t number, tls_context tls) {
    environment.counted.connections_accepted.add();
    prepare_client_socket(descriptor);
    const auto cuts_before = admitted.cut_count();
    // The number is known only after begin(); the cutter is looked up by it when it is needed.
    auto link = std::make_shared<admission::link_number>(0);
    *link = admitted.begin(admission::clock::now(), peer_name(descriptor, false), [this, link] { cut(*link); });
    environment.counted.connections_refused.add(admitted.cut_count() - cuts_before);
    incoming i;
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size);
    i.family = own.ss_family;
    i.descriptor = descriptor;
    i.listener = number;
    i.tls = std::move(tls);
    i.spoke = on_home([n = *link](shared& s) { s.admitted.spoke(n); });
    i.ended = on_home([n = *link](shared& s) {
      s.admitted.end(n);
      s.cutters.erase(n);
    });
    auto& target = environment.all_loops.at(next_loop++ % environment.all_loops.count());
    cutters.emplace(*link, start_link(environment, target, std::move(i)));
  }

  void cut(admission::link_number n) {
    if (const auto found = cutters.find(n); found != cutters.end()) found->second();
  }

  // A callback for the link's loop that does its work on ours.
  template <class F>
  std::function<void()> on_home(F f) {
    return [weak = weak_from_this(), &io = home.io(), f] {
      if (weak.expired()) return; // and with it, perhaps, its loop
      asio::post(io, [weak, f] {
        if (const auto self = weak.lock()) f(*self);
      });
    };
  }
};

struct listeners::acceptor : std::enable_shared_from_this<acceptor> {
  acceptor(std::shared_ptr<shared> s, listener_settings l, int fd)
      : common(std::move(s)), settings(std::move(l)), descriptor(common->home.io(), fd), pause(common->home.io()) {}
  ~acceptor() { unlink_path(); }

  std::shared_ptr<shared> common;
  listener_settings settings;
  asio::posix::stream_descriptor descriptor;
  asio::steady_timer pause;
  bool owns_path = true;

  void unlink_path() {
    const auto& a = settings.where;
    if (owns_path && a.kind == address::family::unix_path) ::unlink(a.name.c_str());
    owns_path = false;
  }

  void wait() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](std::error_code failed) {
                            if (!failed) self->accept();
                          });
  }

  void accept() {
    if (!descriptor.is_open()) return; // closed, while this was on its way
    for (int i = 0; i < accepts_at_once; ++i) {
      if (const auto delay = common->admitted.wait(admission::clock::now()); delay > admission::clock::duration::zero())
        return wait_for(delay);
      const int fd = ::accept4(descriptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        if (errno == ECONNABORTED || errno == EINTR) continue;
        log::error("{} cannot accept: {}", to_string(settings.where), std::strerror(errno));
        return wait_for(accept_retry);
      }
      common->begin(fd, settings.number, settings.tls != nullptr ? settings.tls->current() : nullptr);
    }
    wait();
  }

  void wait_for(std::chrono::steady_clock::duration delay) {
    pause.expires_after(delay);
    pause.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (!cancelled) self->accept();
    });
  }
};

listeners::listeners(link_environment& environment, admission::limits limits)
    : shared_(std::make_shared<shared>(environment, limits)) {}

listeners::~listeners() { close(); }

tl::expected<std::uint16_t, std::string> listeners::open(const listener_settings& settings) {
  const auto fd = listen_on(settings.where, {});
  if (!fd) return problem{fd.error()};
  const auto port = bound_port(*fd);
  auto bound = settings;
  bound.where.port = port; // for log lines
  acceptors_.push_back(std::make_shared<acceptor>(shared_, std::move(bound), *fd));
  acceptors_.back()->wait();
  return port;
}

void listeners::adopt(int descriptor, std::uint32_t number, tls_context tls) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  shared_->begin(descriptor, number, std::move(tls));
}

void listeners::close() {
  for (const auto& a : acceptors_) {
    std::error_code ignored;
    a->descriptor.close(ignored);
    a->pause.cancel();
    a->unlink_path();
  }
  acceptors_.clear();
  for (const auto& [number, cut] : shared_->cutters) cut();
}

std::size_t listeners::half_open() const { return shared_->admitted.half_open(); }

} // namespace saffron::transport
