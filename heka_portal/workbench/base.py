"""The bases of the workbench's views: closed unless they say otherwise, with our own pages around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_admin import BaseView
from flask_admin.base import Admin
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import Form

from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.web.access import Rule, reader
from heka_portal.web.addresses import as_key
from heka_portal.web.labels import label
from heka_portal.workbench.exports import Exported


@dataclass(frozen=True)
class Place:
    """One link of the menu."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Menu:
    """The main menu, and the views beside this one."""

    main: tuple[Place, ...]
    beside: tuple[Place, ...]


class Guarded:
    """Asks the view's own rule for the menu; each request is checked by the guard."""

    access: ClassVar[Rule]
    admin: Admin | None

    def is_accessible(self) -> bool:
        """Whether the reader sees the view in the menu, and may run it."""
        actor = reader()
        permission = self.access.permission
        return actor is not None and permission is not None and actor.may(permission)

    def is_visible(self) -> bool:
        """Whether the menu shows it."""
        return self.is_accessible()

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        """Leave it to the guard, which knows the rules of the methods too."""

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the view; the library's own hides a TypeError in it."""
        return fn(self, *args, **kwargs)

    def menu_for_reader(self) -> Menu:
        """The menu as this reader may use it; of a category its first view stands for all."""
        assert self.admin is not None  # noqa: S101 - set when the view is registered
        main: list[Place] = []
        beside: tuple[Place, ...] = ()
        for item in self.admin.menu():
            places = _places(item, self)
            if not places:
                continue
            is_current = any(place.is_current for place in places)
            main.append(Place(str(item.name), places[0].url, is_current))
            if is_current and len(places) > 1:
                beside = places
        return Menu(tuple(main), beside)


def _places(item: Any, view: object) -> tuple[Place, ...]:
    """The views of an item of the library's menu that the reader may use."""
    items = item.get_children() if item.is_category() else (item,)
    return tuple(
        Place(str(each.name), each.get_url(), each.is_active(view))
        for each in items
        if each.is_accessible() and each.is_visible()
    )


class WorkbenchView(Guarded, BaseView):
    """A page of our own inside the workbench."""

    def render(self, template: str, **kwargs: Any) -> str:
        """The page with the menu around it."""
        return str(super().render(template, menu=self.menu_for_reader, **kwargs))


class RegisterView(Guarded, Exported, ModelView):
    """A list of the register that shows and changes nothing: named columns, capped pages, no count."""

    can_create = False
    can_edit = False
    can_delete = False
    can_view_details = False
    column_display_actions = False
    column_display_pk = False
    simple_list_pager = True
    can_set_page_size = False
    page_size = 50
    #: pages beyond this are not turned: a list is searched, not leafed through
    last_page: ClassVar[int] = 40
    list_template = "workbench/registers/list.html"
    details_template = "workbench/registers/details.html"
    #: the sentence under the heading
    lead: Any = None
    #: attributes to load with each row
    joined: ClassVar[Sequence[Any]] = ()
    column_list: Sequence[Any]
    column_details_list: Any = None
    column_export_list: Any = None
    column_labels: dict[str, Any]
    column_formatters: dict[str, Any] = {}
    _urls: Any

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.column_details_list = self.column_details_list or list(self.column_list)
        super().__init__(model, db, **kwargs)

    def create_blueprint(self, admin: Admin) -> Any:
        """Register the endpoints that show; what is switched off has no address at all."""
        wanted = {"index_view"}
        if self.can_view_details:
            wanted.add("details_view")
        if self.can_export:
            wanted.add("export")
        self._urls = [(url, name, methods) for url, name, methods in self._urls if name in wanted]
        return super().create_blueprint(admin)

    def scaffold_form(self) -> Any:
        """A form without fields: the library's own would offer every column."""
        return Form

    def scaffold_list_form(self, *args: Any, **kwargs: Any) -> Any:
        """As above."""
        return Form

    def render(self, template: str, **kwargs: Any) -> str:
        """The page with the menu around it."""
        return str(super().render(template, menu=self.menu_for_reader, **kwargs))

    def get_list(self, page: int | None, *args: Any, **kwargs: Any) -> Any:
        """A page of rows; nobody turns the pages of a table for ever."""
        return super().get_list(max(0, min(page or 0, self.last_page)), *args, **kwargs)

    def get_query(self) -> Any:
        """The rows with what is shown of others."""
        return super().get_query().options(*(joinedload(attribute) for attribute in self.joined))

    def get_one(self, id: Any) -> Any:  # noqa: A002 (the library's name)
        """A row by its key, with what is shown of others. Raises NotFound."""
        model: Any = self.model
        options = [joinedload(attribute) for attribute in self.joined]
        row = db.session.scalar(select(model).where(model.id == (as_key(id) or 0)).options(*options))
        if row is None:
            raise NotFound
        return row

    def details_url(self, row: Any) -> str | None:
        """Where a row leads; none: it stands for itself."""
        return url_for(f"{self.endpoint}.details_view", id=row.id) if self.can_view_details else None


def label_of(_view: Any, _context: Any, row: Any, name: str) -> str:
    """Shows a code by its words."""
    return label(getattr(row, name))
