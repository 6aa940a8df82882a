// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/config.hpp"
#include "actors/host/ticket_file.hpp"

#include <doctest/doctest.h>

#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

using namespace saffron;
using namespace saffron::host;
using lines = std::vector<std::string>;

namespace {

struct temporary_directory {
  std::filesystem::path path;
  temporary_directory() {
    char name[] = "/tmp/saffron-test-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~temporary_directory() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::filesystem::path write(const char* name, std::string_view text, mode_t mode = 0600) const {
    std::ofstream{path / name} << text;
    ::chmod((path / name).c_str(), mode);
    return path / name;
  }
};

lines problems_of(std::string_view toml) {
  options o;
  findings found;
  apply_toml(toml, "s.toml", o, found);
  return found.problems;
}

options read(std::string_view toml) {
  options o;
  findings found;
  apply_toml(toml, "s.toml", o, found);
  CHECK(found.problems == lines{});
  return o;
}

} // namespace

TEST_CASE("a file sets what it names and leaves the rest") {
  const auto o = read(R"(
listen = ["127.0.0.1:5900", "unix:@saffron"]
tls-listen = "[::]:5961"
loops = 2
link-timeout = 2.5
ping-interval = 5
insecure = true
secure-channels = ["main", "all"]
log-style = "journal"

[[vm]]
name = "web01"
qmp = "/run/web01.sock"
ticket = "secret"
ticket-expires = 2026-01-31T13:00:00+01:00
clients = "exclusive"

[[vm]]
name = "try"
demo = true
size = "800x600"
port = 5931
disable-ticketing = true
ticket-expires = 60
)");
  REQUIRE(o.listen.size() == 2);
  CHECK(to_string(o.listen[1]) == "unix:@saffron");
  REQUIRE(o.tls_listen.size() == 1);
  CHECK(o.loops == 2);
  CHECK(o.limits.link_timeout == std::chrono::milliseconds{2500});
  CHECK(o.limits.ping_interval == std::chrono::seconds{5});
  CHECK(o.limits.connectivity_timeout == defaults::connectivity_timeout);
  CHECK(o.insecure);
  CHECK(o.secure_channels == channel_set{2, true});
  CHECK(o.log_style == log::style::journal);
  REQUIRE(o.vms.size() == 2);
  CHECK(o.vms[0].qmp == "/run/web01.sock");
  CHECK(o.vms[0].ticket == "secret");
  CHECK(o.vms[0].clients == client_policy::exclusive);
  CHECK(std::get<std::chrono::system_clock::time_point>(o.vms[0].ticket_expires).time_since_epoch() ==
        std::chrono::seconds{1769860800});
  CHECK(o.vms[1].demo);
  CHECK(o.vms[1].demo_screen.size == extent{800, 600});
  CHECK(o.vms[1].port == 5931);
  CHECK(std::get<std::chrono::seconds>(o.vms[1].ticket_expires) == std::chrono::seconds{60});
}

TEST_CASE("every mistake of a file is told with file, line, key and what was expected") {
  CHECK(problems_of(R"(loops = "two"
log-levels = "info"
listen = ["127.0.0.1:5930", 5931]
tls-listen = ["localhost:1"]
insecure = "yes"
link-timeout = 0
half-open-total = 1.5

[[vm]]
name = 7
qpm = "/x"
port = 70000
size = "big"
ticket-expires = 2026-01-31T12:00:00
)") == lines{
           "s.toml:7: half-open-total: expected a whole number from 1 to 1000000, got a decimal",
           "s.toml:5: insecure: expected true or false, got a string",
           "s.toml:6: link-timeout: expected seconds from 1 to 86400, got \"0\"",
           "s.toml:3: listen: expected an address such as 127.0.0.1:5930, [::1]:5930, unix:/run/x.sock or unix:@name "
           "(no host names), got an integer",
           "s.toml:2: log-levels: unknown, did you mean log-level?",
           "s.toml:1: loops: expected a whole number from 0 to 64, got a string",
           "s.toml:4: tls-listen: expected an address such as 127.0.0.1:5930, [::1]:5930, unix:/run/x.sock or "
           "unix:@name (no host names), got \"localhost:1\"",
           "s.toml:10: vm.name: expected text, got an integer",
           "s.toml:12: vm.port: expected a port from 0 to 65535, got \"70000\"",
           "s.toml:11: vm.qpm: unknown, did you mean qmp?",
           "s.toml:13: vm.size: expected a size such as 1280x720, each way at most 16384, got \"big\"",
           "s.toml:14: vm.ticket-expires: expected seconds from the start, or a time with its offset such as "
           "2026-01-31T12:00:00Z, got a time without an offset",
       });
}

TEST_CASE("a file that is not TOML is one problem with its line") {
  const auto found = problems_of("loops = 1\nlisten = [\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("s.toml:"));
  CHECK(found[0].find(": syntax: ") != std::string::npos);
}

TEST_CASE("vm must be an array of tables") {
  CHECK(problems_of("vm = 3\n") == lines{"s.toml:1: vm: expected [[vm]] tables"});
  CHECK(problems_of("\n[vm]\nname = 'x'\n") == lines{"s.toml:2: vm: expected [[vm]] tables"});
}

TEST_CASE("the command line wins over the file") {
  const temporary_directory dir;
  const auto file = dir.write(
      "s.toml", "loops = 2\nencoders = 3\nlisten = ['127.0.0.1:1']\n[[vm]]\nname = 'a'\nqmp = '/x'\nticket = 'A'\n");
  const auto all = load({file, {{"loops", {"4"}}, {"listen", {"none"}}, {"vm", {"name=a,port=7", "name=b,demo"}}}, {}});
  CHECK(all.found.problems == lines{});
  CHECK(all.value.loops == 4);
  CHECK(all.value.encoders == 3);
  CHECK(all.value.listen.empty());
  REQUIRE(all.value.vms.size() == 2);
  CHECK(all.value.vms[0].qmp == "/x");
  CHECK(all.value.vms[0].port == 7);
  CHECK(all.value.vms[1].name == "b");
  CHECK(all.value.vms[1].demo);
  CHECK(!all.value.control.empty());
}

TEST_CASE("a name given twice on the command line stays two VMs, for the rules to refuse") {
  const auto all = load({{}, {{"vm", {"name=a,demo", "name=a,demo"}}}, {}});
  CHECK(all.value.vms.size() == 2);
}

TEST_CASE("a comma inside a value of --vm is written twice") {
  using items = std::vector<std::pair<std::string, std::string>>;
  CHECK(split_vm("name=a,ticket=x,,y=z,,,demo") == items{{"name", "a"}, {"ticket", "x,y=z,"}, {"demo", "true"}});
  const auto all = load({{}, {{"vm", {"name=a,listen=unix:/a,,b,listen=127.0.0.1:1"}}}, {}});
  REQUIRE(all.value.vms[0].listen.size() == 2);
  CHECK(all.value.vms[0].listen[0].name == "/a,b");
}

TEST_CASE("a char device is given as KIND=WHERE, in the file and behind --vm, where only the first = ends a key") {
  const auto o = read("[[vm]]\nchar-device = [\"vdagent=unix:/run/a\", \"smartcard=dbus:c0\"]\n"
                      "[[vm]]\nchar-device = \"usbredir=unix-listen:@x\"\ncopy-paste = false\n");
  REQUIRE(o.vms[0].char_devices.size() == 2);
  CHECK(to_string(o.vms[0].char_devices[1]) == "smartcard=dbus:c0");
  REQUIRE(o.vms[1].char_devices.size() == 1);
  CHECK_FALSE(o.vms[1].copy_paste);
  const auto all = load(
      {{},
       {{"vm", {"name=a,char-device=vdagent=unix:/run/a=b,char-device=port:x,,y=tcp:127.0.0.1:1,copy-paste=false"}}},
       {}});
  CHECK(all.found.problems == lines{});
  REQUIRE(all.value.vms[0].char_devices.size() == 2);
  CHECK(to_string(all.value.vms[0].char_devices[0]) == "vdagent=unix:/run/a=b");
  CHECK(to_string(all.value.vms[0].char_devices[1]) == "port:x,y=tcp:127.0.0.1:1");
  CHECK_FALSE(all.value.vms[0].copy_paste);
  CHECK(problems_of("[[vm]]\nchar-device = [1]\n").at(0).starts_with("s.toml:2: vm.char-device: expected KIND=WHERE"));
}

TEST_CASE("a ticket on the command line is taken with a warning and never repeated") {
  const auto all = load({{}, {{"vm", {"name=a,ticket=hush,hush"}}}, {}});
  REQUIRE(all.found.problems.size() == 1);
  REQUIRE(all.found.warnings.size() == 1);
  CHECK(all.found.problems[0].find("hush") == std::string::npos);
  CHECK(all.found.warnings[0].find("hush") == std::string::npos);
  CHECK(all.value.vms[0].ticket == "hush");
}

TEST_CASE("a file that cannot be read is a problem, as is a directory") {
  const temporary_directory dir;
  CHECK(load({dir.path / "none.toml", {}, {}}).found.problems ==
        lines{dir.path.string() + "/none.toml: cannot be read"});
  CHECK(load({dir.path, {}, {}}).found.problems == lines{dir.path.string() + ": cannot be read"});
}

TEST_CASE("a ticket is the first line of its file") {
  const temporary_directory dir;
  CHECK(read_ticket_file(dir.write("a", "secret\nmore\n"))->ticket == "secret");
  CHECK(read_ticket_file(dir.write("b", "secret"))->ticket == "secret");
  CHECK(read_ticket_file(dir.write("c", " a b \r\n"))->ticket == " a b ");
  CHECK(read_ticket_file(dir.write("d", ""))->ticket.empty());
  CHECK(read_ticket_file(dir.write("e", std::string(9000, 'x')))->ticket.size() == 4096);
  CHECK(!read_ticket_file(dir.path));
  CHECK(!read_ticket_file(dir.path / "none"));
  REQUIRE(::mkfifo((dir.path / "fifo").c_str(), 0600) == 0);
  CHECK(!read_ticket_file(dir.path / "fifo"));
}

TEST_CASE("a ticket file that every user can read is warned about") {
  const temporary_directory dir;
  const auto shut = dir.write("shut", "one\n", 0640), open = dir.write("open", "two\n", 0644);
  const auto all =
      load({{}, {{"vm", {"name=a,ticket-file=" + shut.string(), "name=b,ticket-file=" + open.string()}}}, {}});
  CHECK(all.found.problems == lines{});
  CHECK(all.found.warnings ==
        lines{"vm b: ticket-file " + open.string() + " is open to every user; chmod 600 closes it"});
  CHECK(all.value.vms[0].ticket == "one");
  CHECK(all.value.vms[1].ticket == "two");
}

TEST_CASE("a ticket file that is missing is a problem, as is a ticket beside it") {
  const auto all = load({{}, {{"vm", {"name=a,ticket-file=/none", "name=b,ticket=x,ticket-file=/none"}}}, {}});
  CHECK(all.found.problems == lines{"vm a: ticket-file /none cannot be read", "vm b: has both ticket and ticket-file"});
}
