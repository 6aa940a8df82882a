// SPDX-License-Identifier: BSD-3-Clause
// The clipboard between a guest and several clients.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

namespace {

using wa::clipboard_type;
constexpr auto utf8 = clipboard_type::utf8_text, png = clipboard_type::image_png;

struct clipboard_world : agent_world {
  clipboard_world() { begin({1, 2, 3}); }
  void begin(std::initializer_list<client_id> clients) {
    start(clients);
    announce(clients, clipboard_capabilities);
  }
  void grab(client_id c, std::uint8_t selection = 0) {
    say(c, message_type::clipboard_grab, clip(wa::clipboard_grab{selection, {utf8}}));
  }
  void guest_grabs(std::uint8_t selection = 0) {
    guest_says(message_type::clipboard_grab, clip(wa::clipboard_grab{selection, {utf8}}));
  }
  void ask(client_id c, clipboard_type type = utf8, std::uint8_t selection = 0) {
    say(c, message_type::clipboard_request, clip(wa::clipboard_request{selection, type}));
  }
  void guest_asks(clipboard_type type = utf8, std::uint8_t selection = 0) {
    guest_says(message_type::clipboard_request, clip(wa::clipboard_request{selection, type}));
  }
  void forget() {
    to_client.clear();
    to_guest.clear();
  }
};

const seen released{message_type::clipboard_release, clip(wa::clipboard_release{0})};
const seen grabbed{message_type::clipboard_grab, clip(wa::clipboard_grab{0, {utf8}})};
const seen asked{message_type::clipboard_request, clip(wa::clipboard_request{0, utf8})};
const seen nothing{message_type::clipboard, clip(wa::clipboard_head{})};
seen contents(std::string_view data, clipboard_type type = utf8) {
  return {message_type::clipboard, clip_data(0, type, data)};
}
using heard = std::vector<seen>;

} // namespace

TEST_CASE_FIXTURE(clipboard_world, "what the guest copies is offered to all, and goes to the one that asks") {
  guest_grabs();
  for (const client_id c : {1, 2, 3}) CHECK(heard_by(c) == heard{grabbed});
  ask(2);
  CHECK(heard_by_guest() == heard{asked});
  guest_says(message_type::clipboard, contents("hello").body);
  CHECK(heard_by(2) == heard{contents("hello")});
  CHECK(heard_by(1).empty());
  CHECK(heard_by(3).empty());
}

TEST_CASE_FIXTURE(clipboard_world, "answers of the guest go to the askers in their order") {
  guest_grabs();
  forget();
  ask(3);
  ask(1, png);
  ask(2);
  guest_says(message_type::clipboard, contents("a").body);
  guest_says(message_type::clipboard, contents("b", png).body);
  guest_says(message_type::clipboard, contents("c").body);
  CHECK(heard_by(3) == heard{contents("a")});
  CHECK(heard_by(1) == heard{contents("b", png)});
  CHECK(heard_by(2) == heard{contents("c")});
  guest_says(message_type::clipboard, contents("nobody asked").body);
  for (const client_id c : {1, 2, 3}) CHECK(heard_by(c).empty());
}

TEST_CASE_FIXTURE(clipboard_world, "a question that the guest leaves out is answered with nothing") {
  guest_grabs();
  forget();
  ask(1, png);
  ask(2);
  guest_says(message_type::clipboard, contents("text").body);
  CHECK(heard_by(1) == heard{nothing});
  CHECK(heard_by(2) == heard{contents("text")});
}

TEST_CASE_FIXTURE(clipboard_world,
                  "a client that asked and left is not answered, and the next one gets its own answer") {
  guest_grabs();
  forget();
  ask(1);
  ask(2);
  a->detached(1);
  guest_says(message_type::clipboard, contents("for 1").body);
  CHECK(heard_by(2).empty());
  guest_says(message_type::clipboard, contents("for 2").body);
  CHECK(heard_by(2) == heard{contents("for 2")});
}

TEST_CASE_FIXTURE(clipboard_world,
                  "what a client copies is offered to the guest, and the others hear that theirs is gone") {
  grab(1);
  CHECK(heard_by_guest() == heard{grabbed});
  CHECK(heard_by(1).empty());
  CHECK(heard_by(2) == heard{released});
  CHECK(heard_by(3) == heard{released});
  guest_asks();
  CHECK(heard_by(1) == heard{asked});
  CHECK(heard_by(2).empty());
  say(1, message_type::clipboard, contents("from 1").body);
  CHECK(heard_by_guest() == heard{contents("from 1")});
}

TEST_CASE_FIXTURE(clipboard_world, "a long clipboard reaches the guest, and the client that asked") {
  const std::string text(300000, 'x');
  grab(1);
  guest_asks();
  forget();
  say(1, message_type::clipboard, contents(text).body);
  CHECK(heard_by_guest() == heard{contents(text)});
  guest_grabs();
  ask(3);
  forget();
  guest_says(message_type::clipboard, contents(text).body);
  CHECK(heard_by(3) == heard{contents(text)});
  CHECK(heard_by(1).empty());
}

TEST_CASE_FIXTURE(clipboard_world, "what a client was not asked for does not reach the guest, short or long") {
  grab(1);
  forget();
  for (const std::size_t size : {3, 300000}) {
    say(1, message_type::clipboard, contents(std::string(size, 'x')).body);
    say(2, message_type::clipboard, contents(std::string(size, 'x')).body);
  }
  CHECK(heard_by_guest().empty());
  guest_asks();
  say(2, message_type::clipboard, contents("not 2").body);
  CHECK(heard_by_guest().empty());
  say(1, message_type::clipboard, contents("but 1").body);
  CHECK(heard_by_guest() == heard{contents("but 1")});
}

TEST_CASE_FIXTURE(clipboard_world, "who asks for what nobody has gets nothing, guest or client") {
  ask(1);
  CHECK(heard_by(1) == heard{nothing});
  guest_asks();
  CHECK(heard_by_guest() == heard{nothing});
  grab(2);
  forget();
  ask(1);
  CHECK(heard_by(1) == heard{nothing}); // what another client has is not for it
  CHECK(heard_by_guest().empty());
}

TEST_CASE_FIXTURE(clipboard_world, "a client that asks for what it owns itself hears that it owns it no more") {
  guest_grabs();
  grab(1);
  forget();
  ask(1);
  CHECK(heard_by(1) == heard{nothing, released});
}

TEST_CASE_FIXTURE(clipboard_world, "only the owner can release") {
  grab(1);
  forget();
  say(2, message_type::clipboard_release, released.body);
  CHECK(heard_by_guest().empty());
  guest_says(message_type::clipboard_release, released.body);
  CHECK(heard_by(1).empty());
  say(1, message_type::clipboard_release, released.body);
  CHECK(heard_by_guest() == heard{released});
  guest_grabs();
  forget();
  guest_says(message_type::clipboard_release, released.body);
  for (const client_id c : {1, 2, 3}) CHECK(heard_by(c) == heard{released});
}

TEST_CASE_FIXTURE(clipboard_world, "an owner that leaves releases, and its open answers are nothing") {
  grab(1);
  guest_asks();
  guest_asks();
  forget();
  a->detached(1);
  CHECK(bodies(heard_by_guest(), message_type::clipboard_release).size() == 1);
  grab(2);
  guest_asks();
  guest_asks(png);
  forget();
  a->detached(2);
  CHECK(heard_by_guest() == heard{nothing, nothing, released});
}

TEST_CASE_FIXTURE(clipboard_world, "an old owner may still answer what it was asked") {
  grab(1);
  guest_asks();
  grab(2);
  forget();
  say(1, message_type::clipboard, contents("late").body);
  CHECK(heard_by_guest() == heard{contents("late")});
}

TEST_CASE_FIXTURE(clipboard_world, "selections do not mix") {
  grab(1, 0);
  grab(2, 1);
  forget();
  guest_asks(utf8, 1);
  CHECK(heard_by(1).empty());
  CHECK(bodies(heard_by(2), message_type::clipboard_request).size() == 1);
  grab(3, 3); // there is no fourth
  CHECK(heard_by_guest().empty());
}

TEST_CASE_FIXTURE(clipboard_world, "questions are bounded: more are answered with nothing") {
  guest_grabs();
  forget();
  for (std::size_t i = 0; i < defaults::clipboard_requests + 5; ++i) ask(1);
  CHECK(heard_by(1) == heard(5, nothing));
  CHECK(heard_by_guest() == heard(defaults::clipboard_requests, asked));
  grab(2);
  forget();
  for (std::size_t i = 0; i < defaults::clipboard_requests + 5; ++i) guest_asks();
  CHECK(heard_by(2) == heard(defaults::clipboard_requests, asked));
  CHECK(heard_by_guest() == heard(5, nothing));
}

TEST_CASE_FIXTURE(clipboard_world, "bodies too short for their fields are dropped") {
  for (const auto type : {message_type::clipboard, message_type::clipboard_grab, message_type::clipboard_request,
                          message_type::clipboard_release}) {
    say(1, type, bytes(3));
    guest_says(type, bytes(3));
  }
  CHECK(heard_by_guest().empty());
  CHECK(heard_by(1).empty());
}

TEST_CASE_FIXTURE(agent_world, "without selections the messages have none, and the first one is meant") {
  start({1, 2});
  announce({1, 2}, {wa::capability::clipboard_by_demand});
  const auto grab = clip(wa::clipboard_grab{0, {utf8}}, false);
  say(1, message_type::clipboard_grab, grab);
  CHECK(heard_by_guest() == heard{{message_type::clipboard_grab, grab}});
  CHECK(heard_by(2) == heard{{message_type::clipboard_release, {}}});
  guest_says(message_type::clipboard_request, clip(wa::clipboard_request{0, utf8}, false));
  CHECK(heard_by(1).size() == 1);
  auto data = clip(wa::clipboard_head{0, utf8}, false);
  append(data, text("x"));
  say(1, message_type::clipboard, data);
  CHECK(heard_by_guest() == heard{{message_type::clipboard, data}});
}

TEST_CASE_FIXTURE(agent_world, "a client that has announced no clipboard hears nothing of it") {
  start({1, 2});
  announce({1}, clipboard_capabilities);
  to_client.clear();
  guest_says(message_type::clipboard_grab, grabbed.body);
  CHECK(heard_by(1) == heard{grabbed});
  CHECK(heard_by(2).empty());
}

} // namespace saffron::devices
