"""A real SMTP server in this process, that can be told to refuse, to break, and to end."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import WriteTransport
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from devtools.machine import free_port


@dataclass
class Post:
    """What the server does with what it is sent."""

    #: answers to RCPT by recipient, and to DATA
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    #: break the connection after the letter was taken, before saying so
    breaks_after_data: bool = False
    #: how long it thinks before it takes a letter, and how many it has begun to take
    takes_seconds: float = 0
    begun: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    users: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.connections.add(id(session))
        self.begun += 1
        await asyncio.sleep(self.takes_seconds)
        if not self.data.startswith("250"):
            return self.data
        content = cast("bytes", envelope.content)
        self.received.append(message_from_bytes(content, policy=default))
        if self.breaks_after_data:
            cast("WriteTransport", server.transport).abort()
        return self.data

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.users.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of all that came."""
        return [str(message["Message-ID"]) for message in self.received]


class SmtpServer:
    """Runs in a thread; `with` starts it, and it starts again on the same port."""

    def __init__(self, post: Post, *, port: int = 0, trust: ssl.SSLContext | None = None, **options: Any) -> None:
        self.post = post
        self.port = port
        self.trust = trust
        self.options = options

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, at the same port as before."""
        self.port = self.port or free_port()
        self.controller = Controller(
            self.post, hostname="127.0.0.1", port=self.port, tls_context=self.trust, **self.options
        )
        self.controller.start()

    def stop(self) -> None:
        """End, and break every connection."""
        self.controller.stop()
