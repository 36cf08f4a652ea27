"""Who may do what, and where: the roles, the actions, and the table that says which role may do which.

A person has a role at one property or at all of them (`accounts.models.Membership`). Verbs ask with `require`, pages
and buttons with `Access.may`, and `limited` leaves of a queryset what somebody sees. This module imports no model: it
is the table, and the questions that are asked of it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.shortcuts import get_object_or_404

from config.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    MANAGER = "manager", "Manager"
    RECEPTION = "reception", "Reception"
    SUPPORT = "support", "Support agent"
    HOUSEKEEPING = "housekeeping", "Housekeeping"
    VIEWER = "viewer", "Viewer"

    @property
    def plural(self) -> str:
        """As in “Only managers may do this”."""
        label = self.label.lower()
        return label if self in (Role.RECEPTION, Role.HOUSEKEEPING) else f"{label}s"


class Action(enum.StrEnum):
    """What somebody does at a property. The value ends the words of a refusal: “Only … may” + value."""

    SEE = "see this property"  # its rooms, calendar, stays, closures and their history
    CONTACT = "see how to reach guests"
    BOOK = "book"
    CHANGE = "change stays and guests"  # also check in and out, cancel, undo
    CLOSE = "close rooms"
    OVERRULE = "overrule the calendar"  # overbook, set any state, allow any length
    ARRANGE = "change the property and its rooms"
    RATES = "change prices"
    LISTEN = "hear and read voice notes"
    RECORD = "leave notes"
    EDIT_NOTES = "change, delete and restore notes"
    KEEP_NOTES = "decide how long notes are kept, and erase them"
    EXPORT = "take lists away"  # the downtime pack, exports
    PEOPLE = "manage people and integrations"


_DESK = {Action.SEE, Action.CONTACT, Action.BOOK, Action.CHANGE, Action.LISTEN, Action.RECORD, Action.EDIT_NOTES}
# Which role may do what. Nothing else says it a second time.
ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType({
    Role.MANAGER: frozenset(Action),
    Role.RECEPTION: frozenset(_DESK | {Action.CLOSE, Action.EXPORT}),
    Role.SUPPORT: frozenset(_DESK),
    Role.HOUSEKEEPING: frozenset({Action.SEE, Action.LISTEN, Action.RECORD}),
    Role.VIEWER: frozenset({Action.SEE}),
})  # fmt: skip


class AtProperty(Protocol):
    """A row that belongs to a property. A property belongs to itself."""

    @property
    def property_id(self) -> int: ...


class NotAllowed(DomainError):
    """The actor sees the property but has no role that may do this there, or gave no reason where one is needed."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
    when = "Only other roles may do this, such as managers, and some acts only with a reason."
    then = "Use a token of somebody with the role that “detail” names, and give a reason."

    def __init__(self, message: str = "Only a manager may do this, and only with a reason.") -> None:
        super().__init__(message)

    @classmethod
    def of(cls, action: Action) -> NotAllowed:
        roles = roles_for(action)
        who = f"a {roles[0].label.lower()}" if len(roles) == 1 else _in_words(role.plural for role in roles)
        return cls(f"Only {who} may {action}.")


class NotVisible(DomainError):
    """The actor has no role at the property. The words are those for a row that does not exist."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    when = "There is nothing at this address, it was removed, or it is at a property where you have no role."
    then = "Check the address: all end with a slash. The list shows what there is."

    def __init__(self) -> None:
        super().__init__("There is nothing here that you may see.")


@dataclass(frozen=True)
class Access:
    """What one person may do: `everywhere` at each property, present and future, and more at single ones by key."""

    everywhere: frozenset[Action] = frozenset()
    at: Mapping[int, frozenset[Action]] = field(default_factory=dict)

    @classmethod
    def of_roles(cls, roles: Iterable[tuple[Role, int | None]]) -> Access:
        """`roles` has pairs of a role and the key of the property where it is given, None for all properties."""
        everywhere: frozenset[Action] = frozenset()
        at: dict[int, frozenset[Action]] = {}
        for role, property_id in roles:
            if property_id is None:
                everywhere |= ALLOWED[role]
            else:
                at[property_id] = at.get(property_id, frozenset()) | ALLOWED[role]
        return cls(everywhere, at)

    def may(self, action: Action, subject: AtProperty | None) -> bool:
        """Whether the action is allowed at the property of `subject`; with None, at properties that are to come."""
        if action in self.everywhere:
            return True
        return subject is not None and action in self.at.get(subject.property_id, frozenset())

    def may_somewhere(self, action: Action) -> bool:
        """Whether the action is allowed at one property at least, or at those that are to come."""
        return action in self.everywhere or any(action in actions for actions in self.at.values())

    def properties(self, action: Action = Action.SEE) -> frozenset[int] | None:
        """The keys of the properties at which the action is allowed; None for all of them."""
        if action in self.everywhere:
            return None
        return frozenset(key for key, actions in self.at.items() if action in actions)


NOTHING = Access()


def roles_for(action: Action) -> list[Role]:
    """The roles that may do this, in the order of the table."""
    return [role for role, actions in ALLOWED.items() if action in actions]


def require(actor: User | None, action: Action, *subjects: AtProperty | None) -> None:
    """Raises NotVisible or NotAllowed unless `actor` may do the action at the properties of all `subjects`.

    A subject of None stands for properties that are still to come. The actor None is Roomtone itself, as when a hold
    lapses, and may do everything.
    """
    if actor is None:
        return
    for subject in subjects:
        if not actor.access.may(action, subject):
            if subject is not None and not actor.access.may(Action.SEE, subject):
                raise NotVisible
            raise NotAllowed.of(action)


def require_somewhere(actor: User, action: Action) -> None:
    """Raises NotAllowed unless `actor` may do the action at one property at least."""
    if not actor.access.may_somewhere(action):
        raise NotAllowed.of(action)


def limited(queryset: models.QuerySet, actor: User | None, *, by: str, action: Action = Action.SEE) -> models.QuerySet:
    """The rows of `queryset` at whose property `actor` may do `action`.

    `by` is the lookup that leads from a row to the key of its property, such as "property" or "unit__property". Nothing
    is filtered for somebody with a role at all properties, and no query is made here.
    """
    keys = None if actor is None else actor.access.properties(action)
    return queryset if keys is None else queryset.filter(**{f"{by}__in": keys})


def get_visible_or_404(actor: User, rows: Any, action: Action = Action.SEE, **lookup: object) -> Any:
    """The one row of `rows`, a model or queryset with `visible_to`, that `actor` sees and may do `action` with.

    Raises Http404 and NotAllowed.
    """
    queryset = rows.objects.all() if hasattr(rows, "objects") else rows
    found = get_object_or_404(queryset.visible_to(actor), **lookup)
    require(actor, action, found)
    return found


def _in_words(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
