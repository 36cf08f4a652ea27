"""Profiles of guests: `profiles` finds, creates and changes them, `merging` merges two and separates them again."""

from reservations.guests.merging import NotMerged, SameGuest, filled_by, merge, unmerge
from reservations.guests.profiles import (
    FIELDS,
    AlreadyMerged,
    ProfileChanged,
    get_or_create_profile,
    likely_duplicates,
    lock_profile,
    lock_profiles,
    others_at_stake,
    rename,
    rename_or_split,
    require_guest,
    save_guest,
    summary,
    surviving_profile,
)

__all__ = [
    "FIELDS",
    "AlreadyMerged",
    "NotMerged",
    "ProfileChanged",
    "SameGuest",
    "filled_by",
    "get_or_create_profile",
    "likely_duplicates",
    "lock_profile",
    "lock_profiles",
    "merge",
    "others_at_stake",
    "rename",
    "rename_or_split",
    "require_guest",
    "save_guest",
    "summary",
    "surviving_profile",
    "unmerge",
]
