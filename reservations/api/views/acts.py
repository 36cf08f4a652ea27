"""The views that do something to one reservation by POST: `act` makes one for each verb."""

from collections.abc import Callable
from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view

from api.schema import IF_MATCH_TOO
from api.serializers import RequestSerializer
from api.versions import version_in
from reservations.api.examples import reservation_shown
from reservations.api.serializers.changing import EmptyRequestSerializer
from reservations.api.serializers.reservations import ReservationSerializer
from reservations.api.views.reservations import (
    CONFLICT,
    STALE,
    StayView,
    answer,
    reservation_for_answer,
    reservation_or_404,
)


class Act(StayView):
    # Calls `verb` with the reservation of the address and the validated request body. No docstring: it would be in the
    # schema.
    verb: Callable[..., Any]
    request_serializer: type[RequestSerializer] = EmptyRequestSerializer
    response_serializer: type[ReservationSerializer] = ReservationSerializer

    def post(self, request, reference):
        reservation = reservation_or_404(request, reference)
        wanted = self.valid_body(self.request_serializer, instance=reservation)
        changed = self.verb(reservation=reservation, actor=request.user, version=version_in(request), **wanted)
        first, *others = changed if isinstance(changed, list | tuple) else [changed]
        others = [each.reference for each in others]
        return answer(
            reservation_for_answer(request, reference),
            request,
            serializer=self.response_serializer,
            also_changed=others,
            event=first.new_event,
        )


def act(
    verb,
    request_serializer=EmptyRequestSerializer,
    *,
    response_serializer=ReservationSerializer,
    example=None,
    example_changes=None,
    **words,
):
    """The view of a verb, with serializers for its request and its response.

    `example` is a request body for the schema. Without one, an example of the response is shown, which differs from an
    ordinary one by `example_changes`. `words` are the schema's operation_id, summary and description.
    """
    members = {
        "verb": staticmethod(verb),
        "request_serializer": request_serializer,
        "response_serializer": response_serializer,
    }
    view = cast(type[Act], type(verb.__name__.title(), (Act,), members))
    body = example and OpenApiExample(words["summary"], example, request_only=True)
    response = OpenApiExample(
        words["summary"], reservation_shown(**(example_changes or {})), response_only=True, status_codes=["200"]
    )
    schema = extend_schema(
        request=None if request_serializer is EmptyRequestSerializer else request_serializer,
        responses={200: response_serializer} | CONFLICT | STALE,
        parameters=[IF_MATCH_TOO],
        examples=[body] if body else [response],
        tags=["reservations"],
        **words,
    )
    return extend_schema_view(post=schema)(view).as_view()
