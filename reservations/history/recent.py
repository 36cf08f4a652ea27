"""What was done in the last day, act by act, each with the offer to undo it."""

from dataclasses import dataclass

from django.db.models import Max

from config import clock
from reservations import booking
from reservations.history.timeline import HistoryEntry, changes
from reservations.models import Closure, Event, Group, Reservation
from reservations.models.events import TO_MAKE_ROOM

# Of an act with more stays only the number is said.
NAMED = 3


@dataclass(frozen=True)
class RecentAct:
    """One act, as a line of *Recently done*."""

    entry: HistoryEntry  # of the reservation or closure that the act was about
    offer: booking.UndoOffer

    @property
    def event(self) -> Event:
        return self.entry.event

    @property
    def group(self) -> Group | None:
        """The group whose stays the act was about, when it was about several of one group."""
        groups = {event.reservation.group if event.reservation else None for event in self.offer.act}
        return groups.pop() if self.offer.together > 1 and len(groups) == 1 else None

    @property
    def closures(self) -> list[Closure]:
        return [event.closure for event in self.offer.act if event.closure]

    @property
    def stays(self) -> list[Reservation]:
        """The stays, the one first that the act was about; at most NAMED."""
        return [event.reservation for event in _main_first(self.offer.act)[:NAMED] if event.reservation]

    @property
    def unnamed(self) -> int:
        """How many stays there are that `stays` leaves out."""
        return max(self.offer.together - NAMED, 0)


def recent_acts(actor, *, by=None):
    """{"act", "last", "at"} of the acts that `actor` sees and that are young enough to be undone, newest first.

    "last" is the key of an act's last event. The acts are those of the user `by`, or with None of everybody. What
    happens by itself, such as the end of a hold, is nobody's act.
    """
    events = Event.objects.visible_to(actor).filter(at__gt=clock.now() - booking.UNDOABLE_FOR)
    events = events.filter(actor=by) if by else events.filter(actor__isnull=False)
    return events.order_by().values("act").annotate(last=Max("pk"), at=Max("at")).order_by("-at", "-last")


def in_detail(acts, user) -> list[RecentAct]:
    """The acts of a page of `recent_acts`, as `user` may undo them. The number of queries does not depend on theirs."""
    events = list(
        Event.objects.filter(pk__in=[act["last"] for act in acts]).select_related("actor").order_by("-at", "-pk")
    )
    offers = booking.undo_offers(events, user)
    return [_in_detail(offers[event.act]) for event in events]


def _in_detail(offer):
    main = _main_first(offer.act)[0]
    return RecentAct(HistoryEntry(main, changes(main)), offer)


def _main_first(events):
    """The events of one act: a closure first, and stays that were moved to make room last."""
    return sorted(events, key=lambda event: (event.closure_id is None, event.reason_code == TO_MAKE_ROOM, event.pk))
