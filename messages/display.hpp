// SPDX-License-Identifier: BSD-3-Clause
// The conversation about pixels: a source draws on a console, display and cursor clients take what changed when they
// can. Nothing is pushed to a client that has not asked, so a slow client costs a region and no queue.
#pragma once

#include "messages/image/picture.hpp"
#include "messages/session.hpp"
#include "messages/wire/display_stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saffron {

class console_feed;
namespace image {
struct glz_job;
}

/// Every pixel of `area` becomes `color`, 0x00RRGGBB.
struct fill {
  rect area;
  std::uint32_t color = 0;
  friend bool operator==(const fill&, const fill&) = default;
};

/// The pixels whose left top corner is `source` are copied onto `area`; the two may overlap.
struct copy_bits {
  rect area;
  point source;
  friend bool operator==(const copy_bits&, const copy_bits&) = default;
};

/// The surface is this large from now on, and black.
struct set_surface {
  extent size;
};

/// New pixels for `area`: rows of `area.width() * 4` bytes, B G R X, top row first.
struct put_pixels {
  rect area;
  shared_bytes pixels;
};

/// A guest's own picture, one pixel for one, at `position`: clients that are in step get it as it is, in its format.
struct draw_image {
  point position;
  picture_ptr shown;
  /// What it covers.
  [[nodiscard]] rect area() const noexcept { return shown->area.shifted(position.x, position.y); }
  friend bool operator==(const draw_image&, const draw_image&) = default;
};

using draw_command = std::variant<set_surface, fill, copy_bits, put_pixels, draw_image>;

/// Commands of a source, in order. The reply, the number applied, is the credit for the next batch.
struct draw_batch {
  std::vector<draw_command> commands;
};

/// What is forwarded as it is: what costs nothing on the wire, and pictures that are shared by all.
using forwarded_command = std::variant<fill, copy_bits, draw_image>;

/// Current pixels of one rectangle, cut into strips of whole rows, top strip first.
struct patch {
  rect area;
  std::vector<picture_ptr> strips;
};

/// A part of the screen that moves like a video.
struct video_area {
  /// Unique in its console, never reused, never 0.
  std::uint32_t id = 0;
  rect area;
  friend bool operator==(const video_area&, const video_area&) = default;
};
/// The newest pixels of such a part, as one picture.
struct video_frame {
  video_area of;
  picture_ptr shown;
};

/// What a client needs to be as current as it asked to be: first the operations, then the patches.
struct display_update {
  /// Counts the surfaces; when it changes the client makes a new one of `size`.
  std::uint32_t epoch = 0;
  extent size;
  std::vector<forwarded_command> operations;
  std::vector<patch> patches;
  /// Of a viewer that takes videos: all that there are now, and those that have a new frame. Frames come after patches.
  std::vector<video_area> videos;
  std::vector<video_frame> frames;
  /// Pixels still missing after this update.
  std::uint64_t damage_pixels = 0;
};

/// A cursor's picture. `pixels` is in the form that `type` says (protocol: 0 alpha, 1 mono, 6 colour with mask, …).
struct cursor_shape {
  /// Key of the clients' caches; 0 is never cached.
  std::uint64_t unique = 0;
  std::uint8_t type = 0;
  std::uint16_t width = 0, height = 0, hot_x = 0, hot_y = 0;
  shared_bytes pixels;
};

using cursor_shape_ptr = std::shared_ptr<const cursor_shape>;

/// All there is to know of a console's cursor.
struct cursor_state {
  /// None: the guest has set no shape.
  cursor_shape_ptr shape;
  point position;
  bool visible = true;
  /// Ghosts behind the moving cursor, and their frequency; usually 0.
  std::uint16_t trail_length = 0, trail_frequency = 0;
  /// Counts resets (the VM restarted): clients drop their caches when it changes.
  std::uint32_t generation = 0;
};

/// The cursor is different from what this viewer took last.
struct cursor_update {
  cursor_state state;
};

/// A display client: takes pictures from its console and sends them when its socket has room.
using display_client_actor = actor_handle<
    // What was asked for with pull_display.
    void(display_update),
    // An encoded strip has come back from its encoder.
    void(struct encoded),
    // Frames of a video have come back from its encoder.
    void(struct encoded_video),
    // It is time to mend what was sent with loss and rests.
    void(struct mend_due),
    // How are you?
    channel_status(status_query),
    // Close the channel.
    void(disconnect)>;

/// A cursor client: mirrors its console's cursor.
using cursor_client_actor = actor_handle<
    // What was asked for with pull_cursor.
    void(cursor_update),
    // The client's mouse mode has changed: in client mode it moves the cursor itself.
    void(struct mouse_mode_changed),
    // How are you?
    channel_status(status_query),
    // Close the channel.
    void(disconnect)>;

/// A display client starts to read.
struct attach_display {
  viewer_id viewer = 0;
  display_client_actor display;
};
/// The viewer has room: one display_update follows, at once or as soon as something is different.
struct pull_display {
  viewer_id viewer = 0;
  /// Raw bytes of pixels that are welcome.
  std::size_t pixel_bytes = 0;
  /// Videos may come as frames rather than as patches.
  bool video = false;
};
/// What the viewer shows here is not what the surface has (it was packed with loss): damage, behind all newer damage.
struct refine_display {
  viewer_id viewer = 0;
  std::vector<rect> areas;
};
/// A cursor client starts to read.
struct attach_cursor {
  viewer_id viewer = 0;
  cursor_client_actor cursor;
};
/// The viewer has room: one cursor_update follows, at once or as soon as the cursor is different.
struct pull_cursor {
  viewer_id viewer = 0;
};
/// A display or cursor client has ended.
struct detach_viewer {
  viewer_id viewer = 0;
};
/// A feed writes into the surface from the console's own loop; it replaces the one before.
struct attach_feed {
  std::shared_ptr<console_feed> feed;
};
/// The VM's side is gone: black, no cursor, until it draws again.
struct blank {};

/// Scheduled by a console to itself.
struct video_check {};

/// A console: surfaces, the draw log and the cursor of one display head.
using console_actor = actor_handle<
    // A viewer has room for an update.
    void(pull_display),
    // A viewer wants these areas again.
    void(refine_display),
    // A viewer has room for a cursor update.
    void(pull_cursor),
    // A source draws; the reply is its credit.
    std::uint32_t(draw_batch),
    // A source changes the cursor.
    void(cursor_state),
    // A display client starts to read; its first update is the whole picture.
    void(attach_display),
    // A cursor client starts to read; its first update is the whole state.
    void(attach_cursor),
    // A viewer has ended.
    void(detach_viewer),
    // A source hands over a feed.
    void(attach_feed),
    // The source is gone.
    void(blank),
    // It may be that a video has ended.
    void(struct video_check),
    // How are you?
    console_status(status_query),
    // End.
    void(shut_down)>;

/// One strip to encode for one client.
struct encode {
  viewer_id viewer = 0;
  picture_ptr picture;
  image_form form = image_form::raw;
  /// Comes back with the result: which update and which strip of it this is.
  std::uint32_t update = 0, strip = 0;
  display_client_actor reply_to;
  /// Of GLZ: what the client's dictionary has to say about it.
  std::shared_ptr<const image::glz_job> glz{};
};
/// The strip in its encoded form. None: its encoder ran out of memory, and others may wait for this image for ever.
struct encoded {
  std::uint32_t update = 0, strip = 0;
  std::optional<encoded_form> made;
};
/// Scheduled by a display client to itself.
struct mend_due {};

/// An encoder: one of as many as cores, on CAF's scheduler; the picture's id chooses it, so each form is made once.
using encoder_actor = actor_handle<
    // Encode this strip, or share the form made before; `encoded` goes to the client.
    void(encode)>;

/// How a video is encoded; viewers for whom it is the same share the encoder.
struct video_coding {
  wire::display::video_codec codec = wire::display::video_codec::mjpeg;
  std::uint64_t bits_per_second = 0;
  /// Frames are this many times smaller, each way, than the area.
  std::uint32_t reduction = 1;
  friend auto operator<=>(const video_coding&, const video_coding&) = default;
};
/// The newest frame of a video, to encode for one viewer.
struct encode_video {
  viewer_id viewer = 0;
  std::uint8_t console = 0;
  video_frame frame;
  video_coding coding;
  /// The last frame of this coding that the viewer has; 0: none.
  std::uint64_t last = 0;
  /// Comes back with the result: which update and which frame of it this is.
  std::uint32_t update = 0, number = 0;
  display_client_actor reply_to;
};
/// A frame as bytes. Numbers count the frames of one encoder, from 1.
struct coded_frame {
  std::uint64_t number = 0;
  /// It can be decoded without the ones before it.
  bool key_frame = false;
  shared_bytes data;
};
/// What the viewer needs to show the newest frame, in order. Nothing: it has to wait for the next key frame.
struct encoded_video {
  std::uint32_t update = 0, number = 0;
  std::vector<coded_frame> frames;
  /// There is no encoder for it.
  bool failed = false;
};
/// A viewer watches this video no more.
struct leave_video {
  viewer_id viewer = 0;
  std::uint8_t console = 0;
  std::uint32_t video = 0;
};

/// A video encoder: of one video in one coding, on CAF's scheduler; ends when nobody knows it any more.
using video_encoder_actor = actor_handle<
    // Encode this frame, or share it; `encoded_video` goes to the viewer.
    void(encode_video)>;

/// The video desk of a VM: brings viewers of the same video and coding to the same encoder.
using video_desk_actor = actor_handle<
    // A viewer wants a frame.
    void(encode_video),
    // A viewer watches a video no more.
    void(leave_video),
    // A viewer has ended.
    void(detach_viewer)>;

/// A display client takes part in its client's GLZ dictionary of this number. The first one says how many pixels it
/// has.
struct join_dictionary {
  viewer_id viewer = 0;
  std::uint8_t dictionary = 0;
  std::uint32_t window_pixels = 0;
  display_client_actor display;
};

/// The GLZ dictionaries of one client: what it still has of the pictures that were sent on all its display channels.
using glz_dictionary_actor = actor_handle<
    // Another display channel of the client; when it ends, its dictionary ends with it.
    void(join_dictionary),
    // Have this strip encoded as the next image of the viewer's dictionary, or as LZ when it cannot be one.
    void(encode)>;

} // namespace saffron
