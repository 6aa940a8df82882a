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

// A refused peer gets so long, and so many bytes, to read its last words and close.
constexpr auto linger_time = std::chrono::milliseconds{500};
constexpr std::size_t linger_bytes = 64 * 1024;

// Ends a link: a reply to the peer, if it is to get one, and a sentence for the log.
struct refusal {
  std::vector<std::byte> reply;
  std::string why;
};

// One link, alive as long as its coroutine or something that may cut it. What is not trivial to copy lives here and not
// among the temporaries of a co_await, which GCC 12 moves bit by bit into the coroutine's frame.
struct link {
  link(link_environment& e, loop& l, incoming i)
      : environment(e), home(l), from(std::move(i)), peer(peer_name(from.descriptor)), deadline(l.io()) {}
  ~link() {
    from.ended(); // here, so that no way to end is forgotten
    if (from.descriptor >= 0) ::close(from.descriptor);
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

  wire::link_message message;
  std::vector<std::byte> buffer;
  ticket_key_ptr key;
  authorize question;
  link_verdict verdict;

  void close() {
    if (stream && !settled) stream->close();
  }
};
using link_ptr = std::shared_ptr<link>;

void close_after(const link_ptr& l, std::chrono::steady_clock::duration time, bool is_deadline) {
  l->deadline.expires_after(time);
  l->deadline.async_wait([weak = std::weak_ptr{l}, is_deadline](std::error_code cancelled) {
    const auto self = weak.lock();
    if (cancelled || self == nullptr) return;
    if (is_deadline) self->timed_out = true;
    self->close();
  });
}

template <class S>
awaitable<void> receive(link& l, S& s, std::size_t size) {
  l.buffer.resize(size);
  co_await asio::async_read(s, asio::buffer(l.buffer), use_awaitable);
}

// Closing at once would discard a reply the peer has not read when bytes of its own are still on the way to us.
template <class S>
awaitable<void> say_last_words(link& l, S& s) {
  try {
    co_await asio::async_write(s, asio::buffer(l.buffer), use_awaitable);
    std::error_code ignored;
    l.stream->lowest().shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<std::byte, 4096> trash{};
    for (std::size_t n = 0; n < linger_bytes;) n += co_await s.async_read_some(asio::buffer(trash), use_awaitable);
  } catch (const std::system_error&) {
    // the peer has closed, as it should
  }
}

std::vector<std::byte> result_bytes(link_error error) { return wire::encode(wire::link_result{error}); }

template <class S>
awaitable<void> read_message(link& l, S& s) {
  // The magic alone comes first: a client of another protocol waits for us to speak after less than a whole header.
  std::array<std::byte, wire::link_header::wire_size> head{};
  co_await asio::async_read(s, asio::buffer(head.data(), 4), use_awaitable);
  wire::reader magic{head};
  if (magic.u32() != wire::link_magic)
    throw refusal{wire::error_reply(link_error::invalid_magic), "its first bytes are not the SPICE magic"};
  co_await asio::async_read(s, asio::buffer(head.data() + 4, head.size() - 4), use_awaitable);
  wire::link_header header;
  wire::reader r{head};
  read(r, header);
  if (header.major == 0) throw refusal{{}, "it speaks version 0"};
  if (const auto error = wire::check_link_header(header); error == link_error::version_mismatch)
    throw refusal{wire::error_reply(error), fmt::format("it speaks version {}", header.major)};
  else if (error != link_error::ok)
    throw refusal{wire::error_reply(error), fmt::format("its link message has {} bytes", header.size)};
  l.from.spoke();
  co_await receive(l, s, header.size);
  auto message = wire::parse_link_message(l.buffer);
  if (!message) throw refusal{wire::error_reply(message.error()), "its link message is malformed"};
  l.message = std::move(*message);
}

const channel_offer& find_offer(const link& l) {
  const auto type = static_cast<std::uint8_t>(l.message.channel_type);
  const auto& offers = l.environment.offers;
  const auto offer = std::find_if(offers.begin(), offers.end(), [type](const auto& o) { return o.type == type; });
  if (offer == offers.end()) throw refusal{{}, fmt::format("there are no channels of type {}", type)};
  const bool secured = l.stream->secured();
  if (secured ? !offer->tls_allowed : !offer->plain_allowed)
    throw refusal{wire::error_reply(secured ? link_error::need_unsecured : link_error::need_secured),
                  fmt::format("channels of type {} are not allowed {} TLS", type, secured ? "with" : "without")};
  return *offer;
}

template <class S>
awaitable<void> read_ticket(link& l, S& s) {
  if (l.message.common_capabilities.has(wire::common_capability::auth_selection)) {
    co_await receive(l, s, sizeof(std::uint32_t));
    wire::reader r{l.buffer};
    if (const auto mechanism = r.u32(); mechanism != static_cast<std::uint32_t>(wire::auth_mechanism::spice))
      throw refusal{wire::error_reply(link_error::invalid_data),
                    fmt::format("it chose authentication {}, which is not offered", mechanism)};
  }
  co_await receive(l, s, ticket_key::ticket_size);
  auto password = l.key->decrypt(std::span<const std::byte, ticket_key::ticket_size>{l.buffer});
  if (!password) {
    l.environment.counted.tickets_refused.add();
    throw refusal{result_bytes(link_error::permission_denied), "its ticket does not decrypt"};
  }
  l.question.password = std::move(*password);
}

// Resumes with the verdict in l. The initiation captures plain references only.
awaitable<void> ask(link& l) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [&l](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        l.environment.door.authorize(l.question, [resume, &l](link_verdict verdict) {
          // The coroutine waits for this alone, so the link is there.
          asio::post(l.home.io(), [resume, &l, verdict = std::move(verdict)]() mutable {
            l.verdict = std::move(verdict);
            (*resume)();
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
  co_await read_message(l, s);
  const auto& offer = find_offer(l);
  l.key = l.environment.keys[l.home.number()].next();
  const wire::capability_set common{wire::common_capability::auth_selection, wire::common_capability::auth_spice,
                                    wire::common_capability::mini_header};
  l.buffer = wire::ok_reply(l.key->public_key(), common, offer.capabilities);
  co_await asio::async_write(s, asio::buffer(l.buffer), use_awaitable);
  co_await read_ticket(l, s);

  l.question.listener = l.from.listener;
  l.question.connection_id = l.message.connection_id;
  l.question.channel = {static_cast<std::uint8_t>(l.message.channel_type), l.message.channel_id};
  l.question.secured = l.stream->secured();
  l.question.peer = l.peer;
  l.deadline.cancel();
  l.settled = true;
  co_await ask(l);
  if (l.verdict.error != errc::none) {
    l.settled = false;
    if (l.verdict.error == errc::permission_denied) l.environment.counted.tickets_refused.add();
    throw refusal{result_bytes(wire_error(l.verdict.error)), std::string{to_string(l.verdict.error)}};
  }
}

void hand_over(link& l) {
  const bool secured = l.stream->secured();
  auto accepted = std::make_shared<accepted_link>(l.stream->release(), std::move(l.message), secured, l.peer);
  l.environment.counted.links_completed.add();
  caf::anon_send(l.verdict.receiver, linked{std::move(accepted), l.verdict.client, l.verdict.loop});
}

template <class S>
awaitable<void> run(link_ptr l, S& s) {
  std::optional<refusal> refused;
  try {
    if constexpr (std::is_same_v<S, tls_stream>)
      co_await s.async_handshake(asio::ssl::stream_base::server, use_awaitable);
    co_await negotiate(*l, s);
    hand_over(*l);
    co_return;
  } catch (refusal& r) {
    refused = std::move(r);
  } catch (const std::system_error& e) {
    if (l->timed_out)
      log::warning("link from {} timed out", l->peer);
    else if (l->was_cut)
      log::debug("link from {} gave way to newer ones", l->peer);
    else
      log::info("link from {} broke off: {}", l->peer, e.code().message());
  }
  l->environment.counted.links_failed.add();
  if (!refused) co_return;
  log::warning("link from {} refused: {}", l->peer, refused->why);
  if (refused->reply.empty()) co_return;
  l->buffer = std::move(refused->reply);
  close_after(l, linger_time, false);
  co_await say_last_words(*l, s);
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
  close_after(l, l->environment.timeout, true);
  const auto ended = [l](const std::exception_ptr& thrown) {
    if (thrown) log_exception("link", thrown);
    l->deadline.cancel();
  };
  l->stream->visit([&](auto& s) { asio::co_spawn(l->home.io(), run(l, s), ended); });
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
