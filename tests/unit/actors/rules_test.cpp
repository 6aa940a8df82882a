// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/rules.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace saffron;
using namespace saffron::host;
using lines = std::vector<std::string>;

namespace {

/// Options from the command line's words, checked against files that are made up.
struct situation {
  options o;
  std::map<std::string, file_facts> files{{"/cert", {true, true, false, true}}, {"/key", {true, true, false, false}}};

  situation(const std::vector<std::string>& vms, const std::vector<given>& settings = {}) {
    findings found;
    auto all = settings;
    all.push_back({"vm", vms});
    apply_command_line(all, o, found);
    CHECK(found.problems == lines{});
  }
  [[nodiscard]] findings look() const {
    return check(o, [this](const std::filesystem::path& path) {
      const auto found = files.find(path.string());
      return found == files.end() ? file_facts{} : found->second;
    });
  }
  [[nodiscard]] lines problems() const { return look().problems; }
};

const std::string shared_vm = "name=a,qmp=/qmp,ticket=A";
const given tls_cert{"tls-cert", {"/cert"}}, tls_key{"tls-key", {"/key"}};

} // namespace

TEST_CASE("VMs with tickets of their own share a loopback listener") {
  const situation s{{shared_vm, "name=b,demo,ticket=B"}};
  CHECK(s.problems() == lines{});
  CHECK(summary(s.o) == "ok: 2 VMs, 1 listener (0 with TLS)");
}

TEST_CASE("a process without a VM is refused") {
  CHECK(situation{{}}.problems() == lines{"no VM: give --vm or [[vm]] in the file of --config"});
}

TEST_CASE("a plain listener that other hosts can reach is refused, unless insecure") {
  for (const auto* where : {"0.0.0.0:5930", "[::]:5930", "192.168.0.7:5930"}) {
    CHECK(situation{{shared_vm}, {{"listen", {where}}}}.problems() ==
          lines{std::string{"listen "} + where +
                ": other hosts can reach it, and everything on it but the ticket travels unencrypted: use tls-listen, "
                "or allow it with insecure"});
    CHECK(situation{{shared_vm}, {{"listen", {where}}, {"insecure", {"true"}}}}.problems() == lines{});
  }
  CHECK(situation{{shared_vm}, {{"listen", {"unix:/run/x", "[::1]:1"}}}}.problems() == lines{});
  CHECK(situation{{"name=a,demo,ticket=A,port=1,listen-address=10.0.0.1"}}.problems().size() == 1);
}

TEST_CASE("a VM without a ticket is refused unless that is asked for and it has a listener of its own") {
  CHECK(
      situation{{"name=a,demo"}}.problems() ==
      lines{"vm a: has no ticket: give ticket-file, or disable-ticketing and a listener of its own (port or listen)"});
  CHECK(situation{{"name=a,demo,port=1"}}.problems().size() == 1);
  CHECK(situation{{"name=a,demo,disable-ticketing"}}.problems() ==
        lines{"vm a: disable-ticketing needs a listener of its own (port or listen): on a shared one the ticket says "
              "which VM is meant"});
  CHECK(situation{{"name=a,demo,disable-ticketing,port=1"}}.problems() == lines{});
  CHECK(situation{{"name=a,demo,disable-ticketing,listen=unix:/run/a"}}.problems() == lines{});
  CHECK(situation{{"name=a,demo,disable-ticketing,port=1,ticket=A"}}.problems() ==
        lines{"vm a: has both a ticket and disable-ticketing"});
}

TEST_CASE("a VM without a ticket that other hosts can reach is refused, also with TLS, unless insecure") {
  const std::string vm = "name=a,demo,disable-ticketing,tls-listen=0.0.0.0:1";
  CHECK(situation{{vm}, {tls_cert, tls_key}}.problems() ==
        lines{"vm a: tls-listen 0.0.0.0:1: other hosts can reach it and no ticket is asked: give a ticket, or allow it "
              "with insecure"});
  CHECK(situation{{vm}, {tls_cert, tls_key, {"insecure", {"true"}}}}.problems() == lines{});
}

TEST_CASE("two VMs with one ticket cannot share a listener") {
  const lines same{
      "vm b: has the ticket of vm a, and both are on the shared listeners, where the ticket says which VM is "
      "meant"};
  CHECK(situation{{shared_vm, "name=b,demo,ticket=A"}}.problems() == same);
  CHECK(situation{{shared_vm, "name=b,demo,ticket=A,port=1"}}.problems() == same);
  CHECK(situation{{"name=a,demo,ticket=A,port=1", "name=b,demo,ticket=A,port=2"}}.problems() == lines{});
}

TEST_CASE("a ticket fits into what clients send") {
  CHECK(situation{{"name=a,demo,ticket=" + std::string(60, 'x')}}.problems() == lines{});
  CHECK(situation{{"name=a,demo,ticket=" + std::string(61, 'x')}}.problems() ==
        lines{"vm a: its ticket has 61 bytes, clients send at most 60"});
  CHECK(situation{{"name=a,demo,ticket="}}.problems() == lines{"vm a: its ticket is empty"});
  CHECK(situation{{std::string("name=a,demo,ticket=x\0y", 22)}}.problems() ==
        lines{"vm a: its ticket has a NUL in it"});
  CHECK(situation{{"name=a,demo,disable-ticketing,port=1,ticket-expires=5"}}.problems() ==
        lines{"vm a: has ticket-expires, but no ticket"});
}

TEST_CASE("names and addresses are given once") {
  CHECK(situation{{shared_vm, "name=a,demo,ticket=B"}}.problems() == lines{"vm a: the name is given twice"});
  CHECK(situation{{"qmp=/qmp,ticket=A"}}.problems() == lines{"vm number 1: has no name"});
  CHECK(situation{{"name=a\nb,qmp=/qmp,ticket=A"}}.problems() ==
        lines{"vm number 1: its name has a control character"});
  CHECK(situation{{"name=a,demo,ticket=A,port=7", "name=b,demo,ticket=B,port=7"}}.problems() ==
        lines{"vm b: listen 127.0.0.1:7: is taken by vm a: listen 127.0.0.1:7"});
  CHECK(situation{{"name=a,demo,ticket=A,port=0", "name=b,demo,ticket=B,port=0"}}.problems() == lines{});
  CHECK(situation{{shared_vm}, {{"listen", {"unix:/run/c"}}, {"control", {"/run/c"}}}}.problems() ==
        lines{"listen unix:/run/c: is taken by control"});
}

TEST_CASE("a VM has one source and a listener") {
  CHECK(situation{{"name=a,ticket=A"}}.problems() == lines{"vm a: has neither qmp nor demo"});
  CHECK(situation{{"name=a,ticket=A,qmp=/qmp,demo"}}.problems() == lines{"vm a: has both qmp and demo"});
  CHECK(situation{{"name=a,ticket=A,qmp=/qmp,still"}}.problems() ==
        lines{"vm a: has settings of a demo, but not demo"});
  CHECK(situation{{"name=a,ticket=A,qmp=/cert"}}.problems() == lines{"vm a: qmp /cert is not a socket"});
  CHECK(situation{{shared_vm}, {{"listen", {"none"}}}}.problems() ==
        lines{"vm a: has no listener: give listen or tls-listen for all VMs, or port for this one"});
}

TEST_CASE("a TLS listener needs a certificate and a key that can be read") {
  const given tls{"tls-listen", {"0.0.0.0:5961"}};
  CHECK(situation{{shared_vm}, {tls, tls_cert, tls_key}}.problems() == lines{});
  CHECK(situation{{shared_vm}, {tls}}.problems() ==
        lines{"tls-cert: is missing, and there is a TLS listener", "tls-key: is missing, and there is a TLS listener"});
  CHECK(situation{{shared_vm}, {tls, tls_cert, {"tls-key", {"/none"}}, {"tls-ca", {"/nope"}}}}.problems() ==
        lines{"tls-ca: /nope does not exist", "tls-key: /none does not exist"});
  situation s{{shared_vm}, {tls, tls_cert, tls_key}};
  s.files["/key"] = {true, false, false, false};
  CHECK(s.problems() == lines{"tls-key: /key cannot be read"});
  s.files["/key"] = {true, true, false, true};
  CHECK(s.problems() == lines{});
  CHECK(s.look().warnings == lines{"tls-key /key is open to every user; chmod 600 closes it"});
}

TEST_CASE("a channel that must be secure needs a TLS listener") {
  CHECK(situation{{shared_vm}, {{"secure-channels", {"main"}}}}.problems() ==
        lines{"secure-channels: there is no TLS listener that they could come through"});
  CHECK(situation{{shared_vm}, {{"secure-channels", {"main"}}, {"tls-listen", {"[::1]:1"}}, tls_cert, tls_key}}
            .problems() == lines{});
  CHECK(situation{{shared_vm},
                  {{"plain-channels", {"main"}}, {"listen", {"none"}}, {"tls-listen", {"[::1]:1"}}, tls_cert, tls_key}}
            .problems() == lines{"plain-channels: there is no plain listener that they could come through"});
  CHECK(situation{{shared_vm},
                  {{"plain-channels", {"main"}},
                   {"secure-channels", {"main", "all"}},
                   {"tls-listen", {"[::1]:1"}},
                   tls_cert,
                   tls_key}}
            .problems() == lines{"plain-channels: names a channel that secure-channels names too"});
}

TEST_CASE("a quiet client is asked before it is cut") {
  CHECK(situation{{shared_vm}, {{"ping-interval", {"30"}}}}.problems() ==
        lines{"ping-interval: must be shorter than connectivity-timeout, or quiet clients are cut unasked"});
}

TEST_CASE("char devices of a VM must go together") {
  const auto with = [](const std::string& devices) { return situation{{shared_vm + devices}}.problems(); };
  CHECK(with(",char-device=vdagent=unix:/a,char-device=port:x=unix:/b,char-device=usbredir=dbus:r0") == lines{});
  CHECK(with(",char-device=vdagent=unix:/a,char-device=vdagent=unix:/b") == lines{"vm a: has more than one vdagent"});
  CHECK(with(",char-device=port:x=unix:/a,char-device=port:x=unix:/b") == lines{"vm a: has two ports named x"});
  CHECK(situation{{"name=a,demo,ticket=A,char-device=vdagent=dbus:vd0"}}.problems() ==
        lines{"vm a: char-device vdagent=dbus:vd0: dbus needs qmp"});
  CHECK(situation{{"name=a,demo,ticket=A,char-device=vdagent=unix:/a"}}.problems() == lines{});
}

TEST_CASE("char devices beyond this host are refused, unless insecure") {
  for (const auto* where : {"tcp:192.168.0.7:4000", "tcp-listen:0.0.0.0:4000"}) {
    const auto vm = shared_vm + ",char-device=usbredir=" + where;
    const auto found = situation{{vm}}.problems();
    REQUIRE(found.size() == 1);
    CHECK(found[0] == std::string{"vm a: char-device usbredir="} + where +
                          ": what goes over the network there is not encrypted, and whoever is there is taken for the "
                          "VM: use an address of this host, or allow it with insecure");
    CHECK(situation{{vm}, {{"insecure", {"true"}}}}.problems() == lines{});
  }
}

TEST_CASE("a char device listens where nobody else does") {
  CHECK(situation{{shared_vm + ",char-device=usbredir=unix-listen:/a",
                   "name=b,demo,ticket=B,char-device=usbredir=unix-listen:/a"}}
            .problems() == lines{"vm b: char-device usbredir=unix-listen:/a: is the place of another VM's device"});
  CHECK(situation{{shared_vm + ",char-device=usbredir=unix:/a", "name=b,demo,ticket=B,char-device=usbredir=unix:/a"}}
            .problems() == lines{"vm b: char-device usbredir=unix:/a: is the place of another VM's device"});
  CHECK(situation{{shared_vm + ",char-device=usbredir=tcp-listen:127.0.0.1:5930"}}.problems() ==
        lines{"listen 127.0.0.1:5930: is taken by char-device usbredir=tcp-listen:127.0.0.1:5930 of vm a"});
}
