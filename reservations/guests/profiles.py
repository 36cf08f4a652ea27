"""Guests' profiles: finding, creating and changing them.

A verb that changes a guest, or gives a stay to one, locks the profile first (`lock_profiles`), before units and
reservations. So a booking for a guest who is being merged waits, and is made for the profile that was kept.
"""

import copy
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, overload

from django.db.models import Count, F, Sum

from accounts.access import Action, NotAllowed, NotVisible
from accounts.models import User
from config.errors import DomainError, VersionConflict
from config.transactions import one_transaction
from reservations.models import Event, Guest, Reservation
from reservations.models.guest_search import GuestQuerySet

# The fields of a profile besides the name. A merge fills those that are empty.
DETAILS = ("phone", "email", "language", "remarks")
FIELDS = ("name", *DETAILS)
MOST_DUPLICATES = 6


class ProfileChanged(VersionConflict):
    """Somebody changed the profile since it was read. `theirs` is the profile as it is now."""

    def __init__(self, theirs: Guest) -> None:
        super().__init__(f"The profile of {theirs} was changed while you were looking at it. Compare, then save again.")
        self.theirs = theirs


class AlreadyMerged(DomainError):
    """The profile is a duplicate that was merged into another one. `guest` is the profile that was kept."""

    code = "already_merged"
    when = "The profile is a duplicate that was merged into another one."
    then = "Use the profile that was kept."

    def __init__(self, guest: Guest) -> None:
        super().__init__(f"This profile was merged into that of {guest}. Nothing was changed.")
        self.guest = guest


def require_guest(actor: User | None, guest: Guest | None) -> None:
    """Raises NotVisible or NotAllowed unless `actor` may change the stays of `guest` at one property at least.

    A new profile (None, or one that is not saved yet) is made by whoever may book. The actor None is Roomtone itself.
    """
    if actor is None or actor.access.properties(Action.CHANGE) is None:
        return
    if guest is None or guest.pk is None:
        if not actor.access.may_somewhere(Action.BOOK):
            raise NotAllowed.of(Action.BOOK)
    elif not Guest.objects.visible_to(actor, Action.CHANGE).filter(pk=guest.pk).exists():
        raise NotAllowed.of(Action.CHANGE) if Guest.objects.visible_to(actor).filter(pk=guest.pk) else NotVisible


def surviving_profile(guest: Guest) -> Guest:
    """The profile that `guest` was merged into, after any number of merges, or `guest` itself."""
    while guest.merged_into:
        guest = guest.merged_into
    return guest


def summary(guest: Guest, actor: User | None) -> dict[str, Any]:
    """{"stays": count, "nights": timedelta or None} of the guest's stays that take nights, past ones too.

    Only those that `actor` sees count. One query.
    """
    stays = guest.reservations.visible_to(actor).blocking().order_by()
    return stays.aggregate(stays=Count("pk"), nights=Sum(F("departure") - F("arrival")))


def likely_duplicates(guest: Guest, actor: User | None) -> GuestQuerySet:
    """Other profiles that `actor` sees of perhaps the same person, likeliest first, with their stays. One query."""
    return Guest.objects.visible_to(actor).likely_same_as(guest).with_stays(actor)[:MOST_DUPLICATES]


def others_at_stake(reservation: Reservation) -> int:
    """How many other stays the reservation's guest has, which would show a new name of the profile too. One query."""
    return reservation.guest.reservations.exclude(pk=reservation.pk).count()


@overload
def lock_profile(guest: None) -> None: ...


@overload
def lock_profile(guest: Guest) -> Guest: ...


def lock_profile(guest: Guest | None) -> Guest | None:
    """Lock the profile and return it, or the surviving one if it was merged.

    None and a profile that is not saved yet are returned as they are. Profiles are locked before units and
    reservations.
    """
    if guest is None or guest.pk is None:
        return guest
    guest = lock_profiles(guest.pk)[guest.pk]
    return lock_profile(guest.merged_into) if guest.merged_into else guest


def get_or_create_profile(guest: Guest | None, name: str) -> Guest:
    """`guest`, saved if it was not; or with None a new profile with the name `name`."""
    if guest is None:
        return Guest.objects.create(name=name)
    if guest.pk is None:
        guest = copy.copy(guest)  # a verb that runs again after a rollback needs the unsaved one again
        guest.save()
    return guest


def rename_or_split(reservation: Reservation, name: str) -> Guest:
    """The guest for a reservation whose guest is called `name` from now on.

    That is the same profile with the new name if it has no other stay and no group, else a new profile.
    """
    guest = reservation.guest
    if others_at_stake(reservation) or guest.groups.exists():
        return Guest.objects.create(name=name)
    rename(guest, name)
    return guest


def rename(guest: Guest, name: str) -> None:
    """Give the locked profile another name. The caller records the events of its stays."""
    write_profile(guest, {"name": name})


def lock_profiles(*pks: int) -> dict[int, Guest]:
    """{key: profile}, locked in the order of their keys until the transaction ends."""
    return Guest.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).in_bulk()


@one_transaction
def save_guest(
    *,
    guest: Guest | None = None,
    name: str,
    phone: str = "",
    email: str = "",
    language: str = "",
    remarks: str = "",
    version: int | None = None,
    actor: User | None,
) -> Guest:
    """Create a profile, or with `guest` change that one; returns it. Each stay's history records a new name.

    `version` is the profile's when it was read; None overwrites any version. Raises ProfileChanged, AlreadyMerged,
    Busy.
    """
    require_guest(actor, guest)
    values = {"name": name, "phone": phone, "email": email, "language": language, "remarks": remarks}
    if guest is None:
        return Guest.objects.create(**values)
    now = lock_profiles(guest.pk)[guest.pk]
    if now.merged_into_id:
        raise AlreadyMerged(surviving_profile(now))
    changed = {field: [was, values[field]] for field in FIELDS if (was := getattr(now, field)) != values[field]}
    if changed and version not in (None, now.version):
        raise ProfileChanged(now)
    if changed:
        write_profile(now, values)
    if "name" in changed:
        record_in_stays(lock_stays(now), Event.Action.CHANGED, actor, {"guest": changed["name"]})
    return now


def lock_stays(guest: Guest, **among: Any) -> list[Reservation]:
    """The guest's reservations, locked in the order of their keys. `among` are further conditions of the query."""
    stays = guest.reservations.filter(**among).order_by("pk")
    return list(stays.select_for_update(no_key=True))


def write_profile(guest: Guest, fields: Mapping[str, Any]) -> None:
    """Save {field: value} of the locked profile, and raise its version."""
    for field, value in fields.items():
        setattr(guest, field, value)
    guest.version += 1
    guest.save(update_fields=[*fields, "version"])


def record_in_stays(
    stays: Sequence[Reservation], action: str, actor: User | None, data: dict[str, Any], **event_fields: Any
) -> None:
    """Record the same event for each stay, in one act, and raise its version, so that forms opened before are stale."""
    act = uuid.uuid4()
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(version=F("version") + 1)
    Event.objects.bulk_create(
        Event(reservation=stay, action=action, actor=actor, data=data, act=act, **event_fields) for stay in stays
    )
