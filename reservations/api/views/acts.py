"""What is done to one reservation by POST: a view for each verb, all made alike."""

from collections.abc import Callable
from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view

from api.schema import IF_MATCH_TOO
from api.serializers import RequestSerializer
from api.versions import version_in
from reservations.api.examples import reservation_shown
from reservations.api.serializers.changing import EmptyRequestSerializer
from reservations.api.serializers.reservations import ReservationSerializer
from reservations.api.views.reservations import CONFLICT, STALE, StayView, answer, found, shown


class Act(StayView):
    # Does `verb` to the reservation of the address, with what `takes` makes of the body.
    verb: Callable[..., Any]
    takes: type[RequestSerializer] = EmptyRequestSerializer
    answers: type[ReservationSerializer] = ReservationSerializer

    def post(self, request, reference):
        reservation = found(reference)
        wanted = self.valid_body(self.takes, instance=reservation)
        done = self.verb(reservation=reservation, actor=request.user, version=version_in(request), **wanted)
        first, *others = done if isinstance(done, list | tuple) else [done]
        others = [each.reference for each in others]
        return answer(shown(reference), request, serializer=self.answers, also_changed=others, event=first.new_event)


def act(verb, takes=EmptyRequestSerializer, *, answers=ReservationSerializer, example=None, leaves=None, **words):
    """The view of a verb. `example` is a body; where nothing is sent, `leaves` says how the answer's example differs
    from an ordinary one. `words` are those of the schema: operation_id, summary, description."""
    members = {"verb": staticmethod(verb), "takes": takes, "answers": answers}
    view = cast(type[Act], type(verb.__name__.title(), (Act,), members))
    body = example and OpenApiExample(words["summary"], example, request_only=True)
    told = OpenApiExample(
        words["summary"], reservation_shown(**(leaves or {})), response_only=True, status_codes=["200"]
    )
    schema = extend_schema(
        request=None if takes is EmptyRequestSerializer else takes,
        responses={200: answers} | CONFLICT | STALE,
        parameters=[IF_MATCH_TOO],
        examples=[body] if body else [told],
        tags=["reservations"],
        **words,
    )
    return extend_schema_view(post=schema)(view).as_view()
