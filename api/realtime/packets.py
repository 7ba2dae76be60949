"""What a client may put on the wire: connect, disconnect and text events, and nothing that is made up."""

from __future__ import annotations

from typing import Any

from socketio import packet

from api.errors import STATUS
from api.realtime.credentials import problem
from domain.errors import NotFound

#: Names by which python-socketio calls our own handlers: a client that says them would act as the server.
RESERVED = frozenset({"connect", "disconnect", "*"})
#: Binary packets collect attachments without end, and no event of ours has any; nor do we ask to be acknowledged.
_ALLOWED = frozenset({packet.CONNECT, packet.DISCONNECT, packet.EVENT})


class Garbage(ValueError):
    """A client sent what no client of the protocol sends here."""


class Packet(packet.Packet):
    """Socket.IO's packet, strict about what comes in; what goes out is unchanged but for one refusal without a code."""

    def __init__(self, *args: Any, encoded_packet: str | None = None, **kwargs: Any):
        if encoded_packet is not None and not encoded_packet:
            # The library would take nothing for an event.
            raise Garbage("empty")
        super().__init__(*args, encoded_packet=encoded_packet, **kwargs)
        if (
            self.packet_type == packet.CONNECT_ERROR
            and self.namespace not in (None, "/")
            and isinstance(self.data, str)
        ):
            # The library refuses a namespace with a bare sentence, in which a client finds no code.
            error = NotFound("not_found", "There is no such namespace: connect to the bare address.")
            self.data = {"message": error.message, "data": problem(error, STATUS[NotFound])}

    def decode(self, encoded_packet: str) -> int:
        """Raises :class:`Garbage`."""
        try:
            attachments: int = super().decode(encoded_packet)
        except Exception as error:
            # The parser trips in many ways, all of which mean the same.
            raise Garbage(type(error).__name__) from error
        if self.packet_type not in _ALLOWED or attachments:
            raise Garbage("packet type")
        if self.packet_type == packet.EVENT and not self._is_event():
            raise Garbage("event")
        return attachments

    def _is_event(self) -> bool:
        return (
            isinstance(self.data, list)
            and bool(self.data)
            and isinstance(self.data[0], str)
            and self.data[0] not in RESERVED
        )
