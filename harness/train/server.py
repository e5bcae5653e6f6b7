"""The server under the site: uvicorn, with patience for a room of people and little for anybody else.

It is meant for a network that you trust: what is sent a little at a time, once it has begun, is waited for.
"""

import asyncio
import contextlib
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from harness.train.study import Study

MOST_CONNECTIONS = 500  # a browser keeps six at most; a class of eighty has room
SILENT_S = 20.0  # after which whoever has asked nothing yet is shown out
KEEP_ALIVE_S = 15
STOPPING_S = 3


class _Impatient(H11Protocol):
    """A connection that is closed where it asks nothing for some seconds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(SILENT_S, self._close_if_silent)

    def shutdown(self) -> None:
        """Wait for an answer that is being made, and not for a form that has not come whole."""
        super().shutdown()
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.more_body:
            self.transport.close()

    def _close_if_silent(self) -> None:
        if self.cycle is None:
            self.transport.close()


class _Server(uvicorn.Server):
    """A server that gives up what it is looking for as soon as it is to stop."""

    def __init__(self, config: uvicorn.Config, study: Study) -> None:
        super().__init__(config)
        self._study = study

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and let nothing that takes long keep us."""
        self._study.give_up()
        super().handle_exit(sig, frame)


def server_of(site: ASGIApp, study: Study) -> uvicorn.Server:
    """The server of a site, not yet running."""
    config = uvicorn.Config(
        site,
        http=_Impatient,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOPPING_S,
    )
    return _Server(config, study)


def serve(site: ASGIApp, study: Study, listening: socket.socket) -> None:
    """Serve a site until it is stopped by a signal."""
    with contextlib.suppress(KeyboardInterrupt):
        server_of(site, study).run(sockets=[listening])
