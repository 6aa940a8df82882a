// SPDX-License-Identifier: BSD-3-Clause
// All of the tests' Linux guest: the first and only process. Serves every virtio port: the agent's with an agent, all
// others with an echo. Tells what happens on its serial line and takes commands there (commands.hpp).
#include "tests/system/guest/commands.hpp"
#include "tests/system/guest/init.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/reboot.h>

#include <algorithm>
#include <list>
#include <memory>

namespace {

using namespace saffron::guest;

constexpr std::string_view agent_port = "com.redhat.spice.0";
/// How often it looks for new ports, and whether a host's side has come, which poll() cannot wait for.
constexpr int look_ms = 20;

class guest {
public:
  explicit guest(int serial) : console_(serial) {}

  [[noreturn]] void run() {
    for (const auto& name : load_modules("/modules")) console_.event("error", {{"module", name}});
    console_.event("ready");
    for (bool busy = false;;) {
      wait(busy ? 0 : look_ms);
      if (!busy) find_ports();
      while (const auto words = console_.command()) run_command(*words, ports_, agent_, console_);
      busy = false;
      for (auto& port : ports_) busy |= port.pump();
    }
  }

private:
  void find_ports() {
    for (const auto& [name, path] : virtio_ports()) {
      const bool known = std::any_of(ports_.begin(), ports_.end(), [&](const auto& p) { return p.name() == name; });
      if (known) continue;
      std::unique_ptr<port_service> service;
      if (name == agent_port) {
        auto agent = std::make_unique<agent_service>(console_);
        agent_ = agent.get();
        service = std::move(agent);
      } else {
        service = std::make_unique<echo_service>();
      }
      auto& port = ports_.emplace_back(name, path, std::move(service));
      const bool open = port.open();
      console_.event(open ? "port" : "error", {{"port", name}});
    }
  }

  void wait(int milliseconds) {
    polled_ = {{console_.fd(), POLLIN, 0}};
    for (const auto& port : ports_)
      // One that waits for its host only is asked below.
      polled_.push_back({port.connected() ? port.fd() : -1, port.wanted(), 0});
    (void)::poll(polled_.data(), polled_.size(), milliseconds);
    for (auto& port : ports_) {
      pollfd now{port.fd(), 0, 0};
      if (now.fd < 0 || ::poll(&now, 1, 0) < 0 || !port.polled(now.revents)) continue;
      console_.event(port.connected() ? "connected" : "disconnected", {{"port", port.name()}});
    }
  }

  guest_console console_;
  std::list<guest_port> ports_;
  agent_service* agent_ = nullptr;
  std::vector<pollfd> polled_;
};

} // namespace

int main() {
  mount_all();
  const int serial = ::open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (serial < 0) return ::reboot(RB_POWER_OFF);
  guest{serial}.run();
}
