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
/// Bytes of guests' pictures that the commands of one console may hold; beyond, a client gets current pixels.
inline constexpr std::size_t draw_log_bytes = 64 * 1024 * 1024;
/// Raw bytes of one strip: the unit that is encoded by one core and shared by all clients.
inline constexpr std::size_t strip_bytes = 256 * 1024;
/// Raw bytes of pixels that a client asks for at once, at least and at most; between them its bandwidth decides.
inline constexpr std::size_t pull_bytes_min = 64 * 1024;
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

// -- char devices -----------------------------------------------------------------------------------------------------

/// A client that has been out of tokens for so long, while data waits for it, is removed (the reference's 30 s).
inline constexpr auto wait_for_tokens = 30s;
/// A blocked write to a backend that does not tell when it can go on is tried again after so long (the reference).
inline constexpr auto retry_write = 100ms;
/// How often a char device looks at clients that began something and do not end it.
inline constexpr auto device_tick = 2s;
/// Bytes of clients and of ours that one device has not taken.
inline constexpr std::size_t device_write_queue = 16 * 1024 * 1024;
/// Buffers in that queue from which on small ones of one client are joined, and the largest that becomes of them.
inline constexpr std::size_t device_queue_buffers = 1024;
inline constexpr std::size_t device_queue_joined = 4096;
/// What a device does at a time before other messages of its loop have their turn: attempts to read a message or to
/// write a buffer, and bytes read.
inline constexpr std::size_t device_turn_steps = 128;
inline constexpr std::size_t device_turn_bytes = 1024 * 1024;
/// A stream's window, bytes: what a client may have on its way to a port or a USB device, and how much of it is
/// freed before it is told. What is on its way stays in a core's cache when it is no more than this.
inline constexpr std::uint64_t stream_window = 256 * 1024;
inline constexpr std::uint64_t stream_token_interval = 64 * 1024;
/// Largest piece that is read from a stream device at once, and that is written to it at once.
inline constexpr std::size_t stream_piece = 64 * 1024;
/// Bytes of a stream that wait in the socket's outbox before the device is asked for no more. The reference's 1 MiB
/// costs a third more CPU time: each piece has left the core's cache when it is written.
inline constexpr std::size_t stream_send_window = 256 * 1024;
/// Bytes that wait for a reader of a shared port that is slower than the others; one more, and it is removed.
inline constexpr std::size_t shared_port_queue = 4 * 1024 * 1024;
/// Largest message of a client on a port, USB or WebDAV channel, and what a packed one may unpack to.
inline constexpr std::uint32_t port_message_limit = 16 * 1024 * 1024;
/// Largest message of a client on the smartcard channel; an APDU has at most 64 KiB.
inline constexpr std::uint32_t smartcard_message_limit = 128 * 1024;
/// Messages that a client may have on the way to a reader, and a reader to a client: a card answers one command at a
/// time, the others are for inserting and removing it.
inline constexpr std::uint64_t smartcard_client_tokens = 16;
inline constexpr std::uint64_t smartcard_send_tokens = 64;
/// Messages, and bytes of them, that wait for a client that has no tokens; one more, and it is removed.
inline constexpr std::size_t smartcard_send_queue = 64;
inline constexpr std::size_t smartcard_send_queue_bytes = 1024 * 1024;

// -- agent ------------------------------------------------------------------------------------------------------------

/// Agent messages a client may have on the way (protocol), and how many are freed before it is told (protocol).
inline constexpr std::uint32_t agent_tokens = 10;
inline constexpr std::uint32_t agent_token_interval = 5;
/// Largest payload of one AGENT_DATA and of one chunk (protocol).
inline constexpr std::size_t agent_piece = 2048;
/// Pieces that wait for a client's tokens (the reference's number).
inline constexpr std::size_t agent_send_queue = 5;
/// Pieces that are on their way through the main client's outbox at a time.
inline constexpr std::uint32_t agent_pieces_in_flight = 64;
/// Largest agent message, of a guest or a client: clients limit a clipboard to 100 MiB.
inline constexpr std::uint32_t agent_message_limit = 128 * 1024 * 1024;
/// File transfers that a client may have open at a time.
inline constexpr std::size_t file_transfers = 1024;
/// Largest body of a client's message that is kept until it is whole before it goes to the guest; clients send files in
/// messages of 64 KiB.
inline constexpr std::size_t agent_whole_message = 64 * 1024 + 1024;
/// Bytes of a client that wait for the guest; while there are more, its tokens are not given back.
inline constexpr std::size_t agent_assembly = 128 * 1024;
/// Largest body of a guest's message that is kept until it is whole, and of any that changes our state.
inline constexpr std::size_t agent_control_message = 8 * 1024;
/// Largest monitors configuration with its header: 20 + 8 + 256 monitors of 24 bytes (the reference's limit).
inline constexpr std::size_t agent_monitors_message = 6172;
/// Bytes of clients that are in the device's write queue at a time: the rest waits where a client's end can find it.
inline constexpr std::size_t agent_write_window = 32 * 1024;
/// Bytes that one call writes for a message whose client has gone.
inline constexpr std::size_t agent_filling_batch = 1024 * 1024;
/// Bytes of our own messages that wait for a guest that takes nothing; more are dropped.
inline constexpr std::size_t agent_own_queue = 256 * 1024;
/// Our own messages that wait for the end of a guest's message; more are dropped.
inline constexpr std::size_t agent_held_messages = 256;
/// Reads from a guest in one go when nobody is to get what is read.
inline constexpr std::size_t agent_reads = 64;
/// Questions for a clipboard that a client may have open at a time, in each direction, and a guest in all.
inline constexpr std::size_t clipboard_requests = 16;
inline constexpr std::size_t clipboard_requests_total = 256;
/// Ticks after which a client that stops in the middle of a message, while others wait, is given up: 10 s with
/// device_tick.
inline constexpr unsigned agent_stall_ticks = 5;
/// States of the pointer's buttons that wait for the guest; more, and the newest takes the place of the one before it.
inline constexpr std::size_t agent_button_states = 16;
/// Displays that the guest's agent is told of, and bytes of the address of each with its NUL.
inline constexpr std::size_t agent_displays = 256;
inline constexpr std::size_t agent_address = 256;

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
