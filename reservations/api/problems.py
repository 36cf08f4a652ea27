"""What a program is told of the calendar's refusals: who is there, if it may know, and the way out."""

from accounts.models import Scope
from api.permissions import may
from api.problems import details
from reservations import booking
from reservations.api.serializers.conflicts import InTheWaySerializer, WaysOutSerializer
from reservations.wording import when_next


@details.register(booking.DatesTaken)
def taken(error, request):
    """Nothing for a group that found too few rooms: its words say what is missing."""
    if error.answer is None:
        return {}
    ways = WaysOutSerializer(error.answer).data
    if may(request, Scope.READ_RESERVATIONS):
        return {"in_the_way": InTheWaySerializer(error.answer.in_the_way, many=True).data} | ways
    return {"detail": f"These nights are taken. {when_next(error.answer)}".strip()} | ways


@details.register(booking.ChangedMeanwhile)
def changed(error, request):
    return {"version": error.theirs.version}


@details.register(booking.PriceWouldChange)
def repriced(error, request):
    return {"kept": str(error.kept), "requoted": str(error.requoted), "currency": error.currency}


@details.register(booking.OutsideLimits)
def outside(error, request):
    return {"errors": [{"field": error.field, "code": error.code, "detail": error.message}]}
