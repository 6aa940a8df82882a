// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/control.hpp"

#include "actors/host/status.hpp"
#include "messages/defaults.hpp"
#include "messages/log.hpp"

#include <asio/buffer.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <map>
#include <memory>
#include <utility>

namespace saffron::host {

namespace {

using protocol = asio::local::stream_protocol;
using namespace std::chrono_literals;

constexpr auto clock_interval = 1s;
/// Shorter than control_timeout, so that the peer is told.
constexpr auto registry_timeout = 3s;

std::string error_json(std::string_view text) { return nlohmann::ordered_json{{"error", text}}.dump() + "\n"; }

std::string reload_json(const std::vector<std::string>& problems) {
  const nlohmann::ordered_json document{{"reloaded", problems.empty()}, {"problems", problems}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

struct session {
  explicit session(protocol::socket s, caf::actor_clock::time_point now) : socket(std::move(s)), since(now) {}
  protocol::socket socket;
  caf::actor_clock::time_point since;
  std::string request, reply;
};

class control final : public transport::pinned_actor<control_actor> {
public:
  control(caf::actor_config& config, transport::loop& home, control_socket socket, control_sources sources)
      : pinned_actor(config, home), socket_(std::move(socket)), sources_(std::move(sources)), acceptor_(home.io()) {}

  const char* name() const override { return "control"; }

  void on_exit() override {
    std::error_code ignored;
    acceptor_.close(ignored);
    for (auto& [id, s] : sessions_) s->socket.close(ignored); // pending completions hold us until their sockets close
    sessions_.clear();
    socket_ = {};
    sources_ = {};
  }

protected:
  behavior_type make_behavior() override {
    acceptor_.assign(protocol{}, socket_.release());
    accept();
    return {
        [this](tick) { on_tick(); },
        [this](shut_down) { quit(caf::exit_reason::user_shutdown); },
    };
  }

private:
  using session_ptr = std::shared_ptr<session>;

  // -- sessions -------------------------------------------------------------------------------------------------------

  void accept() {
    if (accepting_ || sessions_.size() >= control_clients) return;
    accepting_ = true;
    acceptor_.async_accept(transport::completion(*this, [this](std::error_code error, protocol::socket& peer) {
      accepting_ = false;
      arm();
      if (error) // out of descriptors: the next tick tries again
        return log::warning("control socket {} cannot accept: {}", socket_.path().string(), error.message());
      start(std::move(peer));
      accept();
    }));
  }

  void start(protocol::socket peer) {
    const auto id = ++last_session_;
    const auto s = std::make_shared<session>(std::move(peer), clock().now());
    sessions_.emplace(id, s);
    asio::async_read_until(s->socket, asio::dynamic_buffer(s->request, control_request_limit), '\n',
                           transport::completion(*this, [this, id, s](std::error_code error, std::size_t length) {
                             if (!error)
                               answer(id, std::string_view{s->request}.substr(0, length - 1));
                             else if (error == asio::error::not_found)
                               reply(id, error_json("the request is too long"));
                             else
                               end(id);
                           }));
  }

  void answer(std::uint64_t id, std::string_view asked) {
    if (asked == "status")
      answer_status(id);
    else if (asked == "version")
      reply(id, nlohmann::ordered_json{{"version", SAFFRON_VERSION}}.dump() + "\n");
    else if (asked == "reload")
      reply(id, sources_.reload ? reload_json(sources_.reload()) : error_json("nothing to reload"));
    else
      reply(id, error_json("the request is not one of status, version, reload"));
  }

  void answer_status(std::uint64_t id) {
    request(sources_.registry, registry_timeout, status_query{})
        .then([this, id](host_status& host) { reply(id, status_json(report(std::move(host)))); },
              [this, id](caf::error& reason) {
                log::warning("control asked the registry for its status in vain: {}", to_text(system(), reason));
                reply(id, error_json("the registry did not answer"));
              });
  }

  [[nodiscard]] status_report report(host_status host) const {
    const auto up = std::chrono::steady_clock::now() - sources_.started;
    return {SAFFRON_VERSION,
            static_cast<std::uint64_t>(::getpid()),
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(up).count()),
            log::dropped(),
            std::move(host),
            sources_.tally ? values_of(*sources_.tally) : values_of(counters{})};
  }

  void reply(std::uint64_t id, std::string text) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    const auto s = found->second;
    s->reply = std::move(text);
    asio::async_write(s->socket, asio::buffer(s->reply),
                      transport::completion(*this, [this, id, s](std::error_code, std::size_t) { end(id); }));
  }

  void end(std::uint64_t id) {
    if (const auto found = sessions_.find(id); found != sessions_.end()) {
      std::error_code ignored;
      found->second->socket.close(ignored); // a completion may still hold the session
      sessions_.erase(found);
    }
    accept();
  }

  // -- time -----------------------------------------------------------------------------------------------------------

  /// A tick comes only while somebody is there.
  void arm() {
    if (std::exchange(armed_, true)) return;
    delayed_send(control_actor{this}, clock_interval, tick{});
  }

  void on_tick() {
    armed_ = false;
    std::vector<std::uint64_t> late;
    for (const auto& [id, s] : sessions_)
      if (clock().now() - s->since >= control_timeout) late.push_back(id);
    for (const auto id : late) end(id);
    accept();
    if (!sessions_.empty()) arm();
  }

  control_socket socket_;
  control_sources sources_;
  protocol::acceptor acceptor_;
  std::map<std::uint64_t, session_ptr> sessions_;
  std::uint64_t last_session_ = 0;
  bool accepting_ = false, armed_ = false;
};

} // namespace

control_actor spawn_control(transport::loop& home, control_socket socket, control_sources sources) {
  return home.system().spawn<control>(home, std::move(socket), std::move(sources));
}

} // namespace saffron::host
