"""What error responses about the calendar carry: who has the nights, if the token may read it, and alternatives."""

from dataclasses import replace

from accounts.models import Scope
from api.permissions import may
from api.problems import details
from properties.api.fields import MoneySerializer
from reservations import booking, guests
from reservations.api.serializers.closures import ClosureSerializer
from reservations.api.serializers.conflicts import AlternativesSerializer, InTheWaySerializer, ShortOfSerializer
from reservations.api.serializers.events import EventSerializer
from reservations.api.serializers.guests import GuestRowSerializer
from reservations.api.serializers.reservations import steps_of
from reservations.booking import lifecycle
from reservations.offers.alternatives import rooms_instead, swap_partner
from reservations.wording import when_next


@details.register(booking.DatesTaken)
def taken(error, request):
    answer, mine = error.answer, error.reservation
    alternatives = AlternativesSerializer(replace(answer, other_rooms=rooms_instead(answer, mine, answer.stay))).data
    told = {"detail": words_of(error, request)} | alternatives
    if may(request, Scope.READ_RESERVATIONS):
        partner = swap_partner(answer, mine)
        swap = {"swap_with": partner.reference} if partner else {}
        return {"in_the_way": InTheWaySerializer(answer.in_the_way, many=True).data} | swap | told
    return told


def words_of(error, request):
    """The refusal's, without who is there if the token may not know."""
    if isinstance(error, booking.DatesTaken) and not may(request, Scope.READ_RESERVATIONS):
        return f"These nights are taken. {when_next(error.answer)}".strip()
    return error.message


@details.register(booking.TooFewRooms)
def too_few(error, request):
    return {"short": ShortOfSerializer(error.short, many=True).data}


@details.register(booking.ChangedMeanwhile)
def changed(error, request):
    told = {"version": error.theirs.version}
    if error.event and may(request, Scope.READ_RESERVATIONS):
        told["event"] = EventSerializer(error.event).data
    return told


@details.register(lifecycle.NotThisStep)
def not_this_step(error, request):
    return {"reservation_status": error.reservation.shown_status, "steps": steps_of(error.reservation)}


@details.register(booking.ClosureChanged)
def closed_otherwise(error, request):
    return _now(request, ClosureSerializer(error.theirs))


@details.register(guests.ProfileChanged)
def said_otherwise(error, request):
    return _now(request, GuestRowSerializer(error.theirs, only=("id", "version", *guests.FIELDS)))


@details.register(guests.AlreadyMerged)
def merged(error, request):
    return {"merged_into": error.guest.pk}


@details.register(booking.PriceWouldChange)
def repriced(error, request):
    return {"kept": MoneySerializer(error.kept).data, "requoted": MoneySerializer(error.requoted).data}


@details.register(booking.OutsideLimits)
def outside(error, request):
    return {"errors": [{"field": error.field, "code": error.code, "detail": error.message}]}


@details.register(booking.BrokenRule)
def broken(error, request):
    return {"errors": [{"field": error.field, "code": error.rule, "detail": error.message}]}


def _now(request, serializer):
    """What is there instead of the version that was meant, for whoever may read it."""
    return {"now": serializer.data} if may(request, Scope.READ_RESERVATIONS) else {}
