"""A TLS front for mail servers of the tests: it ends the client's TLS, speaks to the server behind it in the clear or over
TLS of its own, and writes down who said what, in flights. For servers that have no TLS, and to see what is on the wire."""
import asyncio
import contextlib
import re
import ssl
import threading


class Talk:
    """One connection: flights of ["client" or "server", bytes]; what one side says without the other between is one."""

    def __init__(self):
        self.flights = []

    def said(self, side, data):
        if not self.flights or self.flights[-1][0] != side:
            self.flights.append([side, b""])
        self.flights[-1][1] += data

    def messages(self):
        """For each transaction, the client's flights from the one with its MAIL on, the first of the next left out."""
        found = []
        for side, data in self.flights:
            if side == "client":
                if re.search(rb"^MAIL FROM:", data, re.M):
                    found.append([])
                if found and not data.startswith(b"QUIT\r\n"):
                    found[-1].append(data)
        return found


class Front:
    """Loopback only. `tls`: a client's SSL context for the server behind, else that is spoken to in the clear.
    `starttls`: what the client finds, instead of implicit TLS. `edit(line)` replaces lines of the server's replies."""

    def __init__(self, certificate, port, tls=None, starttls=False, edit=None):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)
        self._upstream = {"host": "127.0.0.1", "port": port, "ssl": tls, "server_hostname": "localhost" if tls else None}
        self._starttls, self._edit, self.talks = starttls, edit, []
        self._loop, started = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)  # connections that break are what some tests want
        options = {} if self._starttls else {"ssl": self._context}
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, **options))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, client_reader, client_writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(client_writer):
            if self._starttls and not await self._secure(client_reader, client_writer):
                return
            reader, writer = await asyncio.open_connection(**self._upstream)
            with contextlib.closing(writer):
                if self._starttls:
                    await self._reply(reader)  # its greeting was passed on from the connection before
                talk = Talk()
                self.talks.append(talk)
                await self._join(talk, (client_reader, client_writer), (reader, writer))

    async def _secure(self, client_reader, client_writer):
        """Up to the handshake, as a server with STARTTLS; False when the client went before. The server has a connection of
        its own for this: to it, EHLO is said once."""
        reader, writer = await asyncio.open_connection(**self._upstream)
        line = b""
        with contextlib.closing(writer):
            while True:
                reply = await self._reply(reader)
                if line[:4].upper() == b"EHLO":
                    reply.insert(1, b"250-STARTTLS\r\n")
                client_writer.write(b"".join(reply))
                line = await client_reader.readline()
                if line.upper() == b"STARTTLS\r\n":
                    client_writer.write(b"220 Go on\r\n")
                    await client_writer.start_tls(self._context)
                    return True
                if not line:
                    return False
                writer.write(line)

    @staticmethod
    async def _reply(reader):
        lines = [await reader.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(await reader.readline())
        return lines

    async def _join(self, talk, client, server):
        pumps = [asyncio.create_task(self._pump(talk, "client", client[0], server[1])),
                 asyncio.create_task(self._pump(talk, "server", server[0], client[1]))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        # Who went first has said all; what the other still says to nobody is of no use.
        await asyncio.sleep(0.05)
        for pump in pumps:
            pump.cancel()

    async def _pump(self, talk, side, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if side == "server" and self._edit:
                    data = b"".join(self._edit(line) for line in data.splitlines(keepends=True))
                talk.said(side, data)
                writer.write(data)
                await writer.drain()
