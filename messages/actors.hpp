// SPDX-License-Identifier: BSD-3-Clause
// The contents page: every actor of Saffron, and the types of every message. Display, input and char devices have their
// own pages.
#pragma once

#include "messages/char_device.hpp"
#include "messages/display.hpp"
#include "messages/input.hpp"
#include "messages/session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace saffron {

namespace image::glz {
struct index;
}

/// What a client needs to know of its VM. Immutable; the VM sends a new one when something in it is different.
struct vm_view {
  vm_id id = 0;
  std::string name;
  /// The guest's UUID in the usual text form; empty when unknown.
  std::string uuid;
  std::vector<console_actor> consoles;
  input_actor input;
  /// The guest takes absolute pointer positions, so clients may use client mouse mode.
  bool absolute_pointer = false;
  /// The guest's agent; the device is there always, whether the guest has one or not.
  char_device_actor agent;
  /// There is an agent to talk to.
  bool agent_connected = false;
  /// Every other char device that clients can open.
  std::vector<char_device_view> devices;
  picture_settings pictures;
  /// One encoder for each core.
  std::vector<encoder_actor> encoders;
  video_desk_actor videos;
  /// Codecs that videos can be encoded with.
  std::vector<wire::display::video_codec> video_codecs;
  /// Where in its pictures they have seen what, for GLZ.
  std::shared_ptr<image::glz::index> seen;
};
using vm_view_ptr = std::shared_ptr<const vm_view>;

/// The VM is different now.
struct vm_changed {
  vm_view_ptr view;
};

/// A source is there, or what it offers is different. Answered with the consoles to draw on, one for each head.
struct source_attached {
  source_actor source;
  std::string name;
  std::string uuid;
  std::size_t heads = 1;
  bool absolute_pointer = false;
  bool resizable = false;
  /// Devices that were offered before and are not now are gone.
  std::vector<char_device_offer> char_devices{};
  /// Where the heads are in the guest. The display channel of a head has its number and one monitor, 0.
  std::vector<display_place> places{};
};
/// Handles to draw on, one for each head, in order, and where to report the guest's locks.
struct vm_consoles {
  std::vector<console_actor> consoles;
  input_actor input;
};
/// A source says how it is: "running", "paused", "waiting for /run/web01.qmp".
struct source_state {
  std::string state;
  /// False: the VM's side is gone; screens go black, clients stay.
  bool attached = false;
  /// False: the VM is paused, and its char devices keep what arrives.
  bool running = true;
};

/// What the VM's agent is like now.
struct agent_state {
  /// Clients see an agent.
  bool connected = false;
  /// The guest's agent leads the pointer, so clients may use client mouse mode.
  bool leads_mouse = false;
};

/// The mode a client asked for.
struct mouse_mode_request {
  mouse_mode mode = mouse_mode::server;
};
/// One channel of a client has ended.
struct channel_ended {
  channel_key channel;
  errc reason = errc::none;
};
/// The result of the main channel's bandwidth test: bits per second and smallest round trip.
struct bandwidth_measured {
  std::uint64_t bits_per_second = 0;
  std::uint64_t latency_us = 0;
};
/// A sentence for the user of this client.
struct notify {
  std::string text;
};

/// What every channel client understands, whatever its type.
using channel_client_actor = actor_handle<
    // How are you?
    channel_status(status_query),
    // Tell the peer why, then close.
    void(disconnect)>;
/// A channel client that cares how its user's mouse is led.
using mouse_follower = actor_handle<
    // The client's mouse mode has changed.
    void(mouse_mode_changed)>;

/// The main channel of a client.
using main_client_actor = actor_handle<
    // The VM is different: announce new channels, mouse modes, the agent.
    void(vm_changed),
    // The client's mouse mode has changed.
    void(mouse_mode_changed),
    // Show the user a sentence.
    void(notify),
    // Words of the guest's agent.
    void(device_message),
    // The agent has taken so many of the client's words.
    void(token_grant),
    // The guest's agent has come or gone.
    void(device_event),
    // The answer to attach_client.
    void(device_attached),
    // The agent wants to be rid of this client.
    void(remove_client),
    // How are you?
    channel_status(status_query),
    // Tell the peer why, then close.
    void(disconnect)>;
/// A client of a port, WebDAV or USB device: one stream of bytes. It hears what every client of a device hears, and
/// what every channel client does.
using port_client_actor = device_client_actor::extend_with<channel_client_actor>;
/// A smartcard client: all readers of a VM over one channel.
using smartcard_client_actor = port_client_actor;

/// A connected user: owns its channel clients, its mouse mode and its end.
using client_actor = actor_handle<
    // Another channel of this user is linked.
    void(linked),
    // The main channel asks for a mouse mode.
    void(mouse_mode_request),
    // The main channel has measured its bandwidth.
    void(bandwidth_measured),
    // A channel has ended; without its main channel the client ends too.
    void(channel_ended),
    // A channel has a sentence for the user.
    void(notify),
    // The VM is different.
    void(vm_changed),
    // How are you, and your channels?
    client_status(status_query),
    // Disconnect every channel.
    void(disconnect)>;

/// A VM: its consoles, its input, its source and its clients.
using vm_actor = actor_handle<
    // A channel is linked: a new client, or one more channel of a client.
    void(linked),
    // A client has ended.
    void(client_ended),
    // A client wants another size of a head; its agent says so.
    void(resize_head),
    // A source has attached: which consoles shall it draw on?
    vm_consoles(source_attached),
    // The source says how it is.
    void(source_state),
    // The agent has come, gone, or learnt to lead the mouse.
    void(agent_state),
    // How are you, your consoles and your clients?
    vm_status(status_query),
    // End, clients first.
    void(shut_down)>;

/// A VM for the registry: its settings, its actor, and the listeners that lead to it alone.
struct add_vm {
  vm_settings settings;
  vm_id id = 0;
  vm_actor vm;
  std::vector<std::uint32_t> own_listeners;
};

/// The registry: knows every VM, ticket, client and connection id, and nothing of pixels.
using registry_actor = actor_handle<
    // A link has shown its ticket: which VM and which client is it, on which loop?
    link_verdict(authorize),
    // A VM is there.
    void(add_vm),
    // A VM has another ticket from now on.
    void(set_ticket),
    // A client has ended and its id is free.
    void(client_ended),
    // How are all VMs?
    host_status(status_query),
    // Refuse new links, end every VM.
    void(shut_down)>;

} // namespace saffron

// clang-format off
#define SAFFRON_TYPES(X) \
  X(saffron::authorize) X(saffron::linked) X(saffron::link_sink) X(saffron::link_verdict) X(saffron::client_ended) \
  X(saffron::disconnect) X(saffron::shut_down) X(saffron::set_ticket) X(saffron::status_query) \
  X(saffron::channel_status) X(saffron::client_status) X(saffron::console_status) X(saffron::vm_status) \
  X(saffron::host_status) X(saffron::draw_batch) X(saffron::display_update) X(saffron::cursor_state) \
  X(saffron::cursor_update) X(saffron::attach_display) X(saffron::pull_display) X(saffron::attach_cursor) \
  X(saffron::refine_display) X(saffron::mend_due) X(saffron::video_check) \
  X(saffron::pull_cursor) X(saffron::detach_viewer) X(saffron::attach_feed) X(saffron::blank) X(saffron::encode) \
  X(saffron::encoded) X(saffron::encode_video) X(saffron::encoded_video) X(saffron::leave_video) \
  X(saffron::join_dictionary) X(saffron::mouse_mode_changed) X(saffron::lock_state) X(saffron::client_key) \
  X(saffron::client_pointer) X(saffron::client_locks) X(saffron::attach_inputs) X(saffron::detach_inputs) \
  X(saffron::key_input) X(saffron::pointer_input) X(saffron::resize_head) X(saffron::attach_source) \
  X(saffron::vm_changed) X(saffron::source_attached) X(saffron::vm_consoles) X(saffron::source_state) \
  X(saffron::mouse_mode_request) X(saffron::channel_ended) X(saffron::bandwidth_measured) X(saffron::notify) \
  X(saffron::add_vm) X(saffron::tick) X(saffron::attach_client) X(saffron::detach_client) X(saffron::client_data) \
  X(saffron::add_send_tokens) X(saffron::set_send_tokens) X(saffron::client_event) X(saffron::attach_backend) \
  X(saffron::start_device) X(saffron::stop_device) X(saffron::agent_pointer) X(saffron::set_display_places) \
  X(saffron::set_resizable) X(saffron::device_state) X(saffron::save_device) X(saffron::restore_device) \
  X(saffron::wait_for_tokens_expired) X(saffron::retry_write) X(saffron::char_device_status) \
  X(saffron::device_message) X(saffron::token_grant) X(saffron::device_event) X(saffron::device_attached) \
  X(saffron::remove_client) X(saffron::agent_state) X(saffron::set_agent_pointer)
// clang-format on

namespace saffron {
/// An actor's own clock: sent to itself with a delay. `epoch` tells a stale one from the current one.
struct tick {
  std::uint64_t epoch = 0;
};
} // namespace saffron

#define SAFFRON_ADD_ID(type) CAF_ADD_TYPE_ID(saffron, (type))
CAF_BEGIN_TYPE_ID_BLOCK(saffron, caf::first_custom_type_id)
SAFFRON_TYPES(SAFFRON_ADD_ID)
CAF_END_TYPE_ID_BLOCK(saffron)
#undef SAFFRON_ADD_ID

SAFFRON_TYPES(CAF_ALLOW_UNSAFE_MESSAGE_TYPE)
