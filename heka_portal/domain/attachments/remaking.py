"""The one function that the worker runs over each file, in a process with limits."""

from __future__ import annotations

from heka_portal.domain.attachments.documents import remake_document
from heka_portal.domain.attachments.pictures import RemadeFile, remake_picture
from heka_portal.vocabulary import FileType


def remake_file(content: bytes, file_type: FileType) -> RemadeFile:
    """A file made anew, safe to show. Raises FileRefused."""
    return remake_document(content) if file_type is FileType.PDF else remake_picture(content, file_type)
