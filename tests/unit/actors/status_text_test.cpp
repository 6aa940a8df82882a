// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/status.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::host;

namespace {

status_report example() {
  status_report r;
  r.version = "0.1.0";
  r.process = 4711;
  r.uptime_seconds = 3780;
  channel_status main;
  main.name = "main";
  main.bytes_received = 1200;
  main.bytes_sent = 30;
  main.secured = true;
  channel_status display;
  display.name = "display";
  display.id = 1;
  display.bytes_received = 512;
  display.bytes_sent = 5 * 1024 * 1024;
  display.queued = 65536;
  display.latency_us = 1500;
  display.codec = "lz4";
  display.codec_reason = "a fast link";
  display.link = "fast";
  display.bytes_per_second = 50'000'000;
  display.damage_pixels = 921600;
  display.lossy_pixels = 1;
  display.streams = 2;
  display.video = "h264, 8000 kbit/s";
  char_device_status agent{"vdagent", "", true, true, 2, 0, 0, 2048, 100, 0};
  char_device_status echo{"port", "org.saffron.echo.0", false, false, 1, 5, 1024, 0, 0, 3};
  client_status client{7, "127.0.0.1:40000", 125, "client", 95'400'000, {main, display}};
  r.host.vms.push_back({"web01",
                        "running",
                        "0a",
                        {{0, 1280, 720, 1, 2, 0, 100, 2048}, {1, 1920, 1080, 12, 1, 1, 0, 0}},
                        {agent, echo},
                        {client}});
  r.host.vms.push_back({"web02", "waiting for /run/web02.sock", "", {}, {}, {}});
  r.counters = {{"connections_accepted", 3}, {"links_failed", 0}};
  return r;
}

} // namespace

TEST_CASE("status for people is a table") {
  CHECK("\n" + status_text(example()) == R"(
saffron 0.1.0, process 4711, up 1 h 3 min, 2 VMs

web01: running, 1 client
  display 0  1280x720, 1 draw, 2 viewers, 100 B in its log, 2.0 KiB kept to share
  display 1  1920x1080, 12 draws, 1 viewer, 1 pixel behind
  vdagent  open, 2 clients, 2.0 KiB from the guest, 100 B to it
  port org.saffron.echo.0  closed and stopped, 1 client, 0 B from the guest, 0 B to it, 5 B wait for the guest, 1.0 KiB wait for clients
  client 7  127.0.0.1:40000, connected 2 min 5 s, client mouse, 95.4 Mbit/s
    channel           received        sent      queued  round trip
    main 0             1.2 KiB        30 B         0 B           -  TLS
    display 1            512 B     5.0 MiB    64.0 KiB      1.5 ms  plain, lz4 (a fast link), fast link of 400.0 Mbit/s, 2 videos (h264, 8000 kbit/s), 1 pixel with loss, 921600 pixels behind

web02: waiting for /run/web02.sock, 0 clients

connections_accepted                   3
links_failed                           0
)");
}

TEST_CASE("a name cannot move the cursor of the terminal") {
  status_report r;
  r.host.vms.push_back({"a\x1b[2J\n", "b\x7f", "", {}, {}, {}});
  CHECK(status_text(r).find("a?[2J?: b?, 0 clients\n") != std::string::npos);
}

TEST_CASE("status for programs is JSON with the names of the structs") {
  auto r = example();
  r.host.vms.pop_back();
  r.host.vms[0].consoles.pop_back();
  r.host.vms[0].devices.pop_back();
  r.host.vms[0].clients[0].channels.pop_back();
  CHECK(status_json(r) == R"({
  "version": "0.1.0",
  "process": 4711,
  "uptime_seconds": 3780,
  "dropped_log_lines": 0,
  "vms": [
    {
      "name": "web01",
      "state": "running",
      "uuid": "0a",
      "consoles": [
        {
          "id": 0,
          "width": 1280,
          "height": 720,
          "draws": 1,
          "viewers": 2,
          "damage_pixels": 0,
          "log_bytes": 100,
          "kept_bytes": 2048
        }
      ],
      "devices": [
        {
          "kind": "vdagent",
          "name": "",
          "opened": true,
          "running": true,
          "clients": 2,
          "write_queue_bytes": 0,
          "send_queue_bytes": 0,
          "bytes_from_guest": 2048,
          "bytes_to_guest": 100,
          "clients_removed": 0
        }
      ],
      "clients": [
        {
          "id": 7,
          "peer": "127.0.0.1:40000",
          "connected_seconds": 125,
          "mouse_mode": "client",
          "bandwidth": 95400000,
          "channels": [
            {
              "name": "main",
              "id": 0,
              "bytes_received": 1200,
              "bytes_sent": 30,
              "queued": 0,
              "latency_us": 0,
              "secured": true,
              "codec": "",
              "codec_reason": "",
              "link": "",
              "bytes_per_second": 0,
              "damage_pixels": 0,
              "lossy_pixels": 0,
              "streams": 0,
              "video": ""
            }
          ]
        }
      ]
    }
  ],
  "counters": {
    "connections_accepted": 3,
    "links_failed": 0
  }
}
)");
}

TEST_CASE("the table is the same after a journey as JSON") {
  const auto back = status_from_json(status_json(example()));
  REQUIRE(back);
  CHECK(status_text(*back) == status_text(example()));
}

TEST_CASE("JSON of another version is read as far as it goes") {
  const auto r = status_from_json(R"({"version":"9","colour":"red","vms":[{"name":"a"}]})");
  REQUIRE(r);
  CHECK(r->version == "9");
  CHECK(r->host.vms.at(0).name == "a");
  for (const auto* bad :
       {"", "{", "[]", "3", R"({"vms":3})", R"({"vms":[3]})", R"({"process":"x"})", R"({"error":"no"})"}) {
    CAPTURE(bad);
    CHECK(status_from_json(bad).has_value() == (std::string_view{bad} == R"({"error":"no"})"));
  }
}

TEST_CASE("bytes that are not UTF-8 do not break the JSON") {
  status_report r;
  r.host.vms.push_back({"\xff\xfe", "", "", {}, {}, {}});
  CHECK(status_from_json(status_json(r)));
}

TEST_CASE("every counter is published under its name") {
  counters c;
  c.links_failed.add(5);
  const auto values = values_of(c);
  CHECK(values.size() == counter_names.size());
  CHECK(std::find(values.begin(), values.end(), std::pair<std::string, std::uint64_t>{"links_failed", 5}) !=
        values.end());
}
