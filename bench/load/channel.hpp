// SPDX-License-Identifier: BSD-3-Clause
// A linked connection: messages in and out, and what every channel answers by itself (acknowledgements, pings).
#pragma once

#include "bench/load/framing.hpp"
#include "bench/load/link_client.hpp"
#include "bench/load/worker.hpp"
#include "messages/wire/common.hpp"

namespace saffron::load {

class channel final : public std::enable_shared_from_this<channel> {
public:
  /// Whoever opened it. A channel may be closed inside of any of these, but its listener must outlive the call.
  class listener {
  public:
    virtual void on_linked(channel& c) = 0;
    /// Messages of the channel's own and of the lists and sub-messages they may stand in.
    virtual void on_message(channel& c, const message_view& m) = 0;
    /// The link failed, or the connection ended though nobody here closed it.
    virtual void on_ended(channel& c, bool was_linked, const std::string& why) = 0;

  protected:
    ~listener() = default;
  };

  channel(worker& home, listener& owner, wire::link_message request, std::string ticket);

  void open();
  template <class M>
  void send(const M& message) {
    send(M::type, wire::encode(message));
  }
  /// Stops reading; what is in the buffer waits too.
  void pause() noexcept { paused_ = true; }
  void resume();
  /// Nothing is called back any more.
  void close() noexcept;

  [[nodiscard]] wire::channel_type type() const noexcept { return type_; }
  [[nodiscard]] std::uint8_t id() const noexcept { return id_; }
  [[nodiscard]] const link_outcome& link() const noexcept { return link_; }
  [[nodiscard]] bool linked() const noexcept { return framing_.has_value(); }
  [[nodiscard]] bool usable() const noexcept { return linked() && owner_ != nullptr; }
  /// When the bytes that are being handled were read.
  [[nodiscard]] clock::time_point read_at() const noexcept { return read_at_; }
  /// Bytes read so far, and whether more wait in the socket.
  [[nodiscard]] std::uint64_t bytes_in() const noexcept { return bytes_in_; }
  [[nodiscard]] bool drained() noexcept { return stream_.available() == 0; }
  /// Counts something that the server must not do.
  void violation(const message_view& m, errc what);

private:
  void on_link(link_outcome outcome);
  void read();
  void on_read(asio::error_code error, std::size_t n);
  bool handle_buffered();
  void dispatch(const message_view& m);
  void on_common(const message_view& m);
  void count_for_ack();
  void send(std::uint16_t type, const std::vector<std::byte>& body);
  void flush();
  void ended(const std::string& why);

  worker& home_;
  listener* owner_;
  wire::channel_type type_;
  std::uint8_t id_;
  bool mini_;
  stream stream_;
  link_client linker_;
  link_outcome link_;
  std::optional<framing> framing_;
  clock::time_point read_at_{};
  std::uint64_t bytes_in_ = 0;
  bool paused_ = false;
  bool reading_ = false;

  std::uint32_t ack_window_ = 0; // 0: the server wants none
  std::uint32_t ack_left_ = 0;

  std::vector<std::byte> out_, writing_;
  std::uint64_t sent_ = 0; // messages: the serial of the full header
  bool write_pending_ = false;
  bool corked_ = false; // answers to one read leave in one write
};

} // namespace saffron::load
