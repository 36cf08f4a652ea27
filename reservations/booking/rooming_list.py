"""Who sleeps in which room of a group: the names of its rooming list."""

from collections.abc import Mapping
from typing import NamedTuple

from accounts.access import Action, require
from accounts.models import User
from config.transactions import one_transaction
from reservations import guests
from reservations.booking.drafts import Draft
from reservations.booking.nights import lock_reservations, write
from reservations.booking.refusals import ChangedMeanwhile, NotOpen
from reservations.models import Event, Group, Guest, Reservation


class RoomName(NamedTuple):
    """The name for one room, "" for the booker's, and the name that was shown when it was typed."""

    shown: str
    name: str


@one_transaction
def name_guests(*, group: Group, names: Mapping[int, RoomName], actor: User | None) -> list[Reservation]:
    """Give rooms of the group other names, in one act that can be undone. Returns the reservations that have changed.

    `names` are by key of the reservation. A room that has the booker's profile gets a profile of its own, which is
    renamed when the name is corrected. Raises ChangedMeanwhile when a name is not the one that was shown any more,
    NotOpen, Busy; then nothing has changed.
    """
    require(actor, Action.CHANGE, group)
    wanted = {key: each for key, each in names.items() if each.name != each.shown}
    stays = list(group.reservations.filter(pk__in=wanted).order_by("pk"))
    profiles = guests.lock_profiles(group.booker_id, *(stay.guest_id for stay in stays))
    drafts = [Draft.of(reservation) for reservation in lock_reservations(*stays)]
    for draft in drafts:
        reservation = draft.reservation
        _refuse_other_name(reservation, wanted[reservation.pk], profiles)
        draft.set(guest=_guest_called(wanted[reservation.pk].name, reservation, profiles[group.booker_id]))
    return write(drafts, action=Event.Action.CHANGED, actor=actor)


def _refuse_other_name(reservation: Reservation, wanted: RoomName, profiles: Mapping[int, Guest]) -> None:
    if not reservation.is_open:
        raise NotOpen(reservation)
    if reservation.guest_id not in profiles or reservation.guest.name != wanted.shown:
        raise ChangedMeanwhile(reservation, reservation.events.select_related("actor").first())


def _guest_called(name: str, reservation: Reservation, booker: Guest) -> Guest:
    """The booker, or the reservation's own guest under that name."""
    return booker if name in ("", booker.name) else guests.rename_or_split(reservation, name)
