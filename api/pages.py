"""Pagination by cursor. A page begins after a certain row, so that none is repeated or left out when rows are added."""

import base64
import datetime as dt
import json
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.problems import Problem


class UnreadableCursor(Problem):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY  # not 400, because the schema allows any text
    default_code = "unreadable_cursor"
    when = "The cursor is not one that the API returned, or it is from before a backup was restored."
    then = "Request the address in “next” unchanged, or begin without a cursor."
    default_detail = "This cursor is none of ours. Take the whole address that stands in `next`, or begin without one."


def page_of(request, rows, serializer, query, *, end=None):
    """The response with one page of the queryset `rows`. `query` is the data of a `ListQuerySerializer`. One query.

    `next` is the address of the following page, or null. Rows with equal values are ordered by their primary keys.
    `end` is for a feed: (value, key) before which the list is complete. With it, `next` of the last page continues
    there, and is never null.
    """
    column = query["ordering"]
    most = query["limit"]
    found = list(_after(rows, query.get("cursor"), column, end).order_by(*_ordering(column))[: most + 1])
    shown = serializer(found[:most], many=True, only=query.get("fields"), context={"request": request})
    position = _position(found[most - 1], column) if len(found) > most else end
    following = position and replace_query_param(request.build_absolute_uri(), "cursor", _cursor(position))
    return Response({"next": following, "results": shown.data})


def _ordering(column):
    return (column, "-pk" if column.startswith("-") else "pk")


def _after(rows, cursor, column, end):
    """The rows after the position in the cursor. Raises UnreadableCursor."""
    if cursor is None:
        return rows
    name, lookup = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
    value, key = _read(cursor, [rows.model._meta.get_field(name), rows.model._meta.pk])
    if end and (value, key) > end:  # from before a backup was restored
        raise UnreadableCursor
    is_further = Q(**{f"{name}__{lookup}": value})
    return rows.filter(is_further | Q(**{name: value, f"pk__{lookup}": key}), **{f"{name}__{lookup}e": value})


def _position(row, column):
    return row.serializable_value(column.removeprefix("-")), row.pk


def _cursor(position):
    text = json.dumps(position, default=str, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor, fields):
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        [first, second] = [_converted(field, value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        raise UnreadableCursor from None
    return first, second


def _converted(field, value):
    """The value for a comparison with the field. Raises ValueError, TypeError, OverflowError, ValidationError."""
    if isinstance(value, str):
        value.encode()  # raises ValueError for a lone surrogate, which JSON allows
        if "\x00" in value:
            raise ValueError
    elif isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    value = field.to_python(value)
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        raise ValueError
    return value
