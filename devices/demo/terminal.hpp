// SPDX-License-Identifier: BSD-3-Clause
// A grid of characters that wraps and scrolls, and knows which of its rows must be drawn again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace saffron::devices::demo {

enum class ink : std::uint8_t { text, dim, strong, accent };

struct cell {
  char letter = ' ';
  ink color = ink::text;
};

class terminal {
public:
  /// What is different since it was asked last: first the rows moved up by `scrolled`, then `rows` changed.
  struct changes {
    std::size_t scrolled = 0;
    std::vector<std::size_t> rows;
  };

  /// Starts with a greeting and a prompt.
  terminal(std::size_t columns, std::size_t rows);

  /// The text stays and is wrapped anew.
  void resize(std::size_t columns, std::size_t rows);
  /// Of the user: printable characters, newline, backspace as far as the prompt, form feed to clear.
  void type(char c);
  void write(std::string_view text, ink color);
  /// The caret's row must be drawn again.
  void touch_caret() { dirty_[row_] = true; }

  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::span<const cell> row(std::size_t number) const;
  [[nodiscard]] bool blank(std::size_t row) const;
  [[nodiscard]] std::size_t caret_row() const noexcept { return row_; }
  [[nodiscard]] std::size_t caret_column() const noexcept { return column_; }
  [[nodiscard]] bool changed() const;
  [[nodiscard]] changes take_changes();

private:
  void prompt();
  void append(cell c);
  void put(cell c);
  void next_row();
  void replay();

  std::size_t columns_, rows_;
  std::vector<cell> grid_;
  std::vector<bool> dirty_;
  std::size_t scrolled_ = 0;
  std::size_t row_ = 0, column_ = 0;
  /// Everything written, newlines included, up to a limit: what a resize wraps anew.
  std::vector<cell> history_;
  /// Characters behind the prompt.
  std::size_t typed_ = 0;
};

} // namespace saffron::devices::demo
