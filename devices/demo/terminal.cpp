// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/terminal.hpp"

#include "devices/demo/us_keys.hpp"

#include <algorithm>

namespace saffron::devices::demo {

namespace {
constexpr std::size_t history_limit = 16 * 1024;
} // namespace

terminal::terminal(std::size_t columns, std::size_t rows) : columns_(0), rows_(0) {
  resize(columns, rows);
  write("Saffron " SAFFRON_VERSION, ink::accent);
  write(", the demo guest on tty1\n\n", ink::text);
  write("There is no QEMU behind this screen, only an actor\nthat draws. Type, move the pointer, resize it.\n\n",
        ink::dim);
  write("guest:~$ ", ink::accent);
  write("cat rule.txt\n", ink::text);
  write("Nobody waits for anybody;\neverybody who could be late holds a credit.\n\n", ink::strong);
  prompt();
}

void terminal::resize(std::size_t columns, std::size_t rows) {
  columns_ = std::max<std::size_t>(columns, 2);
  rows_ = std::max<std::size_t>(rows, 2);
  replay();
}

void terminal::type(char c) {
  switch (c) {
  case newline:
    append({newline, ink::text});
    prompt();
    break;
  case backspace:
    if (typed_ == 0) break;
    --typed_;
    history_.pop_back();
    if (column_ == 0) { // the caret goes back over a wrapped line
      replay();
    } else {
      grid_[row_ * columns_ + --column_] = {};
      dirty_[row_] = true;
    }
    break;
  case form_feed:
    history_.clear();
    replay();
    prompt();
    break;
  default:
    if (c < ' ' || c > '~') break;
    append({c, ink::text});
    ++typed_;
  }
}

void terminal::write(std::string_view text, ink color) {
  for (char c : text) append({c, color});
}

std::span<const cell> terminal::row(std::size_t number) const { return {grid_.data() + number * columns_, columns_}; }

bool terminal::blank(std::size_t number) const {
  const auto cells = row(number);
  return std::all_of(cells.begin(), cells.end(), [](const cell& c) { return c.letter == ' '; });
}

bool terminal::changed() const {
  return scrolled_ != 0 || std::find(dirty_.begin(), dirty_.end(), true) != dirty_.end();
}

terminal::changes terminal::take_changes() {
  changes c;
  c.scrolled = std::min(std::exchange(scrolled_, 0), rows_);
  for (std::size_t r = 0; r < rows_; ++r)
    if (dirty_[r]) c.rows.push_back(r);
  dirty_.assign(rows_, false);
  return c;
}

void terminal::prompt() {
  write("guest:~$ ", ink::accent);
  typed_ = 0;
}

void terminal::append(cell c) {
  if (history_.size() >= history_limit) { // forget the older half, in whole lines
    const auto middle = history_.begin() + history_limit / 2;
    const auto end_of_line = std::find_if(middle, history_.end(), [](const cell& h) { return h.letter == newline; });
    history_.erase(history_.begin(), end_of_line == history_.end() ? middle : end_of_line + 1);
    typed_ = std::min(typed_, history_.size());
  }
  history_.push_back(c);
  put(c);
}

void terminal::put(cell c) {
  dirty_[row_] = true;
  if (c.letter == newline) {
    next_row();
    return;
  }
  grid_[row_ * columns_ + column_] = c;
  if (++column_ == columns_) next_row();
}

void terminal::next_row() {
  column_ = 0;
  if (row_ + 1 < rows_) {
    ++row_;
  } else {
    std::move(grid_.begin() + static_cast<std::ptrdiff_t>(columns_), grid_.end(), grid_.begin());
    std::fill(grid_.end() - static_cast<std::ptrdiff_t>(columns_), grid_.end(), cell{});
    std::move(dirty_.begin() + 1, dirty_.end(), dirty_.begin());
    ++scrolled_;
  }
  dirty_[row_] = true;
}

void terminal::replay() {
  grid_.assign(columns_ * rows_, {});
  dirty_.assign(rows_, true);
  row_ = column_ = 0;
  for (const auto& c : history_) put(c);
  dirty_.assign(rows_, true);
  scrolled_ = 0;
}

} // namespace saffron::devices::demo
