"""Where M-Pesa's callbacks arrive when no edge runs: real HTTP straight into the inbox."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from domain.errors import NotFound
from models.session import Database
from services.context import Context
from services.money.inbox import receive_mpesa_callback


class CallbackDesk(ThreadingHTTPServer):
    """Takes POSTs to ``url``/<token>; ``accepted`` counts those with a token that is somebody's."""

    daemon_threads = True

    def __init__(self, db: Database, ctx: Context):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.db = db
        self.ctx = ctx
        self.accepted = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._counting = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def receive(self, token: str, body: bytes) -> int:
        """The HTTP status that the caller gets."""
        try:
            with self.db.transaction() as session:
                receive_mpesa_callback(session, self.ctx, token, body)
        except NotFound:
            return 404
        with self._counting:
            self.accepted += 1
        return 200

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: CallbackDesk

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.receive(self.path.rpartition("/")[2], body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Tests print nothing."""
