"""A line to the served product that can be cut: what lies behind it is out of reach for pages and service workers alike."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Line:
    """Passes on whatever comes to a port of its own, until it is cut. `mend` brings it back on the same port."""

    def __init__(self, port_behind: int) -> None:
        self.behind = port_behind
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """Whoever tries to connect is refused, and what was connected is cut off."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in list(self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                here, _ = listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.behind))
            self.open |= {here, there}
            threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, here, there, suppress(OSError):
            ready.register(here, selectors.EVENT_READ, there)
            ready.register(there, selectors.EVENT_READ, here)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]  # both are sockets
                    if not data:
                        return
                    key.data.sendall(data)
        self.open -= {here, there}
