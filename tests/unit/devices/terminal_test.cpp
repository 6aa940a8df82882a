// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/terminal.hpp"

#include <doctest/doctest.h>

#include <string>

namespace saffron::devices::demo {
namespace {

std::string text_of(const terminal& t, std::size_t row) {
  std::string s;
  for (const auto& c : t.row(row)) s += c.letter;
  s.erase(s.find_last_not_of(' ') + 1);
  return s;
}

terminal cleared(std::size_t columns, std::size_t rows) {
  terminal t{columns, rows};
  t.type('\f');
  (void)t.take_changes();
  return t;
}

void type(terminal& t, std::string_view text) {
  for (char c : text) t.type(c);
}

using rows = std::vector<std::size_t>;

} // namespace

TEST_CASE("a terminal greets and waits behind a prompt") {
  const terminal t{80, 25};
  CHECK(text_of(t, 0).starts_with("Saffron"));
  CHECK(text_of(t, t.caret_row()) == "guest:~$");
  CHECK(t.caret_column() == 9);
}

TEST_CASE("typed characters show and mark their row") {
  auto t = cleared(40, 5);
  type(t, "make");
  CHECK(text_of(t, 0) == "guest:~$ make");
  CHECK(t.take_changes().rows == rows{0});
  CHECK_FALSE(t.changed());
  type(t, "\n");
  CHECK(t.take_changes().rows == rows{0, 1});
  CHECK(text_of(t, 1) == "guest:~$");
}

TEST_CASE("backspace goes back as far as the prompt") {
  auto t = cleared(40, 5);
  type(t, "ab\b\b\b\bc");
  CHECK(text_of(t, 0) == "guest:~$ c");
}

TEST_CASE("long lines wrap, and backspace goes back over the edge") {
  auto t = cleared(12, 5);
  type(t, "abcde");
  CHECK(text_of(t, 0) == "guest:~$ abc");
  CHECK(text_of(t, 1) == "de");
  type(t, "\b\b\b");
  CHECK(text_of(t, 0) == "guest:~$ ab");
  CHECK(text_of(t, 1).empty());
  CHECK(t.caret_row() == 0);
  CHECK(t.caret_column() == 11);
}

TEST_CASE("a full terminal scrolls and says by how much") {
  auto t = cleared(40, 3);
  type(t, "1\n2\n");
  CHECK(t.take_changes().scrolled == 0);
  type(t, "3\n");
  const auto c = t.take_changes();
  CHECK(c.scrolled == 1);
  CHECK(c.rows == rows{1, 2});
  CHECK(text_of(t, 0) == "guest:~$ 2");
  type(t, "\n\n\n\n\n");
  CHECK(t.take_changes().scrolled == 3);
}

TEST_CASE("another size wraps the text anew") {
  auto t = cleared(40, 5);
  type(t, "abcdefghijkl");
  t.resize(15, 4);
  CHECK(text_of(t, 0) == "guest:~$ abcdef");
  CHECK(text_of(t, 1) == "ghijkl");
  t.resize(40, 5);
  CHECK(text_of(t, 0) == "guest:~$ abcdefghijkl");
}

TEST_CASE("a terminal of no size still takes text") {
  terminal t{0, 0};
  type(t, "abc\n\b\bdef\f");
  CHECK(t.rows() == 2);
  CHECK(t.columns() == 2);
}

TEST_CASE("endless typing is forgotten from its beginning") {
  auto t = cleared(20, 4);
  for (int i = 0; i < 100000; ++i) t.type(i % 30 == 29 ? '\n' : 'x');
  for (int i = 0; i < 100000; ++i) t.type('y');
  for (int i = 0; i < 200; ++i) t.type('\b');
  t.resize(19, 5);
  CHECK(text_of(t, t.caret_row()).find('y') != std::string::npos);
}

} // namespace saffron::devices::demo
