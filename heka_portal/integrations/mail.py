"""Sends letters: to an SMTP server, or into a folder of .eml files; told by a URL.

`smtp://user:password@host:587` speaks STARTTLS and refuses to go on without it (a server on this machine excepted;
`?starttls=never` for a trusted network), `smtps://host:465` speaks TLS from the first byte, `file:/folder` writes
files.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

TIMEOUT = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: replies of SMTP that will be the same next time
FINAL = range(500, 600)
NO_ADDRESS = "that is not one mail address"
PORTS = {"smtp": 25, "smtps": 465}


class MailError(Exception):
    """A letter was not accepted; the message is the server's own words or ours, never the letter's."""


class MailDelayed(MailError):
    """Not now: the server is away, or says so. Trying again may help."""


class MailServerAway(MailDelayed):
    """The server cannot be reached or does not take us: other letters would fare no better."""


class MailRefused(MailError):
    """Not this letter: the server refuses its recipient or its content for good."""


@dataclass(frozen=True)
class Letter:
    """A letter ready to go, in two forms of the same words."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime

    def to_message(self) -> EmailMessage:
        """The letter as a message. Raises MailRefused for a recipient that is no address."""
        message = EmailMessage(policy=SMTP_POLICY)
        try:
            message["From"] = self.sender
            message["To"] = self.recipient
            message["Subject"] = self.subject
        except (ValueError, IndexError) as error:
            raise MailRefused(NO_ADDRESS) from error
        if [bool(one.domain) for one in message["To"].addresses] != [True]:
            raise MailRefused(NO_ADDRESS)
        message["Date"] = format_datetime(self.written_at)
        message["Message-ID"] = self.message_id
        # No out-of-office answers to a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(self.text, cte="quoted-printable")
        message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        # Set last: what is set before moves with the text into its part.
        message["Content-Language"] = self.language
        return message


class Mailer(Protocol):
    """Sends letters, several over one connection."""

    def send(self, letter: Letter) -> None:
        """Hand over a letter; it is accepted when this returns. Raises MailDelayed, MailRefused."""

    def close(self) -> None:
        """Let go of the connection; the next letter opens another."""


def open_mailer(url: str) -> Mailer:
    """The mailer of a URL; connects when the first letter goes."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderMailer(Path(unquote(parts.netloc + parts.path)))
    return SmtpMailer(parts)


class FolderMailer:
    """Writes each letter as a file that mail programs open; the same letter again is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        name = re.sub(r"[^\w.-]", "_", letter.message_id.strip("<>").partition("@")[0])
        path = self.folder / f"{letter.written_at:%Y%m%dT%H%M%S}-{name}.eml"
        content = letter.to_message().as_bytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        except OSError as error:
            raise MailServerAway(f"the folder of mails cannot be written to: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is open."""


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever breaks."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class SmtpMailer:
    """Speaks SMTP; one connection serves the letters of a batch."""

    def __init__(self, parts: SplitResult, *, timeout: float = TIMEOUT) -> None:
        self.host = parts.hostname or "localhost"
        self.port = parts.port or PORTS[parts.scheme]
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.is_tls = parts.scheme == "smtps"
        asked = parse_qs(parts.query).get("starttls", ["always"])[-1]
        self.needs_starttls = not self.is_tls and asked != "never" and self.host not in LOOPBACK
        self.timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def send(self, letter: Letter) -> None:
        message = letter.to_message()
        connection = self._connected()
        try:
            refused = connection.send_message(message, to_addrs=[letter.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._reset()
            raise _refusal(code, words) from error
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            self._reset()
            raise MailRefused("the server does not take addresses with such letters") from error
        except (smtplib.SMTPException, OSError) as error:
            # The sender refused, the connection broken: no fault of this letter.
            self.close()
            raise MailDelayed(_words_of(error)) from error
        if refused:  # pragma: no cover - with one recipient a refusal is an error above
            raise MailDelayed("the server took the letter for nobody")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        """The connection, if it still answers, or a new one. Raises MailServerAway."""
        if self._connection is not None and _answers(self._connection):
            return self._connection
        self.close()
        try:
            self._connection = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            # Also a refused password or certificate: our settings are wrong, not the letters.
            raise MailServerAway(_words_of(error)) from error
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trust)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.needs_starttls:
                connection.starttls(context=trust)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self) -> None:
        """End the letter that was refused, so that the connection serves the next one."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return bool(connection.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _refusal(code: int, words: bytes | str) -> MailError:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return (MailRefused if code in FINAL else MailDelayed)(f"{code} {said}")


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_refusal(error.smtp_code, error.smtp_error))
    return f"{type(error).__name__}: {error}"
