// SPDX-License-Identifier: BSD-3-Clause
// The checker against libusbredirparser, which is what QEMU reads a client's packets with: whatever passes the checker,
// the library takes without a complaint.
#include "devices/char/usbredir_check.hpp"
#include "messages/wire/codec.hpp"
#include "tests/unit/devices/usbredir_packets.hpp"

#include <doctest/doctest.h>

#include <usbredirparser.h>

#include <array>
#include <memory>
#include <random>
#include <string>

namespace saffron::devices {
namespace {

using namespace tests::usbredir_packets;
using usbredir::packet_type;

// A guest's parser that reads what it is given and remembers what it did not like.
class guest_parser {
public:
  explicit guest_parser(std::uint32_t capabilities) : parser_(usbredirparser_create()) {
    auto& p = *parser_;
    p.priv = this;
    p.log_func = [](void* self, int level, const char* text) {
      if (level <= usbredirparser_warning) static_cast<guest_parser*>(self)->complaint = text;
    };
    p.read_func = [](void* self, std::uint8_t* to, int count) {
      return static_cast<guest_parser*>(self)->give(to, count);
    };
    p.write_func = [](void* self, std::uint8_t* from, int count) {
      auto& words = static_cast<guest_parser*>(self)->said;
      const auto view = std::as_bytes(std::span{from, static_cast<std::size_t>(count)});
      words.insert(words.end(), view.begin(), view.end());
      return count;
    };
    set_callbacks(p);
    std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> caps{capabilities};
    usbredirparser_init(parser_.get(), "guest", caps.data(), USB_REDIR_CAPS_SIZE, 0);
    usbredirparser_do_write(parser_.get());
  }

  void read(std::span<const std::byte> bytes) {
    input_ = bytes;
    while (!input_.empty() && complaint.empty()) usbredirparser_do_read(parser_.get());
  }

  std::string complaint;
  /// Its hello.
  bytes said;

private:
  struct destroy {
    void operator()(usbredirparser* p) const { usbredirparser_destroy(p); }
  };

  int give(std::uint8_t* to, int count) {
    const auto n = std::min(input_.size(), static_cast<std::size_t>(count));
    std::memcpy(to, input_.data(), n);
    input_ = input_.subspan(n);
    return static_cast<int>(n);
  }
  template <class Header>
  static auto packet_sink() {
    return [](void* self, std::uint64_t, Header*, std::uint8_t* data, int) {
      usbredirparser_free_packet_data(static_cast<guest_parser*>(self)->parser_.get(), data);
    };
  }
  static void set_callbacks(usbredirparser& p) {
    p.hello_func = [](void*, usb_redir_hello_header*) {};
    p.device_connect_func = [](void*, usb_redir_device_connect_header*) {};
    p.device_disconnect_func = [](void*) {};
    p.interface_info_func = [](void*, usb_redir_interface_info_header*) {};
    p.ep_info_func = [](void*, usb_redir_ep_info_header*) {};
    p.configuration_status_func = [](void*, std::uint64_t, usb_redir_configuration_status_header*) {};
    p.alt_setting_status_func = [](void*, std::uint64_t, usb_redir_alt_setting_status_header*) {};
    p.iso_stream_status_func = [](void*, std::uint64_t, usb_redir_iso_stream_status_header*) {};
    p.interrupt_receiving_status_func = [](void*, std::uint64_t, usb_redir_interrupt_receiving_status_header*) {};
    p.bulk_streams_status_func = [](void*, std::uint64_t, usb_redir_bulk_streams_status_header*) {};
    p.filter_reject_func = [](void*) {};
    p.filter_filter_func = [](void*, usbredirfilter_rule* rules, int) { std::free(rules); };
    p.bulk_receiving_status_func = [](void*, std::uint64_t, usb_redir_bulk_receiving_status_header*) {};
    p.control_packet_func = packet_sink<usb_redir_control_packet_header>();
    p.bulk_packet_func = packet_sink<usb_redir_bulk_packet_header>();
    p.iso_packet_func = packet_sink<usb_redir_iso_packet_header>();
    p.interrupt_packet_func = packet_sink<usb_redir_interrupt_packet_header>();
    p.buffered_bulk_packet_func = packet_sink<usb_redir_buffered_bulk_packet_header>();
  }

  std::unique_ptr<usbredirparser, destroy> parser_;
  std::span<const std::byte> input_;
};

// A client's bytes on their way through the checker to a guest.
struct checked_guest {
  checked_guest(std::uint32_t client, std::uint32_t guest) : parser(guest) {
    REQUIRE(check.from_guest(parser.said).has_value());
    REQUIRE(send(hello(client)));
    REQUIRE(parser.complaint.empty());
  }
  bool send(std::span<const std::byte> piece) {
    const auto passed = check.from_client(shared_bytes::copy_of(piece));
    if (!passed) return false;
    parser.read(passed->held.view());
    parser.read(passed->piece.view());
    return true;
  }
  guest_parser parser;
  usbredir_check check;
};

// Capabilities that a real side could announce: streams never come without packet sizes.
std::uint32_t random_capabilities(std::mt19937& random) {
  const auto caps = static_cast<std::uint32_t>(random() % 256);
  return (caps & usbredir::capability::bulk_streams) != 0 ? caps | usbredir::capability::ep_info_max_packet_size : caps;
}

bool is_wide(std::uint32_t both) { return (both & usbredir::capability::ids_64bit) != 0; }

void put(bytes& to, std::size_t offset, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to.at(offset + i) = static_cast<std::byte>(value >> (8 * i));
}

std::byte any_byte(std::mt19937& random) { return static_cast<std::byte>(random()); }

constexpr std::array types{packet_type::device_connect,       packet_type::device_disconnect,
                           packet_type::interface_info,       packet_type::ep_info,
                           packet_type::configuration_status, packet_type::alt_setting_status,
                           packet_type::iso_stream_status,    packet_type::interrupt_receiving_status,
                           packet_type::bulk_streams_status,  packet_type::bulk_receiving_status,
                           packet_type::filter_filter,        packet_type::control_packet,
                           packet_type::bulk_packet,          packet_type::iso_packet,
                           packet_type::interrupt_packet,     packet_type::buffered_bulk_packet};

// A packet as a usb-host sends it.
bytes random_packet(std::mt19937& random, std::uint32_t both) {
  const auto type = types.at(random() % types.size());
  const auto fixed = usbredir::layout_of(type, both)->fixed;
  bytes body(fixed);
  for (auto& b : body) b = any_byte(random);
  const auto data = static_cast<std::uint32_t>(random() % 4 == 0 ? 0 : random() % 3000);
  const auto with_data = [&](std::size_t endpoint, std::size_t length, std::size_t length_size) {
    body.at(endpoint) |= std::byte{0x80};
    put(body, length, data, length_size);
    body.resize(fixed + data, any_byte(random));
  };
  const bool bulk_receiving = (both & usbredir::capability::bulk_receiving) != 0;
  switch (type) {
  case packet_type::interface_info: put(body, 0, random() % 33, 4); break;
  case packet_type::interrupt_receiving_status: body.at(1) |= std::byte{0x80}; break;
  case packet_type::bulk_receiving_status:
    if (!bulk_receiving) return random_packet(random, both);
    body.at(4) |= std::byte{0x80};
    break;
  case packet_type::filter_filter: {
    if ((both & usbredir::capability::filter) == 0) return random_packet(random, both);
    const std::string rules{"0x03,-1,-1,-1,0|-1,-1,-1,-1,1"};
    const auto view = std::as_bytes(std::span{rules});
    body.assign(view.begin(), view.end());
    body.push_back(std::byte{0});
    break;
  }
  case packet_type::control_packet: with_data(0, 8, 2); break;
  case packet_type::bulk_packet:
    with_data(0, 2, 2);
    if (fixed > 8) put(body, 8, 0, 2);
    break;
  case packet_type::iso_packet:
  case packet_type::interrupt_packet: with_data(0, 2, 2); break;
  case packet_type::buffered_bulk_packet:
    if (!bulk_receiving) return random_packet(random, both);
    with_data(8, 4, 4);
    break;
  default: break;
  }
  return packet(type, body, is_wide(both));
}

// Passes a stream in random pieces; false when the checker refused it.
bool send_in_pieces(checked_guest& guest, std::mt19937& random, std::span<const std::byte> stream) {
  while (!stream.empty() && guest.parser.complaint.empty()) {
    const auto n = std::min<std::size_t>(1 + random() % (random() % 2 == 0 ? 20 : 5000), stream.size());
    if (!guest.send(stream.first(n))) return false;
    stream = stream.subspan(n);
  }
  return true;
}

} // namespace

TEST_CASE("for every type, length and capability, the checker passes exactly what usbredirparser accepts") {
  std::mt19937 random{1};
  std::size_t accepted = 0;
  for (std::uint32_t type = 1; type < 110; ++type)
    for (std::uint32_t length = 0; length < 300; length += length < 16 ? 1 : 4)
      for (const std::uint32_t client : {0U, 0xffU, random_capabilities(random)}) {
        const auto guest_can = random_capabilities(random);
        CAPTURE(type);
        CAPTURE(length);
        CAPTURE(client);
        CAPTURE(guest_can);
        // Endpoints of the fixed part are those of data towards the guest, and its lengths fit.
        bytes body(length, type == 4 ? std::byte{0} : std::byte{0x80});
        const auto both = client & guest_can;
        if (type == 100 && length >= 10) put(body, 8, length - 10, 2);
        if (type == 101 && length >= 8) put(body, 2, length - ((both & 0x40) != 0 ? 10 : 8), 2);
        if (type == 101 && (both & 0x40) != 0 && length >= 10) put(body, 8, 0, 2);
        if ((type == 102 || type == 103) && length >= 4) put(body, 2, length - 4, 2);
        if (type == 104 && length >= 10) put(body, 4, length - 10, 4);
        const auto whole = packet(static_cast<packet_type>(type), body, is_wide(both));
        checked_guest guest{client, guest_can};
        const auto passed = guest.send(whole);
        if (!passed) guest.parser.read(whole);
        CHECK(guest.parser.complaint.empty() == passed);
        accepted += passed ? 1 : 0;
      }
  CHECK(accepted > 300);
}

TEST_CASE("random streams of a usb-host pass, in any pieces, and every byte arrives") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto client = random_capabilities(random);
    const auto guest_can = random_capabilities(random);
    checked_guest guest{client, guest_can};
    bytes stream;
    for (int i = 0; i < 20; ++i) {
      const auto more = random_packet(random, client & guest_can);
      stream.insert(stream.end(), more.begin(), more.end());
    }
    CHECK(send_in_pieces(guest, random, stream));
    CHECK(guest.parser.complaint == "");
  }
}

TEST_CASE("of damaged streams nothing passes that usbredirparser complains about") {
  std::size_t refused = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto client = random_capabilities(random);
    const auto guest_can = random_capabilities(random);
    checked_guest guest{client, guest_can};
    bytes stream;
    for (int i = 0; i < 4; ++i) {
      auto more = random_packet(random, client & guest_can);
      // Headers and fixed parts are where damage matters.
      if (random() % 2 == 0) more.at(random() % std::min<std::size_t>(more.size(), 32)) = any_byte(random);
      stream.insert(stream.end(), more.begin(), more.end());
    }
    refused += send_in_pieces(guest, random, stream) ? 0 : 1;
    CHECK(guest.parser.complaint == "");
  }
  CHECK(refused > 500);
}

} // namespace saffron::devices
