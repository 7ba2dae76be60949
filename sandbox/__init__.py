"""A stand-in for M-Pesa, SendGrid, Africa's Talking and Google over real HTTP; a stranger to the code that calls it."""

from __future__ import annotations

from flask import Flask, Response

from sandbox import africastalking, cdn, control, control_google, daraja, google, page, sendgrid
from sandbox.config import Config
from sandbox.recorder import record_calls
from sandbox.world import World

__all__ = ["Config", "create_app"]


def create_app(config: Config | None = None) -> Flask:
    """One stand-in with books of its own; its World is ``app.extensions["sandbox"]``."""
    app = Flask(__name__)
    app.json.sort_keys = False
    app.json.ensure_ascii = False
    app.extensions["sandbox"] = World(config or Config())
    record_calls(app)
    app.after_request(_plain_types)
    for part in (daraja, sendgrid, africastalking, google, control, control_google, cdn, page):
        app.register_blueprint(part.blueprint)
    return app


def _plain_types(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
