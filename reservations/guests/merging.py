"""Merging two profiles of one person, and undoing the merge."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction
from reservations.guests.profiles import (
    DETAILS,
    AlreadyMerged,
    ProfileChanged,
    lock_profiles,
    lock_stays,
    record_in_stays,
    require_guest,
    surviving_profile,
    write_profile,
)
from reservations.models import Event, Group, Guest, Reservation


class SameGuest(DomainError):
    """A profile was to be merged with itself."""

    code = "same_guest"
    when = "The two profiles to merge are the same one."
    then = "Send the keys of two different profiles."

    def __init__(self) -> None:
        super().__init__("This is the same profile. Choose another one to merge it with.")


class NotMerged(DomainError):
    """The profile is not merged into another one, so there is no merge to undo."""

    code = "not_merged"
    when = "The profile is not merged into another one, so that there is nothing to undo."
    then = "Read the profile: it shows whether it is merged."

    def __init__(self, guest: Guest) -> None:
        super().__init__(f"The profile of {guest} is not merged into another any more. Nothing was changed.")


@one_transaction
def merge(*, keep: Guest, duplicate: Guest, actor: User | None, versions: Iterable[int] | None = None) -> Guest:
    """Give all stays and groups of `duplicate` to `keep`; returns `keep`.

    Empty fields of `keep` are filled from the duplicate, and the remarks of both are joined. Where other fields differ,
    those of `keep` stay. The duplicate is not offered again. `versions` are those of `keep` and `duplicate` that were
    compared; None merges any. Raises SameGuest, AlreadyMerged, ProfileChanged, Busy.
    """
    for guest in (keep, duplicate):
        require_guest(actor, guest)
    if keep.pk == duplicate.pk:
        raise SameGuest
    keep, duplicate = _lock_both(keep, duplicate)
    for guest, version in zip((keep, duplicate), versions or (), strict=False):
        if guest.version != version:
            raise ProfileChanged(guest)
    stays = lock_stays(duplicate)
    groups = list(duplicate.groups.values_list("pk", flat=True))
    filled = {field: [getattr(keep, field), text] for field, text in filled_by(keep, duplicate).items()}
    _give(stays, groups, to=keep)
    record_in_stays(stays, Event.Action.MERGED, actor, _from_to(duplicate, keep))
    write_profile(keep, {field: text for field, (_, text) in filled.items()})
    memory = {"reservations": [stay.pk for stay in stays], "groups": groups, "filled": filled}
    write_profile(duplicate, {"merged_into": keep, "merge": memory})
    return keep


@one_transaction
def unmerge(*, duplicate: Guest, actor: User | None, version: int | None = None) -> Guest:
    """Undo a merge: the duplicate is used again and gets its stays and groups back. Returns it.

    Stays that were booked since, or given to another guest since, are not moved. Fields that the merge filled are
    emptied again unless they were changed since. `version` is the duplicate's when it was read. Raises NotMerged,
    ProfileChanged, Busy.
    """
    require_guest(actor, duplicate)
    if duplicate.merged_into_id is None:
        raise NotMerged(duplicate)
    locked = lock_profiles(duplicate.pk, duplicate.merged_into_id)
    keep, duplicate = locked.get(duplicate.merged_into_id), locked[duplicate.pk]
    memory = duplicate.merge
    if keep is None or memory is None or duplicate.merged_into_id != keep.pk or keep.merged_into_id:
        raise NotMerged(duplicate)
    if version not in (None, duplicate.version):
        raise ProfileChanged(duplicate)
    stays = lock_stays(keep, pk__in=memory["reservations"])
    _give(stays, list(keep.groups.filter(pk__in=memory["groups"]).values_list("pk", flat=True)), to=duplicate)
    record_in_stays(stays, Event.Action.UNDONE, actor, _from_to(keep, duplicate), reason_code=Event.Action.MERGED)
    write_profile(
        keep, {field: was for field, (was, given) in memory["filled"].items() if getattr(keep, field) == given}
    )
    write_profile(duplicate, {"merged_into": None, "merge": None})
    return duplicate


def filled_by(keep: Guest, duplicate: Guest) -> dict[str, str]:
    """{field: text} that a merge would write into `keep` from the duplicate."""
    filled = {field: getattr(duplicate, field) for field in DETAILS if not getattr(keep, field)}
    if keep.remarks and duplicate.remarks and duplicate.remarks not in keep.remarks:
        filled["remarks"] = f"{keep.remarks}\n\n{duplicate.remarks}"
    return {field: text for field, text in filled.items() if text}


def _lock_both(keep: Guest, duplicate: Guest) -> tuple[Guest, Guest]:
    """(keep, duplicate), both locked. Raises AlreadyMerged when one of them is merged into another profile."""
    locked = lock_profiles(keep.pk, duplicate.pk)
    for guest in locked.values():
        if guest.merged_into_id:
            raise AlreadyMerged(surviving_profile(guest))
    return locked[keep.pk], locked[duplicate.pk]


def _give(stays: Iterable[Reservation], groups: Iterable[int], *, to: Guest) -> None:
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(guest=to)
    Group.objects.filter(pk__in=groups).update(booker=to)


def _from_to(old: Guest, new: Guest) -> dict[str, Any]:
    """The `data` of an event that gives a stay from one guest to another."""
    return {"guest": [old.name, new.name], "guest_id": [old.pk, new.pk]}
