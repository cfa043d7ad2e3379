"""PDFs, re-made page by page from what is drawn on them: no scripts, no actions, no embedded files.

`remake_document` unpacks what strangers made: it belongs into a process with limits, never into a request.
"""

from __future__ import annotations

import io
import logging

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from heka_portal.domain.attachments.pictures import RemadeFile
from heka_portal.domain.attachments.rules import MAX_PAGES
from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType

#: what draws a page; its actions, links, thumbnails, scripts' names and private data are not among them
_PAGE_KEYS = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/TrimBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Annots"}
)
#: what draws an annotation: a filled field or a stamp stays as it looks, and does nothing
_ANNOTATION_KEYS = frozenset({"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F"})
_DRAWN_ANNOTATIONS = frozenset(
    {
        "/Widget", "/FreeText", "/Stamp", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly",
        "/Square", "/Circle", "/Line", "/Polygon", "/PolyLine",
    }
)  # fmt: skip

# It tells of each oddity of a stranger's file; what matters to us is whether it could be read.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def remake_document(content: bytes) -> RemadeFile:
    """The same pages in a new PDF that does nothing. Raises FileRefused."""
    try:
        return RemadeFile(type=FileType.PDF, content=_rewritten(content))
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # a parser raises whatever a broken file leads it to
        raise FileRefused(FileRefusal.DAMAGED) from error


def _rewritten(content: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise FileRefused(FileRefusal.LOCKED)
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise FileRefused(FileRefusal.TOO_MANY_PAGES)
    if count == 0:
        raise FileRefused(FileRefusal.DAMAGED)
    writer = PdfWriter()
    for page in reader.pages:
        _keep_drawn(page)
        writer.add_page(page)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _keep_drawn(page: PageObject) -> None:
    """Take from the page what does not draw it, before it is copied with all that hangs on it."""
    drawn = _drawn_annotations(page)
    _keep_only(page, _PAGE_KEYS)
    if drawn:
        page[NameObject("/Annots")] = ArrayObject(drawn)
    else:
        page.pop("/Annots", None)


def _drawn_annotations(page: PageObject) -> list[DictionaryObject]:
    listed = page.get("/Annots")
    listed = listed.get_object() if listed is not None else None
    if not isinstance(listed, ArrayObject):
        return []
    found = []
    for one in listed:
        annotation = one.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") not in _DRAWN_ANNOTATIONS:
            continue
        kept = DictionaryObject(annotation)
        _keep_only(kept, _ANNOTATION_KEYS)
        if "/AP" in kept:
            found.append(kept)
    return found


def _keep_only(dictionary: DictionaryObject, keys: frozenset[str]) -> None:
    for key in [key for key in dictionary if key not in keys]:
        del dictionary[key]
