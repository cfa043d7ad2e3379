"""Letters over a real SMTP server, and into files."""

from __future__ import annotations

import os
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devtools.machine import free_port
from heka_portal.integrations.mail import (
    FolderMailer,
    Letter,
    MailDelayed,
    MailRefused,
    SmtpMailer,
    open_mailer,
)
from tests.support.smtp import Post, SmtpServer

SUBJECT = "Asia 482\u00a0719\u00a0306: siinä on uutta"


def letter(recipient: str = "maija@example.fi", number: int = 1) -> Letter:
    return Letter(
        message_id=f"<{number}@heka.example>",
        sender="Heka <no-reply@heka.example>",
        recipient=recipient,
        subject=SUBJECT,
        text="Hei\n\nÄlä vastaa tähän.\n",
        html='<!doctype html><html lang="fi"><body><p>Älä vastaa tähän.</p></body></html>',
        language="fi",
        written_at=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    )


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[SmtpServer]:
    with SmtpServer(post) as running:
        yield running


@pytest.fixture
def mailer(server: SmtpServer) -> Iterator[SmtpMailer]:
    opened = open_mailer(f"smtp://127.0.0.1:{server.port}")
    assert isinstance(opened, SmtpMailer)
    with opened:
        yield opened


def test_a_letter_arrives_whole(mailer: SmtpMailer, post: Post) -> None:
    mailer.send(letter())
    (message,) = post.received
    assert message["Subject"] == SUBJECT
    assert (message["From"], message["To"]) == ("Heka <no-reply@heka.example>", "maija@example.fi")
    assert message["Message-ID"] == "<1@heka.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == letter().text


def test_a_batch_goes_over_one_connection(mailer: SmtpMailer, post: Post) -> None:
    for number in range(3):
        mailer.send(letter(number=number))
    assert len(post.received) == 3
    assert len(post.connections) == 1


def test_a_connection_the_server_has_ended_is_opened_again(mailer: SmtpMailer, server: SmtpServer, post: Post) -> None:
    mailer.send(letter(number=1))
    server.stop()
    server.start()
    mailer.send(letter(number=2))
    assert post.message_ids == ["<1@heka.example>", "<2@heka.example>"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 5.1.1 unknown", MailRefused),
        ("552 full", MailRefused),
        ("450 later", MailDelayed),
        ("451 busy", MailDelayed),
    ],
)
def test_a_refused_recipient_does_not_spoil_the_next_letter(
    mailer: SmtpMailer, post: Post, answer: str, error: type[Exception]
) -> None:
    post.recipients["gone@example.fi"] = answer
    with pytest.raises(error, match=answer[:3]):
        mailer.send(letter("gone@example.fi"))
    mailer.send(letter(number=2))
    assert post.message_ids == ["<2@heka.example>"]


@pytest.mark.parametrize(("answer", "error"), [("554 no", MailRefused), ("451 later", MailDelayed)])
def test_a_refused_content_is_told_apart(mailer: SmtpMailer, post: Post, answer: str, error: type[Exception]) -> None:
    post.data = answer
    with pytest.raises(error):
        mailer.send(letter())


def test_a_server_that_is_away_delays(post: Post) -> None:
    with pytest.raises(MailDelayed):
        open_mailer(f"smtp://127.0.0.1:{free_port()}").send(letter())


def test_a_server_that_breaks_off_after_the_letter_delays(mailer: SmtpMailer, post: Post) -> None:
    post.breaks_after_data = True
    with pytest.raises(MailDelayed):
        mailer.send(letter())
    assert post.message_ids == ["<1@heka.example>"]


@pytest.mark.parametrize(
    "recipient",
    ["a@b.fi\r\nBcc: other@example.fi", "a@b.fi, other@example.fi", "nobody", "", "Maija <a@b.fi>, x@y.fi"],
)
def test_what_is_not_one_address_is_refused_before_sending(mailer: SmtpMailer, post: Post, recipient: str) -> None:
    with pytest.raises(MailRefused):
        mailer.send(letter(recipient))
    assert post.received == []


def test_an_address_with_letters_the_server_does_not_take_is_refused(post: Post) -> None:
    with (
        SmtpServer(post, enable_SMTPUTF8=False) as server,
        SmtpMailer(urlsplit(f"smtp://127.0.0.1:{server.port}")) as mailer,
    ):
        with pytest.raises(MailRefused):
            mailer.send(letter("mäijä@example.fi"))
        mailer.send(letter(number=2))
    assert len(post.received) == 1


def test_a_password_is_given_and_a_wrong_one_only_delays(post: Post) -> None:
    with SmtpServer(post, authenticator=post.authenticate, auth_require_tls=False) as server:
        with SmtpMailer(urlsplit(f"smtp://heka:p%40ss%2Fword@127.0.0.1:{server.port}")) as mailer:
            mailer.send(letter())
        assert post.users == [(b"heka", b"p@ss/word")]
        with pytest.raises(MailDelayed, match="535"):
            open_mailer(f"smtp://heka:wrong@127.0.0.1:{server.port}").send(letter())
    assert len(post.received) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, and its key, in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def tls_server(post: Post, certificate: Path) -> Iterator[SmtpServer]:
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(certificate)
    with SmtpServer(post, trust=trust, require_starttls=True) as running:
        yield running


def elsewhere(url: str) -> SmtpMailer:
    """A mailer that does not take the server for one on its own machine."""
    mailer = open_mailer(url)
    assert isinstance(mailer, SmtpMailer)
    mailer.needs_starttls = True
    return mailer


def test_a_letter_goes_over_starttls_to_a_server_we_trust(
    tls_server: SmtpServer, post: Post, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"smtp://localhost:{tls_server.port}"
    with pytest.raises(MailDelayed, match="CERTIFICATE"):
        elsewhere(url).send(letter())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    with elsewhere(url) as mailer:
        mailer.send(letter())
    assert len(post.received) == 1


def test_no_letter_goes_in_the_clear_to_another_machine(server: SmtpServer, post: Post) -> None:
    with pytest.raises(MailDelayed, match="STARTTLS"):
        elsewhere(f"smtp://127.0.0.1:{server.port}").send(letter())
    assert post.received == []


@pytest.mark.parametrize(
    ("url", "needed"),
    [
        ("smtp://mail.example", True),
        ("smtp://127.0.0.1:2525", False),
        ("smtp://mail.example?starttls=never", False),
        ("smtps://mail.example", False),
    ],
)
def test_when_starttls_is_needed(url: str, needed: bool) -> None:
    mailer = open_mailer(url)
    assert isinstance(mailer, SmtpMailer)
    assert mailer.needs_starttls is needed


def test_a_file_holds_the_same_letter_and_a_repeated_one_is_the_same_file(tmp_path: Path) -> None:
    mailer = open_mailer(f"file:{tmp_path / 'mail'}")
    assert isinstance(mailer, FolderMailer)
    for _ in range(2):
        mailer.send(letter())
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "20261124T080000-1.eml"
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert (message["Subject"], message["Message-ID"]) == (SUBJECT, "<1@heka.example>")


def test_a_hostile_message_id_stays_in_the_folder(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail").send(replace(letter(), message_id="<../../x@heka.example>"))
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["20261124T080000-.._.._x.eml"]


def test_a_folder_that_cannot_be_written_delays(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(MailDelayed):
        FolderMailer(tmp_path / "taken" / "mail").send(letter())


def test_an_interrupted_writing_leaves_no_half_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MailDelayed, match="No space left"):
        FolderMailer(tmp_path).send(letter())
    assert list(tmp_path.glob("*.eml")) == []
