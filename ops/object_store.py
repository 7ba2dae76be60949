"""The stand-in for S3 on a developer's machine and in the tests: moto's server with our bucket in it, all of it in memory."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from urllib.parse import urlsplit

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from ops import bucket, environment


def main() -> int:
    """Serve AWS_ENDPOINT_URL's port on this machine until told to stop."""
    settings = environment.settings_from(os.environ)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    # Every request, with its signature in the address.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    store = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", urlsplit(settings.aws_endpoint_url).port or 80, store, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    bucket.make(settings)
    sys.stdout.write(f"Object store: {settings.aws_endpoint_url}/{settings.aws_bucket_name}\n")
    sys.stdout.flush()
    stopping.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
