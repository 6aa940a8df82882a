// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/status.hpp"

#include <nlohmann/json.hpp>

namespace saffron {

// The JSON names of a struct's members, once for both directions.
namespace {

using json = nlohmann::ordered_json;

template <class Archive>
void fields(Archive& a, channel_status& s) {
  a("name", s.name)("id", s.id)("bytes_received", s.bytes_received)("bytes_sent", s.bytes_sent)("queued", s.queued)(
      "latency_us", s.latency_us)("secured", s.secured)("codec", s.codec)("codec_reason", s.codec_reason)(
      "link", s.link)("bytes_per_second", s.bytes_per_second)("damage_pixels", s.damage_pixels)(
      "lossy_pixels", s.lossy_pixels)("streams", s.streams)("video", s.video);
}
template <class Archive>
void fields(Archive& a, client_status& s) {
  a("id", s.id)("peer", s.peer)("connected_seconds", s.connected_seconds)("mouse_mode", s.mouse_mode)(
      "bandwidth", s.bandwidth)("channels", s.channels);
}
template <class Archive>
void fields(Archive& a, console_status& s) {
  a("id", s.id)("width", s.width)("height", s.height)("draws", s.draws)("viewers", s.viewers)(
      "damage_pixels", s.damage_pixels)("log_bytes", s.log_bytes)("kept_bytes", s.kept_bytes);
}
template <class Archive>
void fields(Archive& a, char_device_status& s) {
  a("kind", s.kind)("name", s.name)("opened", s.opened)("running", s.running)("clients", s.clients)(
      "write_queue_bytes", s.write_queue_bytes)("send_queue_bytes", s.send_queue_bytes)(
      "bytes_from_guest", s.bytes_from_guest)("bytes_to_guest", s.bytes_to_guest)("clients_removed", s.clients_removed);
}
template <class Archive>
void fields(Archive& a, vm_status& s) {
  a("name", s.name)("state", s.state)("uuid", s.uuid)("consoles", s.consoles)("devices", s.devices)("clients",
                                                                                                    s.clients);
}
template <class Archive>
void fields(Archive& a, host::status_report& s) {
  a("version", s.version)("process", s.process)("uptime_seconds", s.uptime_seconds)(
      "dropped_log_lines", s.dropped_log_lines)("vms", s.host.vms)("counters", s.counters);
}

using counter_list = std::vector<std::pair<std::string, std::uint64_t>>;

struct writer {
  json& out;

  template <class T>
  writer& operator()(const char* name, T& value) {
    put(out[name], value);
    return *this;
  }

private:
  template <class T>
  static void put(json& to, std::vector<T>& values) {
    to = json::array();
    for (auto& value : values) put(to.emplace_back(), value);
  }
  static void put(json& to, counter_list& values) {
    to = json::object();
    for (auto& [name, value] : values) to[name] = value;
  }
  template <class T>
  static void put(json& to, T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      to = value;
    } else {
      to = json::object();
      writer w{to};
      fields(w, value);
    }
  }
};

struct reader {
  const json& in;

  template <class T>
  reader& operator()(const char* name, T& value) {
    if (const auto found = in.find(name); found != in.end()) get(*found, value);
    return *this;
  }

  template <class T>
  static void get(const json& from, std::vector<T>& values) {
    for (const auto& item : from) get(item, values.emplace_back());
  }
  static void get(const json& from, counter_list& values) {
    for (const auto& item : from.items()) values.emplace_back(item.key(), item.value().template get<std::uint64_t>());
  }
  template <class T>
  static void get(const json& from, T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      value = from.get<T>();
    } else {
      (void)from.get_ref<const json::object_t&>(); // throws unless it is an object
      reader r{from};
      fields(r, value);
    }
  }
};

} // namespace

namespace host {

std::string status_json(const status_report& report) {
  auto copy = report;
  json document = json::object();
  writer w{document};
  fields(w, copy);
  // A VM's or a peer's name may hold any byte.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

result<status_report> status_from_json(std::string_view text) try {
  status_report report;
  reader::get(json::parse(text), report);
  return report;
} catch (const json::exception&) {
  return fail{errc::bad_message};
}

std::vector<std::pair<std::string, std::uint64_t>> values_of(const counters& c) {
  std::vector<std::pair<std::string, std::uint64_t>> values;
  for (const auto& [name, member] : counter_names) values.emplace_back(name, (c.*member).value());
  return values;
}

} // namespace host
} // namespace saffron
