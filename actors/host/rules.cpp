// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/rules.hpp"

#include "messages/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

namespace saffron::host {

namespace {

// SPICE_MAX_PASSWORD_LENGTH: what fits into the encrypted block that clients send.
constexpr std::size_t longest_ticket = 60;

class checker {
public:
  checker(const options& o, const look_at& look) : o_(o), look_(look), listeners_(listeners(o)) {}

  findings run() {
    if (o_.vms.empty()) problem("no VM: give --vm or [[vm]] in the file of --config");
    for (std::size_t i = 0; i < o_.vms.size(); ++i) check_vm(i);
    check_shared_tickets();
    check_listeners();
    check_tls();
    check_channels();
    if (o_.limits.ping_interval >= o_.limits.connectivity_timeout)
      problem("ping-interval: must be shorter than connectivity-timeout, or quiet clients are cut unasked");
    return std::move(found_);
  }

private:
  template <class... A>
  void problem(fmt::format_string<A...> text, A&&... args) {
    found_.problems.push_back(fmt::format(text, std::forward<A>(args)...));
  }

  [[nodiscard]] std::string label(std::size_t i) const {
    return o_.vms[i].name.empty() ? fmt::format("vm number {}", i + 1) : fmt::format("vm {}", o_.vms[i].name);
  }

  // -- VMs ------------------------------------------------------------------------------------------------------------

  void check_vm(std::size_t i) {
    const auto& vm = o_.vms[i];
    const auto who = label(i);
    if (vm.name.empty()) problem("{}: has no name", who);
    if (std::ranges::any_of(vm.name, is_control)) problem("vm number {}: its name has a control character", i + 1);
    if (!vm.name.empty() && !names_.insert(vm.name).second) problem("{}: the name is given twice", who);
    check_source(vm, who);
    check_char_devices(vm, who);
    check_ticket(vm, who);
    if (!has_own_listener(vm) && o_.listen.empty() && o_.tls_listen.empty())
      problem("{}: has no listener: give listen or tls-listen for all VMs, or port for this one", who);
  }

  void check_source(const vm_options& vm, const std::string& who) {
    if (vm.demo && !vm.qmp.empty()) problem("{}: has both qmp and demo", who);
    if (!vm.demo && vm.qmp.empty()) problem("{}: has neither qmp nor demo", who);
    if (!vm.demo && vm.demo_screen != demo_options{}) problem("{}: has settings of a demo, but not demo", who);
    // A socket that is not there yet is waited for.
    if (const auto f = vm.qmp.empty() ? file_facts{} : look_(vm.qmp); f.exists && !f.is_socket)
      problem("{}: qmp {} is not a socket", who, vm.qmp.string());
  }

  void check_char_devices(const vm_options& vm, const std::string& who) {
    for (const auto& why : devices::conflicts(vm.char_devices)) problem("{}: {}", who, why);
    for (const auto& s : vm.char_devices) {
      if (s.place == devices::device_place::dbus) {
        if (vm.qmp.empty()) problem("{}: char-device {}: dbus needs qmp", who, to_string(s));
        continue;
      }
      if (!is_local(s.where) && !o_.insecure)
        problem("{}: char-device {}: what goes over the network there is not encrypted, and whoever is there is taken "
                "for the VM: use an address of this host, or allow it with insecure",
                who, to_string(s));
      // Also of two that dial one socket QEMU serves only one. A VM's own are conflicts().
      if (device_places_.emplace(place_of(s), &vm).first->second != &vm)
        problem("{}: char-device {}: is the place of another VM's device", who, to_string(s));
      if (s.where.kind == address::family::unix_path && s.where.name == o_.control.string())
        problem("{}: char-device {}: is taken by control", who, to_string(s));
    }
  }

  void check_ticket(const vm_options& vm, const std::string& who) {
    if (vm.disable_ticketing) {
      if (vm.ticket) problem("{}: has both a ticket and disable-ticketing", who);
      if (!has_own_listener(vm))
        problem("{}: disable-ticketing needs a listener of its own (port or listen): on a shared one the ticket says "
                "which VM is meant",
                who);
    } else if (!vm.ticket) {
      if (vm.ticket_file.empty()) // else it could not be read, which has been said
        problem("{}: has no ticket: give ticket-file, or disable-ticketing and a listener of its own (port or listen)",
                who);
    } else if (vm.ticket->empty()) {
      problem("{}: its ticket is empty", who);
    } else if (vm.ticket->size() > longest_ticket) {
      problem("{}: its ticket has {} bytes, clients send at most {}", who, vm.ticket->size(), longest_ticket);
    } else if (vm.ticket->find('\0') != std::string::npos) {
      problem("{}: its ticket has a NUL in it", who);
    }
    if (!std::holds_alternative<std::monostate>(vm.ticket_expires) && !vm.ticket && vm.ticket_file.empty())
      problem("{}: has ticket-expires, but no ticket", who);
  }

  void check_shared_tickets() {
    if (std::ranges::all_of(listeners_, [](const listener_plan& l) { return l.vm.has_value(); })) return;
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < o_.vms.size(); ++i) {
      const auto& vm = o_.vms[i];
      if (!vm.ticket) continue;
      if (const auto [other, fresh] = first.emplace(*vm.ticket, i); !fresh)
        problem(
            "{}: has the ticket of {}, and both are on the shared listeners, where the ticket says which VM is meant",
            label(i), label(other->second));
    }
  }

  // -- listeners ------------------------------------------------------------------------------------------------------

  [[nodiscard]] std::string label(const listener_plan& l) const {
    const auto what = fmt::format("{} {}", l.tls ? "tls-listen" : "listen", to_string(l.where));
    return l.vm ? fmt::format("{}: {}", label(*l.vm), what) : what;
  }

  void check_listeners() {
    for (const auto& l : listeners_) {
      if (is_local(l.where) || o_.insecure) continue;
      if (!l.tls)
        problem("{}: other hosts can reach it, and everything on it but the ticket travels unencrypted: use "
                "tls-listen, or allow it with insecure",
                label(l));
      if (l.vm && o_.vms[*l.vm].disable_ticketing)
        problem("{}: other hosts can reach it and no ticket is asked: give a ticket, or allow it with insecure",
                label(l));
    }
    for (std::size_t i = 0; i < listeners_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (overlap(listeners_[i].where, listeners_[j].where))
          problem("{}: is taken by {}", label(listeners_[i]), label(listeners_[j]));
    for (const auto& l : listeners_)
      for (std::size_t i = 0; i < o_.vms.size(); ++i)
        for (const auto& s : o_.vms[i].char_devices)
          if (s.place == devices::device_place::listen && overlap(l.where, s.where))
            problem("{}: is taken by char-device {} of {}", label(l), to_string(s), label(i));
    for (const auto& l : listeners_)
      if (l.where.kind == address::family::unix_path && l.where.name == o_.control.string())
        problem("{}: is taken by control", label(l));
  }

  [[nodiscard]] bool any_listener(bool tls) const {
    return std::any_of(listeners_.begin(), listeners_.end(), [tls](const auto& l) { return l.tls == tls; });
  }

  void check_tls() {
    if (!any_listener(true)) return;
    if (o_.tls.cert.empty()) problem("tls-cert: is missing, and there is a TLS listener");
    if (o_.tls.key.empty()) problem("tls-key: is missing, and there is a TLS listener");
    if (!o_.tls.cert.empty()) must_be_readable("tls-cert", o_.tls.cert);
    if (!o_.tls.ca.empty()) must_be_readable("tls-ca", o_.tls.ca);
    if (!o_.tls.dh.empty()) must_be_readable("tls-dh", o_.tls.dh);
    if (o_.tls.key.empty()) return;
    if (must_be_readable("tls-key", o_.tls.key).open_to_others)
      found_.warnings.push_back(
          fmt::format("tls-key {} is open to every user; chmod 600 closes it", o_.tls.key.string()));
  }

  void check_channels() {
    const auto& [secure, plain] = std::pair{o_.secure_channels, o_.plain_channels};
    if ((secure.types & plain.types) != 0 || (secure.all && plain.all))
      problem("plain-channels: names a channel that secure-channels names too");
    if (o_.vms.empty()) return;
    if (secure != channel_set{} && !any_listener(true))
      problem("secure-channels: there is no TLS listener that they could come through");
    if (plain != channel_set{} && !any_listener(false))
      problem("plain-channels: there is no plain listener that they could come through");
  }

  file_facts must_be_readable(const std::string& what, const std::filesystem::path& path) {
    const auto f = look_(path);
    if (!f.exists)
      problem("{}: {} does not exist", what, path.string());
    else if (!f.readable)
      problem("{}: {} cannot be read", what, path.string());
    return f;
  }

  const options& o_;
  const look_at& look_;
  std::vector<listener_plan> listeners_;
  std::set<std::string_view> names_;
  std::map<std::string, const vm_options*> device_places_;
  findings found_;
};

} // namespace

findings check(const options& o, const look_at& look) { return checker{o, look}.run(); }

file_facts look_at_file(const std::filesystem::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {errno != ENOENT && errno != ENOTDIR, false, false, false};
  return {true, S_ISREG(about.st_mode) && ::access(path.c_str(), R_OK) == 0, S_ISSOCK(about.st_mode),
          (about.st_mode & S_IRWXO) != 0};
}

std::string summary(const options& o) {
  const auto all = listeners(o);
  const auto tls = std::count_if(all.begin(), all.end(), [](const auto& l) { return l.tls; });
  return fmt::format("ok: {} VM{}, {} listener{} ({} with TLS)", o.vms.size(), o.vms.size() == 1 ? "" : "s", all.size(),
                     all.size() == 1 ? "" : "s", tls);
}

} // namespace saffron::host
