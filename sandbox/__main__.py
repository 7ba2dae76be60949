"""``python -m sandbox``: serve until told to stop."""

from __future__ import annotations

import os
import signal
import sys
import threading

from sandbox import create_app
from sandbox.config import Config
from sandbox.server import bind


def main() -> int:
    try:
        config = Config.from_env(os.environ)
    except ValueError as fault:
        return _give_up(f"The sandbox cannot start: {fault}.")
    app = create_app(config)
    try:
        server = bind(app, config.host, config.port)
    except OSError as fault:
        return _give_up(
            f"The sandbox cannot listen on {config.host}:{config.port} ({os.strerror(fault.errno) if fault.errno else fault}); "
            "stop what uses the port or set SANDBOX_PORT to another."
        )
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    sys.stdout.write(f"Sandbox: http://{config.host}:{config.port}/\n")
    sys.stdout.flush()
    stopping.wait()
    app.extensions["sandbox"].stop()
    server.shutdown()
    server.server_close()
    return 0


def _give_up(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
