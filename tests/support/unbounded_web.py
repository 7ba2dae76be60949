"""The product's web without its bounds on bodies, to see what they are for: ``granian tests.support.unbounded_web:app``."""

from __future__ import annotations

from wsgi import app

__all__ = ["app"]

app.extensions["elite"].bodies.timely = lambda environ, answer: answer()
