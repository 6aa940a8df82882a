// SPDX-License-Identifier: BSD-3-Clause
// File transfers of several clients, and whose monitors count.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

namespace {

using wa::file_xfer_data;
using wa::file_xfer_result;
using wa::file_xfer_start;
using wa::file_xfer_status;

template <class M>
std::vector<seen> one(const M& m) {
  return messages_of(wa::encode_whole(m));
}

struct files_world : agent_world {
  files_world() { start({1, 2}); }
  /// The guest's number of the transfer that this begins.
  std::uint32_t begin(client_id c, std::uint32_t id) {
    const auto name = text("[vdagent-file-xfer]");
    say(c, file_xfer_start{id, name});
    const auto heard = heard_by_guest();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == message_type::file_xfer_start);
    const auto m = wire::decode<file_xfer_start>(heard[0].body).value();
    CHECK(m.data == wire::byte_view{name});
    return m.id;
  }
};

} // namespace

TEST_CASE_FIXTURE(files_world, "two clients with the same number send two files") {
  const auto first = begin(1, 7), second = begin(2, 7);
  CHECK(first != second);
  guest_says(file_xfer_status{second, file_xfer_result::can_send_data, {}});
  CHECK(heard_by(1).empty());
  CHECK(heard_by(2) == one(file_xfer_status{7, file_xfer_result::can_send_data, {}}));
  const bytes part(65536, std::byte{5});
  say(2, file_xfer_data{7, part.size(), part});
  say(1, file_xfer_data{7, part.size(), part});
  auto expected = one(file_xfer_data{second, part.size(), part});
  const auto other_part = one(file_xfer_data{first, part.size(), part});
  expected.push_back(other_part[0]);
  CHECK(heard_by_guest() == expected);
  const auto details = text("12345678");
  guest_says(file_xfer_status{first, file_xfer_result::not_enough_space, details});
  CHECK(heard_by(1) == one(file_xfer_status{7, file_xfer_result::not_enough_space, details}));
  say(1, file_xfer_data{7, 0, {}}); // over
  CHECK(heard_by_guest().empty());
  guest_says(file_xfer_status{first, file_xfer_result::success, {}});
  CHECK(heard_by(1).empty());
}

TEST_CASE_FIXTURE(files_world, "parts beyond any usual size keep their number too") {
  const auto id = begin(1, 7);
  const bytes part(500000, std::byte{5});
  say(1, file_xfer_data{7, part.size(), part});
  CHECK(heard_by_guest() == one(file_xfer_data{id, part.size(), part}));
  say(1, file_xfer_data{8, part.size(), part}); // nobody has started that
  CHECK(heard_by_guest().empty());
}

TEST_CASE_FIXTURE(files_world, "a client may cancel, and use its number again") {
  const auto id = begin(1, 7);
  say(1, file_xfer_status{7, file_xfer_result::cancelled, {}});
  CHECK(heard_by_guest() == one(file_xfer_status{id, file_xfer_result::cancelled, {}}));
  say(1, file_xfer_status{7, file_xfer_result::cancelled, {}});
  CHECK(heard_by_guest().empty());
  CHECK(begin(1, 7) != id);
}

TEST_CASE_FIXTURE(files_world, "a number that is in use, and one file too many, are errors") {
  begin(1, 0);
  say(1, file_xfer_start{0, {}});
  CHECK(heard_by(1) == one(file_xfer_status{0, file_xfer_result::error, {}}));
  for (std::uint32_t i = 1; i < defaults::file_transfers; ++i) begin(1, i);
  CHECK(heard_by(1).empty());
  say(1, file_xfer_start{5000, {}});
  CHECK(heard_by(1) == one(file_xfer_status{5000, file_xfer_result::error, {}}));
  CHECK(heard_by_guest().empty());
  begin(2, 0); // the limit is each client's own
}

TEST_CASE_FIXTURE(files_world, "what a leaving client had open is cancelled") {
  const auto first = begin(1, 7), second = begin(1, 8), others = begin(2, 9);
  a->detached(1);
  auto expected = one(file_xfer_status{first, file_xfer_result::cancelled, {}});
  expected.push_back(one(file_xfer_status{second, file_xfer_result::cancelled, {}})[0]);
  CHECK(heard_by_guest() == expected);
  guest_says(file_xfer_status{first, file_xfer_result::error, {}});
  guest_says(file_xfer_status{others, file_xfer_result::success, {}});
  CHECK(heard_by(2) == one(file_xfer_status{9, file_xfer_result::success, {}}));
}

TEST_CASE_FIXTURE(files_world, "a client that leaves in the middle of a part is cancelled after it") {
  const auto id = begin(1, 7);
  const bytes part(500000, std::byte{5});
  const auto stream = wa::encode_whole(file_xfer_data{7, part.size(), part});
  say(1, std::span{stream}.first(200000));
  a->detached(1);
  const auto heard = heard_by_guest();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].type == message_type::file_xfer_data);
  CHECK(heard[1] == one(file_xfer_status{id, file_xfer_result::cancelled, {}})[0]);
}

TEST_CASE_FIXTURE(files_world, "what is too short for a number is dropped") {
  begin(1, 7);
  for (const auto type :
       {message_type::file_xfer_start, message_type::file_xfer_status, message_type::file_xfer_data}) {
    say(1, type, bytes(3));
    guest_says(type, bytes(3));
  }
  CHECK(heard_by_guest().empty());
  CHECK(heard_by(1).empty());
}

TEST_CASE_FIXTURE(agent_world, "an empty list of monitors is no wish, even behind a list in the same piece") {
  make();
  a->set_resizable(true);
  a->attached(1);
  auto both = wa::encode_whole(wa::monitors_config{0, {{.height = 600, .width = 800}}});
  append(both, wa::encode_whole(wa::monitors_config{0, {}}));
  say(1, both);
  REQUIRE(resized.size() == 1);
  CHECK(resized[0] == std::vector<wa::monitor>{{.height = 600, .width = 800}});
}

TEST_CASE("heads get the sizes of the monitors, and a size that no surface can have is nobody's wish") {
  const auto edge = defaults::surface_edge;
  const auto sizes = resizes_of({{.height = 720, .width = 1280},
                                 {.height = 0, .width = 0},
                                 {.height = 600, .width = edge + 1},
                                 {.height = 0xffffffff, .width = 100},
                                 {.height = 1, .width = edge}});
  REQUIRE(sizes.size() == 2);
  CHECK(sizes[0].head == 0);
  CHECK(sizes[0].size == extent{1280, 720});
  CHECK(sizes[1].head == 4);
  CHECK(sizes[1].size == extent{edge, 1});
  CHECK(resizes_of(std::vector<wa::monitor>(300, {.height = 10, .width = 10})).size() == 256);
}

TEST_CASE_FIXTURE(agent_world, "with the policy last everybody's monitors count") {
  start({1, 2});
  a->set_resizable(true);
  const auto wish = [](std::uint32_t width) { return wa::monitors_config{0, {{.height = 1, .width = width}}}; };
  say(2, wish(20));
  say(1, wish(10));
  say(2, wish(21));
  REQUIRE(resized.size() == 3);
  CHECK(resized[2][0].width == 21);
  a->detached(2);
  CHECK(resized.size() == 3);
}

TEST_CASE_FIXTURE(agent_world, "monitors that the VM's side could not have are the guest's, once") {
  start({1, 2});
  a->set_resizable(true);
  const wa::monitors_config wish{0, {{.height = 1, .width = 20}}};
  say(1, wish);
  a->set_resizable(true);
  CHECK(resized.size() == 1);
  CHECK(heard_by_guest().empty());
  a->set_resizable(false);
  CHECK(heard_by_guest() == one(wish));
  a->set_resizable(false);
  CHECK(heard_by_guest().empty());
  a->set_resizable(true);
  say(1, wish);
  a->detached(1);
  a->detached(2);
  heard_by_guest();
  a->set_resizable(false); // nobody is there any more who wishes
  CHECK(heard_by_guest().empty());
  CHECK(resized.size() == 2);
}

TEST_CASE_FIXTURE(agent_world, "with the policy first those of the client attached longest count, until it leaves") {
  policy.monitors = monitors_policy::first;
  start({1, 2, 3});
  const auto wish = [](std::uint32_t width) { return wa::monitors_config{0, {{.height = 1, .width = width}}}; };
  say(2, wish(20)); // 1 has not said anything
  CHECK(heard_by_guest() == one(wish(20)));
  say(3, wish(30));
  CHECK(heard_by_guest().empty());
  CHECK(heard_by(3) == one(wa::reply{}));
  say(1, wish(10));
  CHECK(heard_by_guest() == one(wish(10)));
  say(2, wish(21));
  a->detached(3);
  CHECK(heard_by_guest().empty());
  a->detached(1);
  CHECK(heard_by_guest() == one(wish(21)));
  a->set_resizable(true);
  a->detached(2);
  CHECK(resized.empty());
}

} // namespace saffron::devices
