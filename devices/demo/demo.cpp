// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo.hpp"

#include "devices/char/socket_offers.hpp"
#include "devices/demo/demo_peers.hpp"
#include "devices/demo/demo_state.hpp"
#include "messages/defaults.hpp"
#include "messages/log.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <vector>

namespace saffron::devices {

namespace {

using ticking_source_actor = source_actor::extend<detail::signature<void(tick)>::type>;
using clock = caf::actor_clock::clock_type;

demo::time_of_day local_time() {
  const auto now = std::time(nullptr);
  std::tm t{};
  localtime_r(&now, &t);
  return {t.tm_hour, t.tm_min, std::min(t.tm_sec, 59)};
}

/// Stops the demo, and lets it go on.
constexpr key_number pause_key = 0xc6;

class demo_source final : public transport::pinned_actor<ticking_source_actor>, private demo::demo_outlet {
public:
  demo_source(caf::actor_config& config, transport::loop& home, vm_actor vm, demo_settings settings, counters& count)
      : pinned_actor(config, home), settings_(std::move(settings)), vm_(std::move(vm)), count_(count),
        state_(settings_, local_time(), *this, count) {
    add_socket_offers(char_devices_, settings_.char_devices);
  }

  const char* name() const override { return "demo"; }
  void on_exit() override {
    vm_ = nullptr;
    consoles_.clear();
    char_devices_.clear();
    input_ = nullptr;
  }

protected:
  behavior_type make_behavior() override {
    monitor(vm_);
    set_down_handler([this](caf::down_msg&) { quit(); }); // only the VM is watched; without it there is nothing to do
    announce();
    return {
        [this](key_input k) { k.key == pause_key ? pause(k.pressed) : state_.key(k); },
        [this](const pointer_input& p) { state_.pointer(p.event); },
        [this](tick t) {
          if (!attached_)
            announce();
          else if (t.epoch == epoch_)
            next_frame();
        },
        [this](resize_head r) { state_.resize(r); },
        [this](shut_down) { stop(); },
    };
  }

private:
  // -- attaching
  // --------------------------------------------------------------------------------------------------------

  void announce() {
    source_attached hello;
    hello.source = source_actor{ticking_source_actor{this}};
    hello.name = settings_.name;
    hello.uuid = demo_uuid(settings_.name);
    hello.heads = state_.heads();
    hello.absolute_pointer = true;
    hello.resizable = true;
    hello.char_devices = char_devices_;
    request(vm_, defaults::request_timeout, std::move(hello))
        .then([this](vm_consoles& answer) { attached(answer); }, [this](caf::error& why) { attach_failed(why); });
  }

  void attached(vm_consoles& answer) {
    consoles_ = std::move(answer.consoles);
    input_ = std::move(answer.input);
    attached_ = true;
    send(vm_, source_state{"running", true});
    state_.attach(consoles_.size());
    last_ = next_ = system().clock().now();
    arm();
  }

  void attach_failed(const caf::error& why) {
    count_.sources_lost.add();
    log::warning("demo {} could not attach to its vm: {}", settings_.name, to_text(system(), why));
    delayed_send(ticking_source_actor{this}, defaults::attach_backoff_max, tick{});
  }

  // As QEMU's stop and cont: the picture stands still, char devices keep what arrives.
  void pause(bool pressed) {
    if (!pressed || !attached_) return;
    paused_ = !paused_;
    ++epoch_; // a frame that is due belongs to before
    send(vm_, source_state{paused_ ? "paused" : "running", true, !paused_});
    if (paused_) return;
    last_ = next_ = system().clock().now();
    arm();
  }

  void stop() {
    if (attached_) send(vm_, source_state{"stopped", false});
    quit();
  }

  // -- frames
  // -----------------------------------------------------------------------------------------------------------

  void next_frame() {
    const auto now = system().clock().now();
    state_.advance(std::chrono::duration_cast<std::chrono::microseconds>(now - last_), local_time());
    last_ = now;
    arm();
  }

  // Frames keep their rate when a tick is late; frames that a stall has swallowed are not made up for.
  void arm() {
    if (settings_.still || settings_.idle || settings_.frames_per_second == 0) return;
    const auto now = system().clock().now();
    const auto interval = std::chrono::duration_cast<clock::duration>(std::chrono::seconds{1}) /
                          std::min(settings_.frames_per_second, 1000U);
    next_ = std::max(next_ + interval, now);
    delayed_send(ticking_source_actor{this}, next_ - now, tick{epoch_});
  }

  // -- what the state says
  // ----------------------------------------------------------------------------------------------

  void draw(std::size_t head, draw_batch batch) override {
    request(consoles_[head], defaults::request_timeout, std::move(batch))
        .then([this, head](std::uint32_t) { state_.drawn(head); },
              [this, head](caf::error& why) { draw_failed(head, why); });
  }

  void draw_failed(std::size_t head, const caf::error& why) {
    log::warning("demo {} drew on head {} in vain: {}", settings_.name, head, to_text(system(), why));
    if (why == caf::sec::request_timeout) {
      state_.lost(head);
    } else {
      count_.sources_lost.add();
      state_.detach(head);
    }
  }

  void show_cursor(std::size_t head, const cursor_state& state) override { send(consoles_[head], state); }

  void report_locks(lock_state locks) override {
    if (input_) send(input_, locks);
  }

  demo_settings settings_;
  vm_actor vm_;
  counters& count_;
  demo::demo_state state_;
  std::vector<char_device_offer> char_devices_ = demo::make_demo_devices(
      [name = settings_.name](const std::string& what) { log::info("demo {}: {}", name, what); });
  bool attached_ = false, paused_ = false;
  /// Of the frames that are due; those before a pause are not any more.
  std::uint64_t epoch_ = 0;
  std::vector<console_actor> consoles_;
  input_actor input_;
  clock::time_point last_, next_;
};

} // namespace

source_actor make_demo(caf::actor_system& system, transport::loop& home, vm_actor vm, demo_settings settings,
                       counters& count) {
  return system.spawn<demo_source>(home, std::move(vm), std::move(settings), count);
}

std::string demo_uuid(const std::string& name) {
  // RFC 4122's name space for URLs.
  std::vector<unsigned char> text{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                  0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  const auto url = "saffron:demo:" + name;
  text.insert(text.end(), url.begin(), url.end());
  std::array<unsigned char, EVP_MAX_MD_SIZE> id{};
  EVP_Digest(text.data(), text.size(), id.data(), nullptr, EVP_sha1(), nullptr);
  id[6] = static_cast<unsigned char>((id[6] & 0x0f) | 0x50);
  id[8] = static_cast<unsigned char>((id[8] & 0x3f) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; ++i)
    out += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
  return out;
}

} // namespace saffron::devices
