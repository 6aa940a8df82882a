// SPDX-License-Identifier: BSD-3-Clause
// Every limit and its default. Sizes are bytes unless the name says otherwise; what is an option has the same name
// there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace saffron::defaults {

using namespace std::chrono_literals;

// -- links ------------------------------------------------------------------------------------------------------------

/// A peer that has not finished its link by then is cut; the reference waits for ever.
inline constexpr auto link_timeout = 10s;
/// Unfinished links that one address may hold.
inline constexpr std::size_t half_open_per_address = 64;
/// Unfinished links in all.
inline constexpr std::size_t half_open_total = 1024;
/// Connects per second in all; a burst of as many is allowed.
inline constexpr std::size_t connects_per_second = 4000;
/// Backlog of a listening socket: a flood must not push honest connects into SYN retries.
inline constexpr int listen_backlog = 4096;
/// RSA keys made ahead for tickets.
inline constexpr std::size_t ticket_keys = 8;
/// Links that may use one key. Replays of a ticket are refused as long as its key lives.
inline constexpr std::size_t links_per_ticket_key = 256;

// -- connections ------------------------------------------------------------------------------------------------------

/// A peer that has sent nothing for so long, though asked, is gone.
inline constexpr auto connectivity_timeout = 30s;
/// A quiet peer is asked (PING) after so long.
inline constexpr auto ping_interval = 10s;
/// How often a channel looks at its clocks.
inline constexpr auto channel_tick = 2s;
/// Idle time before TCP's own keepalive probes (the reference's 600 s).
inline constexpr auto tcp_keepalive = 600s;
/// Unsent bytes that the kernel may hold for a socket; more than this only ages in a queue.
inline constexpr int socket_unsent_limit = 128 * 1024;
/// Bytes that one writev hands over at most.
inline constexpr std::size_t write_batch_bytes = 512 * 1024;
/// Buffers that one writev hands over at most.
inline constexpr std::size_t write_batch_buffers = 64;
/// A client whose small messages (not pictures) pile up to this is cut.
inline constexpr std::size_t outbox_limit = 64 * 1024 * 1024;
/// Messages between two acknowledgements of a client (the reference's numbers: narrow and wide).
inline constexpr std::uint32_t ack_window = 20;
inline constexpr std::uint32_t ack_window_wide = 40;

// -- message sizes, per channel ---------------------------------------------------------------------------------------

inline constexpr std::uint32_t main_message_limit = 26624;
inline constexpr std::uint32_t inputs_message_limit = 2048;
inline constexpr std::uint32_t display_message_limit = 1024;
inline constexpr std::uint32_t cursor_message_limit = 1024;

// -- bandwidth --------------------------------------------------------------------------------------------------------

/// Bytes of the third ping of the bandwidth test.
inline constexpr std::size_t bandwidth_test_bytes = 256000;
/// Below this a client counts as slow; bits per second.
inline constexpr std::uint64_t low_bandwidth = 10 * 1024 * 1024;

// -- display ----------------------------------------------------------------------------------------------------------

/// Draw commands a console remembers; a client further behind gets current pixels.
inline constexpr std::size_t draw_log_length = 1024;
/// Raw bytes of one strip: the unit that is encoded by one core and shared by all clients.
inline constexpr std::size_t strip_bytes = 256 * 1024;
/// Raw bytes of pixels that a client asks for at once, at least and at most; between them its bandwidth decides.
inline constexpr std::size_t pull_bytes_min = 256 * 1024;
inline constexpr std::size_t pull_bytes_max = 16 * 1024 * 1024;
/// Rectangles of a damage region beyond which its bounding box is cheaper than its details.
inline constexpr int damage_rects = 64;
/// Strips of a console kept for a second client to share.
inline constexpr std::size_t shared_strips = 256;
/// Largest width and height of a surface, in pixels.
inline constexpr std::uint32_t surface_edge = 16384;
/// Largest surface; 64 MiB of array is also D-Bus's own limit for a frame.
inline constexpr std::size_t surface_bytes = 256 * 1024 * 1024;
/// Cursor shapes that a client caches (the reference's number), and the largest shape in pixels each way.
inline constexpr std::size_t cursor_cache = 256;
inline constexpr std::uint32_t cursor_edge = 512;

// -- inputs -----------------------------------------------------------------------------------------------------------

/// Pointer motions that one MOUSE_MOTION_ACK answers (protocol).
inline constexpr std::uint32_t motion_ack_bunch = 4;
/// After a change of locks by a client, the guest's view of them is sent back.
inline constexpr auto led_report = 2s;

// -- agent ------------------------------------------------------------------------------------------------------------

/// Agent messages a client may have on the way (protocol).
inline constexpr std::uint32_t agent_tokens = 10;
/// Largest payload of one AGENT_DATA (protocol).
inline constexpr std::size_t agent_piece = 2048;

// -- sources ----------------------------------------------------------------------------------------------------------

/// Wait before the first and at most before each later try to attach to a VM.
inline constexpr auto attach_backoff_min = 100ms;
inline constexpr auto attach_backoff_max = 2s;
/// A QMP command that takes longer has failed.
inline constexpr auto qmp_timeout = 5s;
/// Longest line of a QEMU on QMP; the longest that is asked for has some hundred bytes.
inline constexpr std::size_t qmp_line_limit = 1024 * 1024;
/// Largest message of a QEMU's display that brings no pixels of a frame; a cursor of cursor_edge has just over 1 MiB.
inline constexpr std::size_t listener_message_limit = 1024 * 1024 + 4096;

// -- process ----------------------------------------------------------------------------------------------------------

/// After SIGTERM everything has so long to end in order.
inline constexpr auto shutdown_deadline = 4s;
/// A request between actors that is not answered by then has failed.
inline constexpr auto request_timeout = 5s;
/// Loops when the host has many cores.
inline constexpr std::size_t loops_max = 4;

} // namespace saffron::defaults
