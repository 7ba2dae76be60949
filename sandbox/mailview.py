"""Makes a mail showable in a locked frame: embedded pictures become data, links open elsewhere."""

from __future__ import annotations

import base64
import re

from sandbox.state import Mail, unpack

_BASE = '<base target="_blank">'


def rendered(mail: Mail) -> str:
    """The mail's HTML with its cid: pictures filled in; a plain sentence where it has no HTML."""
    html = mail.html()
    if not html:
        return f"<!doctype html>{_BASE}<p style='font:15px sans-serif;padding:1.5rem'>This mail has no HTML part.</p>"
    for item in mail.attachments:
        if item.content_id and item.type.startswith("image/"):
            data = base64.b64encode(unpack(item.packed)).decode()
            html = html.replace(f"cid:{item.content_id}", f"data:{item.type};base64,{data}")
    # After <head>: anything before the doctype would put the browser into quirks mode.
    with_base, found = re.subn(r"(<head\b[^>]*>)", rf"\1{_BASE}", html, count=1, flags=re.IGNORECASE)
    return with_base if found else html + _BASE
