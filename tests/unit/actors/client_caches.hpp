// SPDX-License-Identifier: BSD-3-Clause
// What a client keeps, and does with the messages of several display channels that share a picture cache: it knows
// nothing but what it has read, and reads the channels in an order of its own.
#pragma once

#include "messages/wire/display.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace saffron::tests {

class client_caches {
public:
  /// The picture that an image shows: what is in it, or what is kept under its id. `content` stands for what is in it.
  /// A picture that is not kept would stop the channel for ever: the test fails.
  std::uint64_t read(const wire::display::image& what, std::uint64_t content) {
    const auto type = wire::display::type_of(what);
    if (type == wire::display::image_type::from_cache || type == wire::display::image_type::from_cache_lossless) {
      REQUIRE(pictures_.contains(what.id));
      return pictures_.at(what.id).content;
    }
    if ((what.flags & wire::display::image_flags::cache_me) != 0) {
      REQUIRE(given_.insert(what.id).second);
      pictures_[what.id] = {content, what.width * std::uint64_t{what.height}};
      pixels_ += pictures_[what.id].pixels;
    }
    return content;
  }
  void read(const std::vector<wire::display::resource>& evicted) {
    for (const auto& e : evicted) {
      const auto known = pictures_.find(e.id);
      REQUIRE((known != pictures_.end() || doubtful_.contains(e.id)));
      if (known == pictures_.end()) continue;
      pixels_ -= known->second.pixels;
      pictures_.erase(known);
    }
  }
  /// A channel broke before the client could read this or answer to it: the server does not know.
  void doubt(const std::vector<wire::display::resource>& evicted, const wire::display::image& what) {
    for (const auto& e : evicted) doubtful_.insert(e.id);
    doubtful_.insert(what.id);
  }
  [[nodiscard]] std::uint64_t pixels() const { return pixels_; }
  [[nodiscard]] std::size_t kept() const { return pictures_.size(); }

private:
  struct picture {
    std::uint64_t content = 0, pixels = 0;
  };
  std::map<std::uint64_t, picture> pictures_;
  /// Ids that were ever used, and those that the server may announce though they are not here.
  std::set<std::uint64_t> given_, doubtful_;
  std::uint64_t pixels_ = 0;
};

} // namespace saffron::tests
