// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/agent_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace saffron::devices::demo {

using wire::agent::message_type;

namespace {
/// The value of `key=` in the client's key file (GKeyFile), whose only group is [vdagent-file-xfer].
std::optional<std::string_view> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
      return line.substr(key.size() + 1);
  }
  return {};
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}
} // namespace

result<void> agent_files::start(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto id = r.u32();
  std::string text;
  wire::read_text(r, text, r.left());
  const auto name = value_of(text, "name");
  const auto size = number_of(value_of(text, "size").value_or(""));
  if (!r.ok()) return fail{errc::bad_message};
  if (!name || !size || transfers_.contains(id)) {
    refuse(id, name.value_or(""), file_status::error);
    return fail{errc::bad_message};
  }
  if (*size > limits_.file_size) {
    refuse(id, *name, file_status::not_enough_space);
    return {};
  }
  if (transfers_.size() >= limits_.transfers) {
    refuse(id, *name, file_status::error);
    return {};
  }
  transfer t;
  t.file.name = *name;
  t.file.size = *size;
  t.digest.reset(EVP_MD_CTX_new());
  if (!t.digest || EVP_DigestInit_ex(t.digest.get(), EVP_sha256(), nullptr) != 1) {
    refuse(id, *name, file_status::error);
    return {};
  }
  transfers_.emplace(id, std::move(t));
  send_status(id, file_status::can_send_data);
  return {};
}

result<void> agent_files::data(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto id = r.u32();
  const auto bytes = r.take(r.u64());
  if (!r.ok()) return fail{errc::bad_message};
  const auto at = transfers_.find(id);
  if (at == transfers_.end()) return {}; // it was refused or cancelled while this was on its way
  auto& t = at->second;
  if (bytes.size() > t.file.size - t.size || EVP_DigestUpdate(t.digest.get(), bytes.data(), bytes.size()) != 1) {
    send_status(id, file_status::error);
    drop(at, file_status::error);
    return fail{errc::bad_message};
  }
  t.size += bytes.size();
  keep(t, bytes);
  if (t.size == t.file.size) finish(at);
  return {};
}

result<void> agent_files::status(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto id = r.u32();
  const auto status = r.get<file_status>();
  if (!r.ok()) return fail{errc::bad_message};
  const auto at = transfers_.find(id);
  if (at != transfers_.end() && status != file_status::can_send_data) drop(at, status);
  return {};
}

void agent_files::drop_all() {
  while (!transfers_.empty()) drop(transfers_.begin(), file_status::cancelled);
}

void agent_files::keep(transfer& t, std::span<const std::byte> bytes) {
  if (!t.kept) return;
  auto& contents = t.file.contents;
  if (bytes.size() <= limits_.memory - memory_) {
    contents.insert(contents.end(), bytes.begin(), bytes.end());
    memory_ += bytes.size();
    return;
  }
  memory_ -= contents.size();
  contents = {};
  t.kept = false;
}

void agent_files::finish(transfers::iterator at) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  auto& [id, t] = *at;
  if (EVP_DigestFinal_ex(t.digest.get(), digest.data(), &size) != 1) {
    send_status(id, file_status::error);
    return drop(at, file_status::error);
  }
  t.file.sha256 = hexadecimal(std::span{digest}.first(size));
  memory_ -= t.file.contents.size();
  send_status(id, file_status::success);
  const auto node = transfers_.extract(at);
  observer_.file_received(std::move(node.mapped().file));
}

void agent_files::drop(transfers::iterator at, file_status why) {
  memory_ -= at->second.file.contents.size();
  const auto node = transfers_.extract(at);
  observer_.file_dropped(node.mapped().file.name, why);
}

void agent_files::refuse(std::uint32_t id, std::string_view name, file_status why) {
  send_status(id, why);
  observer_.file_dropped(name, why);
}

void agent_files::send_status(std::uint32_t id, file_status status) {
  wire::writer w;
  w.u32(id).put(status);
  if (detailed_ && status == file_status::not_enough_space) w.u64(limits_.file_size); // what is free
  out_.send(message_type::file_xfer_status, w.view());
}

} // namespace saffron::devices::demo
