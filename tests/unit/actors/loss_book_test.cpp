// SPDX-License-Identifier: BSD-3-Clause
#include "actors/loss_book.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {
constexpr rect left{0, 0, 100, 100}, right{200, 0, 300, 100};
} // namespace

TEST_CASE("what was sent with loss is asked for again once it has rested, and only once") {
  loss_book book;
  book.lossy(left);
  CHECK(book.pending());
  CHECK(book.mend().empty()); // it has just been sent
  CHECK(book.mend() == std::vector{left});
  CHECK(book.must_be_exact(left));
  CHECK(book.mend().empty());
  book.exact(left);
  CHECK_FALSE(book.pending());
  CHECK_FALSE(book.must_be_exact(left));
}

TEST_CASE("what keeps changing is not asked for, what rests beside it is") {
  loss_book book;
  book.lossy(left);
  book.lossy(right);
  (void)book.mend();
  book.lossy(right);
  CHECK(book.mend() == std::vector{left});
}

TEST_CASE("an area that changes while it is mended may travel with loss again, and is mended later") {
  loss_book book;
  book.lossy(left);
  (void)book.mend();
  (void)book.mend();
  book.exact(left);
  book.lossy(left);
  CHECK_FALSE(book.must_be_exact(left));
  (void)book.mend();
  CHECK(book.mend() == std::vector{left});
}

TEST_CASE("a piece that was joined with little else still counts as asked for") {
  loss_book book;
  book.lossy(left);
  (void)book.mend();
  (void)book.mend();
  CHECK(book.must_be_exact({0, 0, 130, 100}));
  CHECK_FALSE(book.must_be_exact({0, 0, 300, 100}));
}

TEST_CASE("a fill is exact") {
  loss_book book;
  book.lossy(left);
  book.forwarded(fill{left, 0});
  CHECK_FALSE(book.pending());
}

TEST_CASE("a copy carries the loss along, or what is exact over it") {
  loss_book book;
  book.lossy(left);
  book.forwarded(copy_bits{right, {0, 0}});
  CHECK(book.pixels() == 20'000);
  CHECK(book.mend() == std::vector{right}); // what was copied has rested as long as its source
  CHECK(book.mend() == std::vector{left});
  book.forwarded(copy_bits{left, {0, 300}});
  CHECK(book.pixels() == 10'000);
  book.forwarded(copy_bits{{200, 10, 300, 110}, {200, 0}}); // over itself
  CHECK(book.pixels() == 11'000);
}

TEST_CASE("a new surface has no loss") {
  loss_book book;
  book.lossy(left);
  (void)book.mend();
  (void)book.mend();
  book.clear();
  CHECK_FALSE(book.pending());
  CHECK_FALSE(book.must_be_exact(left));
}

TEST_CASE("what is known to rest is mended at once, and once") {
  loss_book book;
  book.lossy({0, 0, 10, 10});
  book.lossy({20, 0, 30, 10});
  CHECK(book.mend({5, 0, 15, 10}) == std::vector<rect>{{5, 0, 10, 10}});
  CHECK(book.mend({5, 0, 15, 10}).empty());
  CHECK(book.mend().empty()); // the rest was sent just now
  CHECK(book.mend() == std::vector<rect>{{0, 0, 5, 10}, {20, 0, 30, 10}});
}

} // namespace saffron::actors
