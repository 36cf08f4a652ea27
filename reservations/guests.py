"""Guests' profiles: made, changed, merged and taken apart again.

Whoever writes about a guest locks the profile first (`lock`), before units and reservations: a booking for a guest who
is being merged waits, and goes to the profile that was kept.
"""

import copy
import uuid

from django.db.models import Count, F, Sum

from config.errors import DomainError
from config.transactions import one_transaction
from reservations.models import Event, Group, Guest, Reservation

# What a profile says besides the name. A merge fills what is empty.
DETAILS = ("phone", "email", "language", "remarks")
FIELDS = ("name", *DETAILS)
MOST_DUPLICATES = 6


class ProfileChanged(DomainError):
    """Someone else was first; `theirs` is the profile as it is now."""

    code = "changed_meanwhile"

    def __init__(self, theirs):
        super().__init__(f"The profile of {theirs} was changed while you were looking at it. Compare, then save again.")
        self.theirs = theirs


class AlreadyMerged(DomainError):
    """The profile is a duplicate that is not used any more; `guest` is the one that was kept."""

    code = "already_merged"

    def __init__(self, guest):
        super().__init__(f"This profile was merged into that of {guest}. Nothing was changed.")
        self.guest = guest


class SameGuest(DomainError):
    code = "same_guest"

    def __init__(self):
        super().__init__("This is the same profile. Choose another one to merge it with.")


class NotMerged(DomainError):
    """There is no merge to take back."""

    code = "not_merged"

    def __init__(self, guest):
        super().__init__(f"The profile of {guest} is not merged into another any more. Nothing was changed.")


def kept(guest):
    """The profile that `guest` was merged into, at the end of the chain; itself when it was not."""
    while guest.merged_into_id:
        guest = guest.merged_into
    return guest


def summary(guest):
    """{"stays": …, "nights": timedelta} of what was not cancelled, past and coming. One query."""
    stays = guest.reservations.blocking().order_by()
    return stays.aggregate(stays=Count("pk"), nights=Sum(F("departure") - F("arrival")))


def likely_duplicates(guest):
    """Other profiles that may be the same person, likeliest first, with their stays. One query."""
    return Guest.objects.likely_same_as(guest).with_stays()[:MOST_DUPLICATES]


def others_at_stake(reservation):
    """How many other stays its guest has: they would all be renamed with the profile. One query."""
    return reservation.guest.reservations.exclude(pk=reservation.pk).count()


def hold(guest):
    """The profile to book for, locked, before units and reservations are; one that is not saved yet as it is.

    Of one that was merged, the profile that was kept.
    """
    if guest is None or guest.pk is None:
        return guest
    guest = lock(guest.pk)[guest.pk]
    return hold(guest.merged_into) if guest.merged_into_id else guest


def saved(guest, name):
    """`guest`, saved if it was not, else a new profile of that name."""
    if guest is None:
        return Guest.objects.create(name=name)
    if guest.pk is None:
        guest = copy.copy(guest)  # a verb that runs again after a rollback is given the unsaved one again
        guest.save()
    return guest


def called(reservation, name):
    """Who stays when a reservation's guest is called `name` from now on: the same profile under another name when
    it has no other stay and no group, else a new profile. The stays of others are not renamed."""
    guest = reservation.guest
    if others_at_stake(reservation) or guest.groups.exists():
        return Guest.objects.create(name=name)
    rename(guest, name)
    return guest


def rename(guest, name):
    """The locked profile of that name from now on; its stays' histories are the caller's."""
    _write(guest, {"name": name})


def lock(*pks):
    """These profiles as they are now, by key; locked in key order until the transaction ends."""
    return Guest.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).in_bulk()


@one_transaction
def save_guest(*, guest=None, name, phone="", email="", language="", remarks="", version=None, actor):
    """Make a profile, or let `guest` say this; returns it. A new name is written into the history of each stay.

    `version` is the one the editing began with; None overwrites whatever is there now.
    Raises ProfileChanged, AlreadyMerged, Busy.
    """
    said = {"name": name, "phone": phone, "email": email, "language": language, "remarks": remarks}
    if guest is None:
        return Guest.objects.create(**said)
    now = lock(guest.pk)[guest.pk]
    if now.merged_into_id:
        raise AlreadyMerged(kept(now))
    changed = {field: [was, said[field]] for field in FIELDS if (was := getattr(now, field)) != said[field]}
    if changed and version not in (None, now.version):
        raise ProfileChanged(now)
    if changed:
        _write(now, said)
    if "name" in changed:
        _tell(_locked_stays(now), Event.Action.CHANGED, actor, {"guest": changed["name"]})
    return now


@one_transaction
def merge(*, keep, duplicate, actor, versions=None):
    """All stays and groups of `duplicate` become those of `keep`; returns `keep`.

    What is empty in `keep` is filled from the duplicate, and remarks are joined: nothing said about a guest is lost.
    Of other fields that differ, those of `keep` stay. The duplicate is not offered again. `versions` are those that
    were compared, (of keep, of duplicate). Raises SameGuest, AlreadyMerged, ProfileChanged, Busy.
    """
    if keep.pk == duplicate.pk:
        raise SameGuest
    keep, duplicate = _both_unmerged(keep, duplicate)
    for guest, version in zip((keep, duplicate), versions or (), strict=False):
        if guest.version != version:
            raise ProfileChanged(guest)
    stays = _locked_stays(duplicate)
    groups = list(duplicate.groups.values_list("pk", flat=True))
    filled = {field: [getattr(keep, field), text] for field, text in filled_by(keep, duplicate).items()}
    _give(stays, groups, to=keep)
    _tell(stays, Event.Action.MERGED, actor, _from_to(duplicate, keep))
    _write(keep, {field: text for field, (_, text) in filled.items()})
    memory = {"reservations": [stay.pk for stay in stays], "groups": groups, "filled": filled}
    _write(duplicate, {"merged_into": keep, "merge": memory})
    return keep


@one_transaction
def unmerge(*, duplicate, actor, version=None):
    """Take a merge back: the duplicate is a profile again and has what it had; returns it.

    Stays that were booked, or given to somebody else, since stay where they are; so does what was typed since.
    `version` is the duplicate's that was looked at. Raises NotMerged, ProfileChanged, Busy.
    """
    if duplicate.merged_into_id is None:
        raise NotMerged(duplicate)
    locked = lock(duplicate.pk, duplicate.merged_into_id)
    keep, duplicate = locked.get(duplicate.merged_into_id), locked[duplicate.pk]
    if keep is None or duplicate.merged_into_id != keep.pk or keep.merged_into_id:
        raise NotMerged(duplicate)
    if version not in (None, duplicate.version):
        raise ProfileChanged(duplicate)
    memory = duplicate.merge
    stays = _locked_stays(keep, pk__in=memory["reservations"])
    _give(stays, list(keep.groups.filter(pk__in=memory["groups"]).values_list("pk", flat=True)), to=duplicate)
    _tell(stays, Event.Action.UNDONE, actor, _from_to(keep, duplicate), reason_code=Event.Action.MERGED)
    _write(keep, {field: was for field, (was, given) in memory["filled"].items() if getattr(keep, field) == given})
    _write(duplicate, {"merged_into": None, "merge": None})
    return duplicate


def filled_by(keep, duplicate):
    """What `keep` would say after a merge where it says something else now: {field: text}."""
    filled = {field: getattr(duplicate, field) for field in DETAILS if not getattr(keep, field)}
    if keep.remarks and duplicate.remarks and duplicate.remarks not in keep.remarks:
        filled["remarks"] = f"{keep.remarks}\n\n{duplicate.remarks}"
    return {field: text for field, text in filled.items() if text}


def _both_unmerged(keep, duplicate):
    locked = lock(keep.pk, duplicate.pk)
    for guest in locked.values():
        if guest.merged_into_id:
            raise AlreadyMerged(kept(guest))
    return locked[keep.pk], locked[duplicate.pk]


def _locked_stays(guest, **among):
    stays = guest.reservations.filter(**among).order_by("pk")
    return list(stays.select_for_update(no_key=True))


def _give(stays, groups, *, to):
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(guest=to)
    Group.objects.filter(pk__in=groups).update(booker=to)


def _write(guest, fields):
    for field, value in fields.items():
        setattr(guest, field, value)
    guest.version += 1
    guest.save(update_fields=[*fields, "version"])


def _tell(stays, action, actor, data, **told):
    """One act in the history of each stay; forms that were opened before are out of date."""
    act = uuid.uuid4()
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(version=F("version") + 1)
    Event.objects.bulk_create(
        Event(reservation=stay, action=action, actor=actor, data=data, act=act, **told) for stay in stays
    )


def _from_to(old, new):
    return {"guest": [old.name, new.name], "guest_id": [old.pk, new.pk]}
