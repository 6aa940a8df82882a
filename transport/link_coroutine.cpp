// SPDX-License-Identifier: BSD-3-Clause
#include "messages/log.hpp"
#include "transport/link.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>

namespace saffron::transport {

namespace {

using wire::link_error;
template <class T>
using awaitable = asio::awaitable<T>;
using asio::use_awaitable;

// One link, alive as long as its coroutine or something that may cut it.
struct link : std::enable_shared_from_this<link> {
  link(link_environment& e, loop& l, incoming i)
      : environment(e), home(l), from(std::move(i)), peer(peer_name(from.descriptor)), deadline(l.io()) {}
  ~link() {
    if (from.descriptor >= 0) ::close(from.descriptor);
    from.ended(); // here, so that no way to end is forgotten
  }

  link_environment& environment;
  loop& home;
  incoming from;
  std::string peer;
  asio::steady_timer deadline;
  std::optional<transport::stream> stream;
  bool timed_out = false, was_cut = false;
  /// The ticket has been shown: the registry may count this client already, so the stream must reach it.
  bool settled = false;
  authorize question;
  link_verdict verdict;
  /// Why it is refused.
  std::string why;

  void close() {
    if (stream && !settled) stream->close();
  }
};
using link_ptr = std::shared_ptr<link>;

// Ends a link; link::why says it in the log.
struct refusal {};

// GCC 12 copies temporaries of a co_await expression bit by bit when they are closures or come out of a condition, and
// then frees twice. So nothing here that owns memory is a temporary of such an expression: it has a name, or lies in
// the link.

template <class S>
awaitable<void> send(S& s, const std::vector<std::byte>& bytes) {
  co_await asio::async_write(s, asio::buffer(bytes), use_awaitable);
}

// Closing at once would discard a reply the peer has not read when bytes of its own are still on the way to us.
template <class S>
awaitable<void> linger(link& l, S& s) {
  std::error_code ignored;
  l.stream->lowest().shutdown(asio::socket_base::shutdown_send, ignored);
  l.deadline.expires_after(std::chrono::milliseconds{500});
  l.deadline.async_wait([weak = l.weak_from_this()](std::error_code cancelled) {
    if (const auto self = weak.lock(); self != nullptr && !cancelled) self->close();
  });
  std::array<std::byte, 4096> trash{};
  try {
    for (std::size_t n = 0; n < 64 * 1024;) n += co_await s.async_read_some(asio::buffer(trash), use_awaitable);
  } catch (const std::system_error&) {
    // the peer has closed, as it should
  }
}

// How an error is told: before the ticket as a whole reply, after it in four bytes.
enum class answer : std::uint8_t { reply, result };

template <class S>
awaitable<void> refuse(link& l, S& s, answer how, link_error error) {
  const auto bytes = how == answer::reply ? wire::error_reply(error) : wire::encode(wire::link_result{error});
  co_await send(s, bytes);
  co_await linger(l, s);
  throw refusal{};
}

template <class S>
awaitable<wire::link_message> read_message(link& l, S& s) {
  // The magic alone comes first: a client of another protocol waits for us to speak after less than a whole header.
  std::array<std::byte, wire::link_header::wire_size> head{};
  co_await asio::async_read(s, asio::buffer(head.data(), 4), use_awaitable);
  wire::link_header header;
  wire::reader magic{head};
  if (magic.u32() != wire::link_magic) {
    l.why = "its first bytes are not the SPICE magic";
    co_await refuse(l, s, answer::reply, link_error::invalid_magic);
  }
  co_await asio::async_read(s, asio::buffer(head.data() + 4, head.size() - 4), use_awaitable);
  wire::reader r{head};
  read(r, header);
  if (const auto error = wire::check_link_header(header); error != link_error::ok) {
    const bool old = error == link_error::version_mismatch;
    l.why = old ? fmt::format("it speaks version {}", header.major)
                : fmt::format("its link message has {} bytes", header.size);
    if (old && header.major == 0) throw refusal{};
    co_await refuse(l, s, answer::reply, error);
  }
  l.from.spoke();
  std::vector<std::byte> body(header.size);
  co_await asio::async_read(s, asio::buffer(body), use_awaitable);
  auto message = wire::parse_link_message(body);
  if (!message) {
    l.why = "its link message is malformed";
    co_await refuse(l, s, answer::reply, message.error());
  }
  co_return std::move(*message);
}

template <class S>
awaitable<const channel_offer*> find_offer(link& l, S& s, const wire::link_message& message) {
  const auto type = static_cast<std::uint8_t>(message.channel_type);
  const auto& offers = l.environment.offers;
  const auto offer = std::find_if(offers.begin(), offers.end(), [type](const auto& o) { return o.type == type; });
  if (offer == offers.end()) {
    l.why = fmt::format("there are no channels of type {}", type);
    throw refusal{};
  }
  const bool secured = l.stream->secured();
  if (secured ? !offer->tls_allowed : !offer->plain_allowed) {
    l.why = fmt::format("channels of type {} are not allowed {} TLS", type, secured ? "with" : "without");
    co_await refuse(l, s, answer::reply, secured ? link_error::need_unsecured : link_error::need_secured);
  }
  co_return &*offer;
}

template <class S>
awaitable<void> read_password(link& l, S& s, const wire::link_message& message, ticket_key& key) {
  if (message.common_capabilities.has(wire::common_capability::auth_selection)) {
    std::array<std::byte, 4> chosen{};
    co_await asio::async_read(s, asio::buffer(chosen), use_awaitable);
    wire::reader r{chosen};
    if (const auto mechanism = r.u32(); mechanism != static_cast<std::uint32_t>(wire::auth_mechanism::spice)) {
      l.why = fmt::format("it chose authentication {}, which is not offered", mechanism);
      co_await refuse(l, s, answer::reply, link_error::invalid_data);
    }
  }
  std::array<std::byte, ticket_key::ticket_size> encrypted{};
  co_await asio::async_read(s, asio::buffer(encrypted), use_awaitable);
  auto password = key.decrypt(encrypted);
  if (!password) {
    l.why = "its ticket does not decrypt";
    l.environment.counted.tickets_refused.add();
    co_await refuse(l, s, answer::result, link_error::permission_denied);
  }
  l.question.password = std::move(*password);
}

awaitable<void> ask(link& l) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [&l](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        l.environment.door.authorize(std::move(l.question), [&l, shared](link_verdict verdict) {
          asio::post(l.home.io(), [&l, shared, verdict = std::move(verdict)]() mutable {
            l.verdict = std::move(verdict);
            (*shared)();
          });
        });
      },
      use_awaitable);
}

link_error wire_error(errc e) {
  switch (e) {
  case errc::permission_denied: return link_error::permission_denied;
  case errc::bad_connection_id: return link_error::bad_connection_id;
  case errc::channel_not_available: return link_error::channel_not_available;
  default: return link_error::error;
  }
}

template <class S>
awaitable<void> negotiate(link& l, S& s) {
  auto message = co_await read_message(l, s);
  const auto* offer = co_await find_offer(l, s, message);
  auto key = l.environment.keys[l.home.number()].next();
  const wire::capability_set common{wire::common_capability::auth_selection, wire::common_capability::auth_spice,
                                    wire::common_capability::mini_header};
  const auto reply = wire::ok_reply(key->public_key(), common, offer->capabilities);
  co_await send(s, reply);

  co_await read_password(l, s, message, *key);
  l.question.listener = l.from.listener;
  l.question.connection_id = message.connection_id;
  l.question.channel = {static_cast<std::uint8_t>(message.channel_type), message.channel_id};
  l.question.secured = l.stream->secured();
  l.question.peer = l.peer;
  l.deadline.cancel();
  l.settled = true;
  co_await ask(l);
  if (const auto error = l.verdict.error; error != errc::none) {
    l.settled = false;
    if (error == errc::permission_denied) l.environment.counted.tickets_refused.add();
    l.why = to_string(error);
    co_await refuse(l, s, answer::result, wire_error(error));
  }
  const bool secured = l.stream->secured();
  auto accepted = std::make_shared<accepted_link>(l.stream->release(), std::move(message), secured, l.peer);
  l.environment.counted.links_completed.add();
  caf::anon_send(l.verdict.receiver, linked{std::move(accepted), l.verdict.client, l.verdict.loop});
}

awaitable<void> run(link_ptr l) {
  try {
    if (auto* tls = l->stream->visit([](auto& s) -> tls_stream* {
          if constexpr (std::is_same_v<std::decay_t<decltype(s)>, tls_stream>) return &s;
          return nullptr;
        })) {
      co_await tls->async_handshake(asio::ssl::stream_base::server, use_awaitable);
      co_await negotiate(*l, *tls);
    } else {
      co_await negotiate(*l, l->stream->lowest());
    }
    co_return;
  } catch (const refusal&) {
    log::warning("link from {} refused: {}", l->peer, l->why);
  } catch (const std::system_error& e) {
    if (l->timed_out)
      log::warning("link from {} timed out", l->peer);
    else if (l->was_cut)
      log::debug("link from {} gave way to newer ones", l->peer);
    else
      log::info("link from {} broke off: {}", l->peer, e.code().message());
  }
  l->environment.counted.links_failed.add();
}

void begin(const link_ptr& l) {
  asio::generic::stream_protocol protocol{l->from.family, 0};
  std::error_code failed;
  socket plain{l->home.io()};
  plain.assign(protocol, l->from.descriptor, failed);
  if (failed) {
    log::warning("link from {} cannot be used: {}", l->peer, failed.message());
    l->environment.counted.links_failed.add();
    return;
  }
  l->from.descriptor = -1;
  if (l->from.tls != nullptr)
    l->stream.emplace(std::move(plain), *l->from.tls);
  else
    l->stream.emplace(std::move(plain));
  l->deadline.expires_after(l->environment.timeout);
  l->deadline.async_wait([weak = std::weak_ptr{l}](std::error_code cancelled) {
    if (const auto self = weak.lock(); self != nullptr && !cancelled) {
      self->timed_out = true;
      self->close();
    }
  });
  asio::co_spawn(l->home.io(), run(l), [l](const std::exception_ptr& thrown) {
    if (thrown) log_exception("link", thrown);
    l->deadline.cancel();
  });
}

} // namespace

link_cutter start_link(link_environment& environment, loop& home, incoming from) {
  auto l = std::make_shared<link>(environment, home, std::move(from));
  asio::post(home.io(), [l] { begin(l); });
  return [weak = std::weak_ptr{l}, &home] {
    asio::post(home.io(), [weak] {
      if (const auto self = weak.lock()) {
        self->was_cut = true;
        self->close();
      }
    });
  };
}

} // namespace saffron::transport
