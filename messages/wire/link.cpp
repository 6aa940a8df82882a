// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/link.hpp"

namespace saffron::wire {

static_assert(wire_size<link_header>() == link_header::wire_size);

namespace {

std::uint32_t word_count(const capability_set& set) noexcept { return static_cast<std::uint32_t>(set.words().size()); }

void write_capabilities(writer& w, const capability_set& common, const capability_set& channel, std::size_t offset) {
  w.u32(word_count(common)).u32(word_count(channel)).u32(static_cast<std::uint32_t>(offset));
  write_elements(w, common.words());
  write_elements(w, channel.words());
}

/// Bad when there are too many words or they do not fit between `fixed_size` and the end of the body.
void read_capabilities(reader& r, capability_set& common, capability_set& channel, std::size_t fixed_size) {
  const auto common_words = r.u32();
  const auto channel_words = r.u32();
  const auto offset = r.u32();
  if (common_words > capability_word_limit || channel_words > capability_word_limit) r.spoil();
  if (common_words + channel_words == 0) return; // the offset means nothing then, and is not looked at
  if (offset < fixed_size) r.spoil();
  auto there = r.at(offset);
  const auto read_set = [&there](capability_set& set, std::uint32_t words) {
    std::vector<std::uint32_t> read_words;
    read_elements(there, read_words, words);
    set = capability_set{std::move(read_words)};
  };
  read_set(common, common_words);
  read_set(channel, channel_words);
  if (!there.ok()) r.spoil();
}

template <class M>
std::vector<std::byte> with_header(const M& m) {
  const auto body = encode(m);
  writer w;
  write(w, link_header{.size = static_cast<std::uint32_t>(body.size())});
  return w.bytes(body).release();
}

} // namespace

link_error check_link_header(const link_header& header) noexcept {
  if (header.magic != link_magic) return link_error::invalid_magic;
  if (header.major != link_major) return link_error::version_mismatch;
  if (header.size < link_message_size || header.size > link_message_limit) return link_error::invalid_data;
  return link_error::ok;
}

void write(writer& w, const link_message& m) {
  w.u32(m.connection_id).put(m.channel_type).u8(m.channel_id);
  write_capabilities(w, m.common_capabilities, m.channel_capabilities, link_message_size);
}

tl::expected<link_message, link_error> parse_link_message(std::span<const std::byte> body) {
  if (body.size() > link_message_limit) return tl::unexpected{link_error::invalid_data};
  link_message m;
  reader r{body};
  m.connection_id = r.u32();
  m.channel_type = r.get<wire::channel_type>();
  m.channel_id = r.u8();
  read_capabilities(r, m.common_capabilities, m.channel_capabilities, link_message_size);
  if (!r.ok()) return tl::unexpected{link_error::invalid_data};
  return m;
}

std::vector<std::byte> link_request(const link_message& m) { return with_header(m); }

void write(writer& w, const link_reply& m) {
  w.put(m.error).bytes(m.public_key);
  write_capabilities(w, m.common_capabilities, m.channel_capabilities, link_reply_size);
}

void read(reader& r, link_reply& m) {
  m.error = r.get<link_error>();
  read(r, m.public_key);
  read_capabilities(r, m.common_capabilities, m.channel_capabilities, link_reply_size);
}

std::vector<std::byte> error_reply(link_error error) {
  writer w;
  write(w, link_header{.size = link_reply_size});
  w.put(error);
  auto reply = w.release();
  reply.resize(link_header::wire_size + link_reply_size);
  return reply;
}

std::vector<std::byte> ok_reply(std::span<const std::byte, public_key_size> public_key, const capability_set& common,
                                const capability_set& channel) {
  link_reply m{.common_capabilities = common, .channel_capabilities = channel};
  std::copy(public_key.begin(), public_key.end(), m.public_key.begin());
  return with_header(m);
}

} // namespace saffron::wire
