"""The edge: HTTP. It parses, authorises, calls one service, answers, and commits, in one place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from api import encoding, errors, headers
from api.bodies import Bodies
from api.edge import EXTENSION, Edge, Ports
from api.figures import FiguresOfHouse
from api.google import GoogleTokens
from api.kept import KeptAnswers
from api.lane import Lane
from api.limited import limit_views
from api.limits import Limits
from api.openapi import Api, document
from api.origins import Origins
from api.passwords import Passwords
from api.redis_scripts import RedisScripts
from api.resources import BLUEPRINTS, callbacks, docs
from api.session_cache import SessionCache
from api.tallies import Tallies
from api.tokens import DeviceTokens, QuoteSigner, RefreshTokens, configure_access_tokens
from api.waiting import Waits
from api.workplaces import Workplaces
from domain.one_time import OneTimeTokens
from domain.vault import Vault
from services.catalogue.lists import Totals
from settings import Settings

__all__ = ["Ports", "create_app"]

LARGEST_BODY = 64 * 1024


class _App(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """All our functions are synchronous; Flask would look at each of them anew for each request."""
        return func

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        bodies = self.extensions[EXTENSION].bodies
        return bodies.timely(environ, lambda: super(_App, self).__call__(environ, start_response))


def create_app(settings: Settings, ports: Ports) -> Flask:
    """The WSGI application. Everything it needs from outside comes in through ``ports``."""
    app = _App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    origins = Origins(settings)
    headers.register(app)
    origins.register(app)
    encoding.register(app)
    configure_access_tokens(app, settings)
    app.extensions[EXTENSION] = _edge(settings, ports)
    app.before_request(_bound_body)
    _mount(app)
    limit_views(app, settings)
    errors.register(app)
    app.wsgi_app = Lane(app, app.extensions[EXTENSION], origins)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def _edge(settings: Settings, ports: Ports) -> Edge:
    workplaces = Workplaces(settings.web_threads)
    slots = min(max((os.cpu_count() or 1) // settings.web_workers, 1), workplaces.with_passwords)
    scripts = RedisScripts(settings.redis_url)
    limits = Limits(scripts)
    waits = Waits(ports.db, ports.clock, workplaces)
    return Edge(
        settings=settings,
        ports=ports,
        workplaces=workplaces,
        bodies=Bodies(workplaces),
        limits=limits,
        kept=KeptAnswers(scripts, limits, timedelta(seconds=settings.cache_seconds), settings.build_revision),
        passwords=Passwords(
            rounds=settings.bcrypt_rounds,
            slots=slots,
            queue=workplaces.with_passwords - slots,
            aside=workplaces.left,
        ),
        refresh_tokens=RefreshTokens(settings.jwt_refresh_secret),
        device_tokens=DeviceTokens(settings.jwt_refresh_secret),
        one_time_tokens=OneTimeTokens(settings.jwt_refresh_secret),
        vault=Vault(settings.encryption_keys),
        quotes=QuoteSigner(settings.jwt_secret),
        sessions=SessionCache(),
        waits=waits,
        google=GoogleTokens(ports.db, waits, settings.google_client_ids),
        figures=FiguresOfHouse(ports.db, ports.clock, ports.broker_ping, settings.build_revision),
        totals=Totals(),
        tallies=Tallies(scripts, settings.jwt_refresh_secret),
    )


def _mount(app: Flask) -> None:
    settings = app.extensions[EXTENSION].settings
    api = Api(app, settings)
    callbacks.register_schemas(api.spec)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(docs.blueprint)
    for address in docs.FRONT_DOORS:
        app.add_url_rule(address, view_func=docs.front_door)
    docs.keep_document(app, document(app, api, settings))


def _bound_body() -> None:
    """A resource may take less than the default, never more by accident."""
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(getattr(view, "view_class", None), "largest_body", LARGEST_BODY)
