// SPDX-License-Identifier: BSD-3-Clause
#include "transport/admission.hpp"

#include <algorithm>

namespace saffron::transport {

admission::clock::duration admission::wait(clock::time_point now) {
  const auto rate = static_cast<double>(limits_.per_second);
  if (refilled_ != clock::time_point{})
    tokens_ = std::min(rate, tokens_ + rate * std::chrono::duration<double>(now - refilled_).count());
  refilled_ = now;
  if (tokens_ >= 1) return clock::duration::zero();
  return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>((1 - tokens_) / rate)) +
         std::chrono::milliseconds{1};
}

admission::link_number admission::begin(clock::time_point now, const std::string& address, std::function<void()> cut) {
  (void)wait(now);
  tokens_ -= 1;
  if (const auto mine = per_address_.find(address); mine != per_address_.end() && mine->second >= limits_.per_address)
    make_room(&address);
  if (links_.size() >= limits_.total) make_room(nullptr);
  order_.push_back({++last_, address, std::move(cut), true});
  links_.emplace(last_, std::prev(order_.end()));
  ++per_address_[address];
  return last_;
}

void admission::spoke(link_number link) {
  if (const auto found = links_.find(link); found != links_.end()) found->second->silent = false;
}

void admission::end(link_number link) {
  const auto found = links_.find(link);
  if (found == links_.end()) return;
  const auto mine = per_address_.find(found->second->address);
  if (--mine->second == 0) per_address_.erase(mine);
  order_.erase(found->second);
  links_.erase(found);
}

void admission::make_room(const std::string* address) {
  const auto of_address = [address](const entry& e) { return address == nullptr || e.address == *address; };
  auto victim = std::find_if(order_.begin(), order_.end(), [&](const entry& e) { return e.silent && of_address(e); });
  if (victim == order_.end()) victim = std::find_if(order_.begin(), order_.end(), of_address);
  if (victim == order_.end()) return;
  const auto cut = std::move(victim->cut);
  end(victim->number);
  ++cut_;
  cut();
}

} // namespace saffron::transport
