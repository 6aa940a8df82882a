# SPDX-License-Identifier: BSD-3-Clause
"""A SPICE client made of spice-client-glib that uses char devices: copies, pastes, sends files, and talks on ports.

Nothing is answered by itself but what was offered with copy(); what comes is kept for the test to look at."""
import ctypes

from spice_client import SpiceClient, on

from gi.repository import Gio, GLib, GObject, SpiceClientGLib

MAIN, USBREDIR, PORT, WEBDAV = 1, 9, 10, 11
CLIPBOARD, PRIMARY, SECONDARY = range(3)
OPENED, CLOSED, BREAK = range(3)

# What PyGObject cannot do: it frees the bytes of a write before they are sent.
_library = ctypes.CDLL("libspice-client-glib-2.0.so.8")
_ready_callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_write_async = _library.spice_port_channel_write_async
_write_async.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, _ready_callback,
                         ctypes.c_void_p)
_write_async.restype = None
_write_finish = _library.spice_port_channel_write_finish
_write_finish.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_write_finish.restype = ctypes.c_ssize_t
# A session releases its channels once more than it takes hold of them: who makes one gives it a reference.
_reference = _library.g_object_ref
_reference.argtypes = (ctypes.c_void_p,)
_reference.restype = ctypes.c_void_p


class Port:
    """A port channel, and what came on it."""

    def __init__(self, channel):
        self.channel = channel
        self.data = bytearray()
        self.events = []
        self.opened_changes = []
        self.written = 0
        self.error = False
        self._writes = {}
        self._finished = _ready_callback(self._write_finished)
        on(channel, "port-data", self._port_data)
        on(channel, "port-event", lambda _channel, event: self.events.append(event))
        on(channel, "notify::port-opened", lambda *_: self.opened_changes.append(self.opened))

    @property
    def name(self):
        return self.channel.get_property("port-name")

    @property
    def opened(self):
        return self.channel.get_property("port-opened")

    def write(self, data):
        """`written` grows when the library has sent it."""
        if not data:
            return
        number = max(self._writes, default=0) + 1
        self._writes[number] = ctypes.create_string_buffer(bytes(data), len(data))
        _write_async(hash(self.channel), self._writes[number], len(data), None, self._finished, number)

    def _write_finished(self, _source, result, number):
        count = _write_finish(hash(self.channel), result, None)
        del self._writes[number]
        if count < 0:
            self.error = True
        else:
            self.written += count

    def send_event(self, event):
        self.channel.event(event)

    def _port_data(self, _channel, address, size):
        if size > 0:
            self.data += ctypes.string_at(address, size)


class DeviceClient(SpiceClient):
    def __init__(self, test, *, webdav=False, shared=None, **keywords):
        self.grabs = {}  # selection -> types that the guest offers
        self.releases = []
        self.pasted = {}  # (selection, type) -> bytes that the guest sent
        self.requests = []  # (selection, type) that the guest asked for
        self.offers = {}  # (selection, type) -> bytes
        self.transfers = []  # SpiceFileTransferTask
        self.finished = {}  # id of a transfer -> None or the error's text
        self.copies = []  # results of send_files
        self.ports = {}  # channel id -> Port
        self.webdav = None
        self._wants_webdav = webdav
        self._shared = shared  # a folder that the library's WebDAV server shows
        self._own = []  # channels that this class made
        super().__init__(test, **keywords)

    def _channel_new(self, session, channel):
        if channel in self._own or (self._own and self._own[-1] is None):
            return
        super()._channel_new(session, channel)
        kind, number = channel.get_property("channel-type"), channel.get_property("channel-id")
        if kind == WEBDAV and self._shared:
            self.session.set_property("shared-dir", self._shared)
            channel.connect()
        elif kind == MAIN:
            on(channel, "main-clipboard-selection-grab", self._grabbed)
            on(channel, "main-clipboard-selection-release", self._released)
            on(channel, "main-clipboard-selection-request", self._requested)
            on(channel, "main-clipboard-selection", self._clipboard)
            on(channel, "new-file-transfer", self._new_transfer)
        elif kind == PORT:
            self.ports[number] = Port(channel)
            channel.connect()
        elif kind == WEBDAV and self._wants_webdav:
            # The library's own WebDAV server sits on a channel of its class: a plain port channel has the bare bytes.
            self._own.append(None)
            bare = GObject.new(SpiceClientGLib.PortChannel, spice_session=session, channel_type=WEBDAV,
                               channel_id=number)
            _reference(hash(bare))
            self._own[-1] = bare
            on(bare, "channel-event", self._channel_event)
            self.webdav = Port(bare)
            bare.connect()

    # -- the agent ----------------------------------------------------------------------------------------------------

    @property
    def agent(self):
        return self.main is not None and self.main.get_property("agent-connected")

    def wait_for_agent(self, seconds=10):
        """Until the agent is there and has said what it can."""
        by_demand = 5
        self.run_until(lambda: self.agent and self.main.agent_test_capability(by_demand), seconds, "the agent")

    def copy(self, contents, selection=CLIPBOARD):
        """Offers {type: bytes}. Answers requests for it until something else is copied."""
        self.offers = {key: value for key, value in self.offers.items() if key[0] != selection}
        self.offers.update({(selection, kind): data for kind, data in contents.items()})
        self.main.clipboard_selection_grab(selection, list(contents))

    def release(self, selection=CLIPBOARD):
        self.offers = {key: value for key, value in self.offers.items() if key[0] != selection}
        self.main.clipboard_selection_release(selection)

    def paste(self, kind, selection=CLIPBOARD, seconds=20):
        """What the guest has; None when it has no such thing."""
        self.pasted.clear()
        self.main.clipboard_selection_request(selection, kind)
        self.run_until(lambda: self.pasted, seconds, f"the guest's clipboard {selection} as {kind}")
        return self.pasted.get((selection, kind))

    def _grabbed(self, _main, selection, types, _count):
        self.grabs[selection] = list(types)
        return True

    def _released(self, _main, selection):
        self.releases.append(selection)
        self.grabs.pop(selection, None)

    def _requested(self, main, selection, kind):
        self.requests.append((selection, kind))
        data = self.offers.get((selection, kind))
        main.clipboard_selection_notify(selection, kind if data is not None else 0, data or b"")
        return True

    def _clipboard(self, _main, selection, kind, data, size):
        self.pasted[selection, kind] = ctypes.string_at(data, size) if size else b""

    # -- files --------------------------------------------------------------------------------------------------------

    def send_files(self, *paths):
        """Begins; `copies` gets True or the error's text when all are done."""
        files = [Gio.File.new_for_path(path) for path in paths]
        self.main.file_copy_async(files, Gio.FileCopyFlags.NONE, None, None, None, self._copied, None)

    def cancel(self, task, seconds=20):
        """Until the agent was told, which the library does only when it has something else to say as well: here, that
        selection SECONDARY is free."""
        count = len(self.copies)
        task.cancel()
        self.run_until(lambda: len(self.copies) > count, seconds, "the end of the transfer")
        self.main.clipboard_selection_release(SECONDARY)

    def _copied(self, main, result, *_):
        try:
            self.copies.append(main.file_copy_finish(result))
        except GLib.Error as error:
            self.copies.append(error.message)

    def _new_transfer(self, _main, task):
        self.transfers.append(task)
        number = task.get_property("id")
        on(task, "finished", lambda _task, error: self.finished.update({number: error and error.message}))

    # -- monitors -----------------------------------------------------------------------------------------------------

    def set_monitors(self, *places):
        """(x, y, width, height) for each display; sent at once."""
        for number, (x, y, width, height) in enumerate(places):
            self.main.update_display_enabled(number, True, False)
            self.main.update_display(number, x, y, width, height, False)
        self.main.send_monitor_config()
