# SPDX-License-Identifier: BSD-3-Clause
"""A line between a client and a server that is slow and long: so many bytes a second towards the client, and a delay each
way. Like a modem it buffers little, so that the server's TCP feels it."""
import asyncio
import threading

PIECE = 1460
BUFFER = 16 * 1024


class SlowLink:
    def __init__(self, test, server_port, *, bytes_per_second, delay):
        self.rate, self.delay = bytes_per_second, delay
        self.server_port = server_port
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)
        test.addCleanup(self.close)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, limit=BUFFER))
        self.port = server.sockets[0].getsockname()[1]
        self.free_at = 0.0  # the line is one for all channels of the client
        ready.set()
        self.loop.run_forever()

    async def _accept(self, client_reader, client_writer):
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.server_port, limit=BUFFER)
        await asyncio.gather(self._carry(server_reader, client_writer, self.rate),
                             self._carry(client_reader, server_writer, 1e9), return_exceptions=True)

    async def _carry(self, reader, writer, rate):
        """Pieces leave one after another at the line's pace, and arrive a delay later."""
        underway = asyncio.Queue(maxsize=max(4, int(rate * self.delay / PIECE) + 4) if rate < 1e8 else 1000)

        async def deliver():
            while True:
                due, data = await underway.get()
                await asyncio.sleep(max(0, due - self.loop.time()))
                writer.write(data)
                await writer.drain()

        delivery = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(PIECE):
                if rate < 1e8:
                    start = max(self.free_at, self.loop.time())
                    self.free_at = start + len(data) / self.rate
                    await asyncio.sleep(max(0, self.free_at - self.loop.time()))
                await underway.put((self.loop.time() + self.delay, data))
        finally:
            delivery.cancel()
            writer.close()

    def improve(self, bytes_per_second):
        self.rate = bytes_per_second

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self.loop)
        self.thread.join(5)

    async def _end(self):
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.loop.stop()
