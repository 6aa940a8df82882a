// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/command_line.hpp"
#include "actors/host/commands.hpp"
#include "actors/host/rules.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace saffron;
using namespace saffron::host;
using lines = std::vector<std::string>;

namespace {

command parsed(const std::vector<std::string>& arguments) {
  const auto p = parse(arguments);
  if (const auto* end = std::get_if<outcome>(&p)) FAIL(end->err);
  return std::get<command>(p);
}

outcome refused(const std::vector<std::string>& arguments) {
  auto p = parse(arguments);
  REQUIRE(std::holds_alternative<outcome>(p));
  return std::get<outcome>(p);
}

options options_of(const std::vector<std::string>& arguments) {
  const auto all = load(parsed(arguments).from);
  CHECK(all.found.problems == lines{});
  return all.value;
}

} // namespace

TEST_CASE("demo without a word is a VM without a ticket on loopback, and passes the rules") {
  const auto o = options_of({"demo"});
  REQUIRE(o.vms.size() == 1);
  CHECK(o.vms[0].name == "demo");
  CHECK(o.vms[0].demo);
  CHECK(o.vms[0].disable_ticketing);
  CHECK(o.control_optional);
  const auto all = listeners(o);
  REQUIRE(all.size() == 1);
  CHECK(to_string(all[0].where) == "127.0.0.1:5930");
  CHECK(check(o, look_at_file).problems == lines{});
}

TEST_CASE("demo takes the settings of its VM and of the daemon") {
  const auto o = options_of({"demo",         "--port",    "0",          "--unix",  "/tmp/a,b",      "--unix",
                             "/tmp/c",       "--listen",  "[::1]:7",    "--still", "--full-motion", "--size",
                             "640x480",      "--heads=2", "--loops",    "2",       "--log-level",   "debug",
                             "--tls-listen", "0.0.0.0:1", "--tls-cert", "/cert",   "--tls-key",     "/key"});
  const auto& vm = o.vms.at(0);
  CHECK(vm.port == 0);
  REQUIRE(vm.listen.size() == 3);
  CHECK(to_string(vm.listen[0]) == "[::1]:7");
  CHECK(to_string(vm.listen[1]) == "unix:/tmp/a,b");
  CHECK(to_string(vm.listen[2]) == "unix:/tmp/c");
  CHECK(vm.tls_listen.size() == 1);
  CHECK(vm.demo_screen.still);
  CHECK(vm.demo_screen.full_motion);
  CHECK(vm.demo_screen.size == extent{640, 480});
  CHECK(vm.demo_screen.heads == 2);
  CHECK(o.loops == 2);
  CHECK(o.tls.cert == "/cert");
}

TEST_CASE("demo on an address that others can reach is refused as any VM is") {
  CHECK(check(options_of({"demo", "--listen", "0.0.0.0:5930"}), look_at_file).problems.size() == 2);
  CHECK(check(options_of({"demo", "--listen", "0.0.0.0:5930", "--insecure"}), look_at_file).problems == lines{});
}

TEST_CASE("serve takes VMs and lists, each as often as wanted") {
  const auto o = options_of({"serve", "--listen", "127.0.0.1:1", "--vm", "name=a,qmp=/a,ticket=A", "--listen=[::1]:1",
                             "--vm=name=b,demo,ticket=B", "--insecure"});
  CHECK(o.listen.size() == 2);
  REQUIRE(o.vms.size() == 2);
  CHECK(o.vms[1].ticket == "B");
  CHECK(o.insecure);
  CHECK(!o.control_optional);
  CHECK(!options_of({"serve", "--insecure=false"}).insecure);
}

TEST_CASE("a mistake on the command line ends with 2 and says what was expected") {
  CHECK(refused({}).code == exit_usage);
  CHECK(refused({"fly"}).code == exit_usage);
  CHECK(refused({"serve", "--loops"}).code == exit_usage);
  CHECK(refused({"serve", "--loops", "1", "--loops", "2"}).code == exit_usage);
  const auto unknown = refused({"serve", "--lissen", "x"});
  CHECK(unknown.code == exit_usage);
  CHECK(unknown.err.find("saffron: --lissen: unknown, did you mean --listen?\n") != std::string::npos);
  const auto all = refused({"serve", "--loops", "x", "--listen", "here", "--vm", "name=a,prot=1"});
  CHECK(all.code == exit_usage);
  CHECK(all.err == "saffron: --listen: expected an address such as 127.0.0.1:5930, [::1]:5930, unix:/run/x.sock or "
                   "unix:@name (no host names), got \"here\"\n"
                   "saffron: --loops: expected a whole number from 0 to 64, got \"x\"\n"
                   "saffron: --vm: prot: unknown, did you mean port?\n");
  CHECK(refused({"demo", "--size", "big"}).err.starts_with("saffron: --size: expected a size"));
}

TEST_CASE("help and version end well") {
  CHECK(refused({"--help"}).code == exit_well);
  CHECK(refused({"serve", "--help"}).out.find("--half-open-total") != std::string::npos);
  CHECK(refused({"demo", "--help"}).out.find("--full-motion") != std::string::npos);
  CHECK(refused({"--version"}).out == "saffron " SAFFRON_VERSION "\n");
  CHECK(answer(parsed({"version"})).out == "saffron " SAFFRON_VERSION "\n");
  CHECK(answer(parsed({"options", "--markdown"})).out == options_markdown());
}

TEST_CASE("check prints one line a problem and ends with 1, or ok and 0") {
  const auto good = answer(parsed({"check", "--vm", "name=a,demo,disable-ticketing,port=7"}));
  CHECK(good.code == exit_well);
  CHECK(good.out == "ok: 1 VM, 1 listener (0 with TLS)\n");
  CHECK(good.err.empty());
  const auto bad = answer(parsed({"check", "--vm", "name=a,disable-ticketing,port=7", "--vm", "name=b,demo"}));
  CHECK(bad.code == exit_problem);
  CHECK(bad.out ==
        "vm a: has neither qmp nor demo\n"
        "vm b: has no ticket: give ticket-file, or disable-ticketing and a listener of its own (port or listen)\n");
  CHECK(answer(parsed({"check", "--config", "/none.toml"})).out == "/none.toml: cannot be read\n");
}

TEST_CASE("status asks the control socket it is told") {
  const auto asked = parsed({"status", "--json", "--control", "/none.sock"});
  CHECK(asked.what == verb::status);
  CHECK(asked.json);
  const auto end = answer(asked);
  CHECK(end.code == exit_problem);
  CHECK(end.err == "saffron: /none.sock: no saffron answers there\n");
  CHECK(parsed({"status"}).control == default_control_path());
}

TEST_CASE("a ticket is wiped from the process list and kept in the copy") {
  std::vector<std::string> texts{"saffron",       "serve",    "--vm",     "name=a,ticket=se,,cret,port=1",
                                 "--vm=ticket=x", "--listen", "ticket=no"};
  std::vector<char*> argv;
  for (auto& t : texts) argv.push_back(t.data());
  const auto copy = take_arguments(static_cast<int>(argv.size()), argv.data());
  CHECK(copy == lines{"serve", "--vm", "name=a,ticket=se,,cret,port=1", "--vm=ticket=x", "--listen", "ticket=no"});
  CHECK(texts[3] == "name=a,ticket=********,port=1");
  CHECK(texts[4] == "--vm=ticket=*");
  CHECK(texts[6] == "ticket=no");
  CHECK(take_arguments(0, nullptr).empty());
}
