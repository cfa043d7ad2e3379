"""Reads a page as strictly as a validator, a screen reader and a browser under our content policy would.

`faults(text)` names everything that is wrong with one page, in sentences; an empty list is a good page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as MESSAGES

LANGUAGES = {"fi", "sv", "en"}
#: Inputs that carry their own words or are never seen.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
#: Attributes that hold ids of other elements.
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "headers", "list", "form")
ASSETS = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src", "image": "href"}

Check = Callable[["Page"], Iterator[str]]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Add a check to what every page must pass."""
    CHECKS.append(function)
    return function


class Page:
    """A parsed page: its elements, and who is whose parent."""

    def __init__(self, text: str) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(text)
        self.text = text
        self.syntax = [
            f"line {position[0]}: {MESSAGES.get(code, code) % values}" for position, code, values in parser.errors
        ]
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.parents = {child: parent for parent in self.elements for child in parent}
        self.ids = Counter(element.get("id") for element in self.elements if element.get("id") is not None)

    def all(self, *tags: str) -> list[Element]:
        """All elements of these names, in the order of the page."""
        return [element for element in self.elements if element.tag in tags]

    def has_ancestor(self, element: Element, *tags: str) -> bool:
        """Whether one of these stands around the element."""
        while (parent := self.parents.get(element)) is not None:
            if parent.tag in tags:
                return True
            element = parent
        return False

    def by_id(self, name: str) -> Element | None:
        """The element of an id."""
        return next((element for element in self.elements if element.get("id") == name), None)


def faults(text: str) -> list[str]:
    """Everything that is wrong with a page, a sentence each."""
    page = Page(text)
    return page.syntax + [fault for check_one in CHECKS for fault in check_one(page)]


def words(element: Element) -> str:
    """What is read out: the text within, pictures' alternatives and labels included."""
    if element.get("aria-label"):
        return str(element.get("aria-label"))
    parts = [element.text or "", element.get("alt") or ""]
    for child in element:
        parts += [words(child) if child.get("aria-hidden") != "true" else "", child.tail or ""]
    return " ".join("".join(parts).split())


def shown(element: Element) -> str:
    """An element's start, to find it by."""
    kept = ("id", "name", "type", "href", "class")
    attributes = "".join(f' {name}="{element.get(name)}"' for name in kept if element.get(name) is not None)
    return f"<{element.tag}{attributes}>"


@check
def has_language(page: Page) -> Iterator[str]:
    if page.root.get("lang") not in LANGUAGES:
        yield f"the page's language is {page.root.get('lang')!r}"
    for element in page.elements[1:]:
        if element.get("lang") == "":
            yield f"{shown(element)} has an empty language"


@check
def has_one_heading_that_is_the_title(page: Page) -> Iterator[str]:
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1: {[words(heading) for heading in headings]}"
        return
    heading, title = words(headings[0]), " ".join((page.root.findtext("head/title") or "").split())
    if not heading:
        yield "the h1 is empty"
    elif not re.fullmatch(rf"([^:]+: )?{re.escape(heading)} - .+", title):
        yield f"the title {title!r} is not {heading + ' - Resident Portal'!r}"


@check
def has_landmarks(page: Page) -> Iterator[str]:
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main"
    if not page.all("meta") or not any(meta.get("name") == "viewport" for meta in page.all("meta")):
        yield "no viewport: a phone would show the page small"


@check
def headings_leave_no_level_out(page: Page) -> Iterator[str]:
    before = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        if level > before + 1 and before:
            yield f"{shown(heading)} {words(heading)!r} follows an h{before}"
        before = level


@check
def ids_are_unique(page: Page) -> Iterator[str]:
    for name, count in page.ids.items():
        if count > 1:
            yield f"the id {name!r} stands {count} times"
        if not name or re.search(r"\s", str(name)):
            yield f"the id {name!r} is no id"


@check
def ids_that_are_named_are_there(page: Page) -> Iterator[str]:
    for element in page.elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in page.ids:
                    yield f"{shown(element)}: {attribute} names {name!r}, which is not there"


@check
def controls_are_labelled(page: Page) -> Iterator[str]:
    labels = {label.get("for"): words(label) for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control.get("type") in UNLABELLED:
            continue
        named_by = [page.by_id(name) for name in (control.get("aria-labelledby") or "").split()]
        named = any(element is not None and words(element) for element in named_by)
        if not (named or labels.get(control.get("id")) or control.get("aria-label") or _inside_label(page, control)):
            yield f"{shown(control)} has no label"


def _inside_label(page: Page, control: Element) -> bool:
    parent = page.parents.get(control)
    while parent is not None and parent.tag != "label":
        parent = page.parents.get(parent)
    return parent is not None and bool(words(parent))


@check
def choices_stand_in_a_named_group(page: Page) -> Iterator[str]:
    for group in page.all("fieldset"):
        legend = group.find(".//legend")
        if legend is None or not words(legend):
            yield f"{shown(group)} has no legend"
    for radio in page.all("input"):
        if radio.get("type") == "radio" and not page.has_ancestor(radio, "fieldset"):
            yield f"{shown(radio)} stands in no fieldset"


@check
def links_and_buttons_say_something(page: Page) -> Iterator[str]:
    for element in page.all("a", "button"):
        named_by = [page.by_id(name) for name in (element.get("aria-labelledby") or "").split()]
        if not words(element) and not any(other is not None and words(other) for other in named_by):
            yield f"{shown(element)} has no words"
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"{shown(image)} has no alternative text"


@check
def links_lead_somewhere(page: Page) -> Iterator[str]:
    for link in page.all("a"):
        target = link.get("href")
        if target is not None and (target in {"", "#"} or target.lower().startswith("javascript:")):
            yield f"{shown(link)} leads nowhere"
        if target and target.startswith("#") and target[1:] not in page.ids:
            yield f"{shown(link)} leads to a part that is not there"


@check
def nothing_is_inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        if element.get("style") is not None:
            yield f"{shown(element)} has an inline style, which the policy blocks"
        for attribute in element.keys():  # noqa: SIM118 (an Element is no dict)
            if attribute.startswith(("on", "hx-on")):
                yield f"{shown(element)} has {attribute}, which the policy blocks"
    for element in page.all("style", "script"):
        if element.get("src") is None and not element.get("nonce") and element.get("type") != "application/json":
            yield f"{shown(element)} is inline and has no nonce"


@check
def assets_are_our_own(page: Page) -> Iterator[str]:
    for element in page.elements:
        address = element.get(ASSETS.get(element.tag, "")) or ""
        if element.tag in ASSETS and address.startswith(("http:", "https:", "//")):
            yield f"{shown(element)} is loaded from elsewhere: {address}"


@check
def forms_carry_the_token(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        posts = (form.get("method") or "get").lower() == "post"
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token" and field.get("value")]
        if posts and len(tokens) != 1:
            yield f"{shown(form)} to {form.get('action')!r} has {len(tokens)} tokens"
        if not posts and tokens:
            yield f"{shown(form)} would put the token into the address"


@check
def tables_have_headers(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if table.find(".//th") is None and table.get("role") != "presentation":
            yield f"{shown(table)} has no header cells"
