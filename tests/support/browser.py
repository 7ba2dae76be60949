"""Forms as browsers send them, byte by byte: Chrome's boundary, and an empty part where nobody chose a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

BOUNDARY = "----WebKitFormBoundaryx7Hq2pGm0aZkYt4V"
#: A page that knows nothing of us.
ORIGIN = "https://guides-wanted.example.org"

#: Name and text, or name, filename, type and bytes.
Entry = tuple[str, str] | tuple[str, str, str, bytes]


def empty_file(name: str) -> Entry:
    """What an ``<input type=file>`` sends where no file was chosen."""
    return name, "", "application/octet-stream", b""


def form_data(entries: Iterable[Entry], origin: str | None = ORIGIN) -> dict[str, Any]:
    """What ``fetch(url, {method: "POST", body: formData})`` sends, as arguments of a request."""
    body = bytearray()
    for entry in entries:
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{entry[0]}"'.encode()
        if len(entry) == 2:
            body += b"\r\n\r\n" + entry[1].encode()
        else:
            _, filename, mimetype, content = entry
            body += f'; filename="{filename}"\r\nContent-Type: {mimetype}\r\n\r\n'.encode() + content
        body += b"\r\n"
    body += f"--{BOUNDARY}--\r\n".encode()
    said = {"Accept": "*/*", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"}
    if origin:
        said |= {"Origin": origin, "Referer": f"{origin}/"}
    return {"data": bytes(body), "content_type": f"multipart/form-data; boundary={BOUNDARY}", "headers": said}
