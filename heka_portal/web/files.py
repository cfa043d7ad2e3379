"""Files between the browser, the domain and the store: take them from a form, say why one is refused, send one out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from heka_portal.domain.attachments.operations import ReceivedFile, receive_file
from heka_portal.domain.attachments.rules import MAX_BYTES
from heka_portal.domain.errors import FileRefused, NotFound
from heka_portal.extensions import SETTINGS
from heka_portal.integrations.storage import Storage
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import FileRefusal, FileState, FileType
from heka_portal.web import limits
from heka_portal.web.access import reader

EXTENSION = "heka_storage"
#: nothing in a file may run, load or be framed, whatever a browser takes it for
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

REFUSALS: Mapping[FileRefusal, Any] = {
    FileRefusal.EMPTY: _l("%(name)s is empty. Choose the file again."),
    FileRefusal.TOO_LARGE: _l("%(name)s is larger than 15 MB. Choose a smaller file or take a new photo."),
    FileRefusal.TOO_MANY: _l("There can be 8 files at most. %(name)s was left out."),
    FileRefusal.WRONG_TYPE: _l("%(name)s is not a photo or a PDF. Choose a JPEG, PNG, HEIC or PDF file."),
    FileRefusal.TOO_MANY_PIXELS: _l("%(name)s has too many pixels. Take the photo with a smaller picture size."),
    FileRefusal.TOO_MANY_PAGES: _l("%(name)s has more than 100 pages. Send only the pages that matter."),
    FileRefusal.LOCKED: _l("%(name)s is locked with a password. Save it without the password and choose it again."),
    FileRefusal.DAMAGED: _l("%(name)s could not be read. It may be damaged. Take the photo or save the file again."),
    FileRefusal.NOT_PREPARED: _l("%(name)s could not be prepared for showing. Send it again, or take a new photo."),
}


@dataclass(frozen=True)
class Received:
    """What came of the files of a form: those taken, and a sentence for each that was not."""

    files: tuple[ReceivedFile, ...] = ()
    refusals: tuple[str, ...] = ()


def storage() -> Storage:
    """The store of the running application. Its library does not survive a fork: use it in requests and jobs only."""
    found: Storage = current_app.extensions[EXTENSION]
    return found


def receive_files(uploads: Iterable[FileStorage]) -> Received:
    """Check and store the files of a form, before the first write of the request.

    A refused file costs neither the others nor the rest of the form. Raises StorageError, TooManyRequests.
    """
    uploads = list(uploads)
    sender = reader()
    if uploads and sender is not None:
        limits.hit("files/account", str(sender.account_id), cost=len(uploads))
    taken: list[ReceivedFile] = []
    refusals: list[str] = []
    for upload in uploads:
        # One byte more than allowed tells a file that is too large; the rest is not read.
        content = upload.stream.read(MAX_BYTES + 1)
        try:
            taken.append(receive_file(content, name=upload.filename or "", put=storage().put))
        except FileRefused as refused:
            refusals.append(refusal_sentence(refused.refusal, refused.name))
    return Received(tuple(taken), tuple(refusals))


def refusal_sentence(refusal: FileRefusal, name: str) -> str:
    """Why a file was not taken and what helps, in the reader's language."""
    return str(REFUSALS[refusal]) % {"name": name}


def send_stored(attachment: Attachment, *, preview: bool = False) -> Response:
    """The re-made file as a download, or its small picture to show in the page. Raises NotFound, StorageError.

    Whether the reader may see it, the view has settled before.
    """
    key = attachment.preview_key if preview else attachment.storage_key
    if attachment.state is not FileState.READY or key is None:
        raise NotFound
    response = Response(mimetype=FileType.JPEG if preview else attachment.type)
    if request.method != "HEAD":
        response.response = storage().stream(key)
    if preview:
        response.headers["Content-Disposition"] = "inline"
    else:
        response.headers.set("Content-Disposition", "attachment", **_file_names(attachment.name))
        response.content_length = attachment.size
    return _inert(response)


def send_made(content: bytes, *, name: str, file_type: FileType = FileType.PDF) -> Response:
    """A file that the portal has made for this reader, as a download."""
    response = Response(content, mimetype=file_type)
    response.headers.set("Content-Disposition", "attachment", **_file_names(name))
    return _inert(response)


def _inert(response: Response) -> Response:
    """Let a file do nothing in the browser, and stay in no cache."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def send_copy(storage_key: str, *, name: str, size: int | None) -> Response:
    """A copy of somebody's own data as a download. Whose it is, the view has settled before. Raises StorageError."""
    response = Response(mimetype="application/zip")
    if request.method != "HEAD":
        response.response = storage().stream(storage_key)
    if size is not None:
        response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return _inert(response)


def _file_names(name: str) -> dict[str, str]:
    """The name for the browser's folder: plain for old ones, whole for all others (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}


def init_app(app: Flask) -> None:
    """Name the store of the settings; it is opened at its first use."""
    settings = app.extensions[SETTINGS]
    app.extensions[EXTENSION] = Storage(settings.storage, endpoint=settings.storage_endpoint)
