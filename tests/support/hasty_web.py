"""The product's web with less patience for slow bodies, which are the same otherwise: ``granian tests.support.hasty_web:app``."""

from __future__ import annotations

from wsgi import app

__all__ = ["app"]

app.extensions["elite"].bodies._grace_seconds = 2.0
