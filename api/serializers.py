"""Base classes of all serializers: strict for requests, read-only for responses."""

import difflib
import functools
from collections.abc import Mapping

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from api.fields import Choice, Text, Whole

# The most unknown names that an error response lists.
MOST_UNKNOWN = 20
# Rows on a page: the default and the most.
ROWS = 25
MOST_ROWS = 100
_NEXT = "The address of the next page; null: this is the last one."


class RequestSerializer(serializers.Serializer):
    """A request body. Unknown names are refused, because a misspelt field would otherwise be ignored."""

    is_text = False  # whether all values are text, as in a form
    a_name = "field"  # the word for a name, in error messages

    default_error_messages = {"invalid": "Send one JSON object."}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages |= {"required": "This is missing.", "null": "This may not be null."}

    def run_validation(self, data=serializers.empty):
        if data is None and not self.allow_null:
            data = []  # no object either, and refused with the message `invalid`
        return super().run_validation(data)

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - self._known())):
            raise serializers.ValidationError({name: self._no_such(name) for name in unknown[:MOST_UNKNOWN]})
        return super().to_internal_value(data)

    def _known(self):
        return {field.field_name for field in self._writable_fields}

    def _no_such(self, name):
        near = difflib.get_close_matches(str(name), self._known(), n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return [serializers.ErrorDetail(f"There is no such {self.a_name}.{hint}", code="unknown_field")]


class FormRequestSerializer(RequestSerializer):
    """A body of multipart/form-data."""

    is_text = True


class QuerySerializer(RequestSerializer):
    """The query string of an address, as {name: [text]} with every value of each name."""

    is_text = True
    a_name = "parameter"

    def to_internal_value(self, data):
        """Names in `fields` may come in several parameters, as some clients send lists; all others come once."""
        repeated = [name for name, values in data.items() if len(values) > 1 and not self._is_list(name)]
        if repeated:
            raise serializers.ValidationError({name: self._repeated() for name in repeated})
        return super().to_internal_value({name: ",".join(values) for name, values in data.items()})

    def _is_list(self, name):
        return isinstance(self.fields.get(name), Names)

    def _repeated(self):
        return [serializers.ErrorDetail("This is said more than once. Say it once.", code="repeated")]


class ListQuerySerializer(QuerySerializer):
    """The query string of a list. Lists add `ordering` (`ordering_by`), `fields` (`fields_of`) and their filters."""

    cursor = Text(
        required=False,
        max_length=2000,
        help_text="Where the page begins. Take the whole address from `next` instead of writing this yourself.",
    )
    limit = Whole(min_value=1, max_value=MOST_ROWS, default=ROWS, help_text="The number of rows on a page.")


def ordering_by(*names):
    """A field for the columns by which a list may be ordered; the first one, as it is written, is the default."""
    both = [each for name in names for each in (name.removeprefix("-"), f"-{name.removeprefix('-')}")]
    return Choice(
        choices=both,
        default=names[0],
        help_text="The member by which the rows are ordered; with a minus before it in descending order.",
    )


def fields_of(serializer):
    """A field for the members that each row has; all of them by default."""
    return Names(serializer._declared_fields, required=False)


class Names(Text):
    """Some of the names in `known`, separated by commas."""

    default_error_messages = {"unknown": "There is no {name} here. There are: {known}."}

    def __init__(self, known, **options):
        super().__init__(
            help_text="The members that each row shall have, with commas between them. The default is all.", **options
        )
        self.known = tuple(known)

    def to_internal_value(self, data):
        names = super().to_internal_value(data).split(",")
        for name in names:
            if name not in self.known:
                self.fail("unknown", name=f"“{name[:40]}”", known=", ".join(self.known))
        return names


class ResponseSerializer(serializers.Serializer):
    """A response body."""

    def __init__(self, *args, only=None, **options):
        """`only` are the names of the members to show; None shows all."""
        super().__init__(*args, **options)
        if only is not None:
            for name in self.fields.keys() - set(only):
                del self.fields[name]

    @classmethod
    def of(cls, thing):
        """The representation of `thing`, for serializers that do not need the request.

        Making a serializer takes six times as long as using it, so all requests share one instance.
        """
        return _shared_instance(cls).to_representation(thing)  # type: ignore[arg-type]  # a class is hashable

    def get_fields(self):
        """A member with a default is always present, so the schema calls it required."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = field.required or field.default is not serializers.empty
        return fields


@functools.cache
def _shared_instance(serializer: type[ResponseSerializer]) -> ResponseSerializer:
    return serializer()


@functools.cache
def rows_of(serializer, *, is_feed=False):
    """For the schema: a page of such rows, as `pages.page_of` answers it; `is_feed` where that is told an `end`.

    Several lists of one kind share it.
    """
    name = serializer.__name__.removesuffix("Serializer").removesuffix("Row")
    words = "The address for what follows; never null." if is_feed else _NEXT
    members = {
        "next": serializers.URLField(allow_null=not is_feed, help_text=words),
        "results": serializer(many=True),
    }
    return inline_serializer(f"{name}{'Feed' if is_feed else 'Page'}", members)
