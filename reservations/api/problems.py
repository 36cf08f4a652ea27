"""Further members of this app's error responses: who has the nights, if the token may read that, and alternatives."""

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
def dates_taken(error, request):
    answer, mine = error.answer, error.reservation
    alternatives = AlternativesSerializer(replace(answer, other_rooms=rooms_instead(answer, mine, answer.stay))).data
    members = {"detail": words_of(error, request)} | alternatives
    if may(request, Scope.READ_RESERVATIONS):
        partner = swap_partner(answer, mine)
        swap = {"swap_with": partner.reference} if partner else {}
        return {"in_the_way": InTheWaySerializer(answer.in_the_way, many=True).data} | swap | members
    return members


def words_of(error, request):
    """The error's message, without the names of guests if the token may not read reservations."""
    if isinstance(error, booking.DatesTaken) and not may(request, Scope.READ_RESERVATIONS):
        return f"These nights are taken. {when_next(error.answer)}".strip()
    return error.message


@details.register(booking.TooFewRooms)
def too_few_rooms(error, request):
    return {"short": ShortOfSerializer(error.short, many=True).data}


@details.register(booking.ChangedMeanwhile)
def changed_meanwhile(error, request):
    members = {"version": error.theirs.version}
    if error.event and may(request, Scope.READ_RESERVATIONS):
        members["event"] = EventSerializer(error.event).data
    return members


@details.register(lifecycle.NotThisStep)
def not_this_step(error, request):
    return {"reservation_status": error.reservation.shown_status, "steps": steps_of(error.reservation)}


@details.register(booking.ClosureChanged)
def closure_changed(error, request):
    return _now(request, ClosureSerializer(error.theirs))


@details.register(guests.ProfileChanged)
def profile_changed(error, request):
    return _now(
        request,
        GuestRowSerializer(error.theirs, only=("id", "version", *guests.FIELDS), context={"request": request}),
    )


@details.register(guests.AlreadyMerged)
def already_merged(error, request):
    return {"merged_into": error.guest.pk}


@details.register(booking.PriceWouldChange)
def price_would_change(error, request):
    return {"kept": MoneySerializer(error.kept).data, "requoted": MoneySerializer(error.requoted).data}


@details.register(booking.OutsideLimits)
def outside_limits(error, request):
    return {"errors": [{"field": error.field, "code": error.code, "detail": error.message}]}


@details.register(booking.BrokenRule)
def broken_rule(error, request):
    return {"errors": [{"field": error.field, "code": error.rule, "detail": error.message}]}


def _now(request, serializer):
    """{"now": the present version}, or {} if the token may not read it."""
    return {"now": serializer.data} if may(request, Scope.READ_RESERVATIONS) else {}
