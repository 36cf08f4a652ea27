"""Pagination by cursor: a page begins after a row, so no row is shown twice or left out while others are added."""

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
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY  # any text is as the schema says
    default_code = "unreadable_cursor"
    when = "The cursor is none that was given out."
    then = "Take the whole address from “next”, or begin without a cursor."
    default_detail = "This cursor is none of ours. Take the whole address that stands in `next`, or begin without one."


def page_of(request, rows, serializer, query, *, end=None):
    """The response with one page of the queryset `rows` that the valid data of a `ListQuerySerializer`
    describe. It takes one database query.

    `next` is the address of the following page, or null. Rows with equal values are ordered by their primary keys.
    `end` is for a feed: (value, key) up to which the list is complete. The last page's `next` then continues from there
    and is never null.
    """
    column = query["ordering"]
    most = query["limit"]
    found = list(_after(rows, query.get("cursor"), column, end).order_by(*_both(column))[: most + 1])
    shown = serializer(found[:most], many=True, only=query.get("fields"), context={"request": request})
    place = _place(found[most - 1], column) if len(found) > most else end
    following = place and replace_query_param(request.build_absolute_uri(), "cursor", _cursor(place))
    return Response({"next": following, "results": shown.data})


def _both(column):
    return (column, "-pk" if column.startswith("-") else "pk")


def _after(rows, cursor, column, end):
    if cursor is None:
        return rows
    name, way = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
    value, key = _read(cursor, [rows.model._meta.get_field(name), rows.model._meta.pk])
    if end and (value, key) > end:  # given out before a backup was restored
        raise UnreadableCursor
    beside = Q(**{f"{name}__{way}": value})
    return rows.filter(beside | Q(**{name: value, f"pk__{way}": key}), **{f"{name}__{way}e": value})


def _place(row, column):
    return row.serializable_value(column.removeprefix("-")), row.pk


def _cursor(place):
    text = json.dumps(place, default=str, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor, fields):
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        [first, second] = [_fit(field, value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        raise UnreadableCursor from None
    return first, second


def _fit(field, value):
    """The value as the field compares it. Raises ValueError, TypeError, OverflowError, ValidationError."""
    if isinstance(value, str):
        value.encode()  # JSON lets halves of characters through
        if "\x00" in value:
            raise ValueError
    elif isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    value = field.to_python(value)
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        raise ValueError
    return value
