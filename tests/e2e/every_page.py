"""The address of every page of a server with demo data.

It also has a hotel of 200 rooms whose names have 28 characters, and a guest with a name of 120 letters and no blank.
"""

import json

from django.urls import resolve, reverse

# What is no page: segments of pages, files, answers to programs, and addresses that only take what a form sends.
NO_PAGES = {
    "accounts:logout",
    "accounts:revoke_token",
    "notes:audio",
    "notes:chunk",
    "notes:create",
    "notes:delete",
    "notes:discard",
    "notes:erasures_csv",
    "notes:erasures_json",
    "notes:export_guest",
    "notes:mark_read",
    "notes:protect",
    "notes:rate",
    "notes:recording",
    "notes:restore",
    "notes:retry",
    "notes:revert",
    "notes:save",
    "notes:stop",
    "notes:type",
    "notes:undo_save",
    "notes:mark_unread",
    "notes:unprotect",
    "properties:add_rooms",
    "properties:remove_rate",
    "properties:remove_room_type",
    "reservations:archive_property",
    "reservations:archive_room",
    "reservations:calendar_card",
    "reservations:calendar_changes",
    "reservations:calendar_closure",
    "reservations:calendar_prices",
    "reservations:cancel_group",
    "reservations:check_in_group",
    "reservations:check_out_group",
    "reservations:check_in",
    "reservations:confirm",
    "reservations:confirm_group",
    "reservations:drop",
    "reservations:free_nights",
    "reservations:history_csv",
    "reservations:join",
    "reservations:lock",
    "reservations:move",
    "reservations:no_show",
    "reservations:offer_guests",
    "reservations:reinstate",
    "reservations:reopen_closure",
    "reservations:service_worker",
    "reservations:unarchive_property",
    "reservations:unarchive_room",
    "reservations:unassign",
    "reservations:undo",
    "reservations:unmerge_guests",
}


def name_of(path):
    return resolve(path.partition("?")[0]).view_name


def as_json():
    """Of a server with demo data; it runs in that server's Django."""
    return json.dumps(list(_addresses()))


def _addresses():
    from properties.models import Property
    from reservations.models import Reservation
    from tests.factories import make_hotel

    grand = make_hotel(
        [f"Suite Kaiserin Elisabeth {n}" for n in range(101, 301)], name="Grand Hotel Kaiserin Elisabeth II"
    )
    hotel = Property.objects.filter(room_types__isnull=False).first()
    spoken = Reservation.objects.filter(voice_notes__isnull=False).first()
    for name in ("tokens", "make_token", "change_password"):
        yield reverse(f"accounts:{name}")
    yield from _of_properties(grand, hotel)
    yield from _of_the_calendar(grand)
    yield from _of_reservations(hotel, spoken)
    yield from _of_guests(spoken.guest)
    yield from _of_notes(spoken)


def _of_properties(grand, hotel):
    from tests.factories import make_rate

    for name in ("list", "new"):
        yield reverse(f"properties:{name}")
    for place in (grand, hotel):
        yield reverse("properties:detail", args=[place.pk])
    for name in ("edit", "rates", "add_rate", "add_room_type"):
        yield reverse(f"properties:{name}", args=[hotel.pk])
    yield reverse("properties:edit_rate", args=[make_rate(hotel, name="Weekend").pk])
    yield reverse("properties:edit_room", args=[hotel.units.first().pk])
    yield reverse("properties:edit_room_type", args=[hotel.room_types.first().pk])


def _of_the_calendar(grand):
    from reservations.models import Closure

    for name in ("today", "calendar", "find", "search", "downtime", "close", "broken", "recent"):
        yield reverse(f"reservations:{name}")
    yield f"{reverse('reservations:calendar')}?days=56&property={grand.pk}"
    yield f"{reverse('reservations:find')}?arrival=2027-05-03&nights=2&party_size=2"
    yield f"{reverse('reservations:search')}?q=silva"
    yield reverse("reservations:closure", args=[Closure.objects.first().pk])
    yield f"{reverse('reservations:broken')}?unit={grand.units.first().pk}"


def _of_reservations(hotel, spoken):
    from reservations.models import Reservation
    from tests.factories import make_group

    coming = Reservation.objects.filter(status="confirmed", property=hotel, occupancies__isnull=False).first()
    held, staying, cancelled = (
        Reservation.objects.filter(status=status).first() for status in ("held", "in_house", "cancelled")
    )
    group = make_group()
    Reservation.objects.filter(pk__in=[coming.pk, spoken.pk]).update(group=group)

    for name in ("list", "new", "new_group", "groups"):
        yield reverse(f"reservations:{name}")
    yield reverse("reservations:detail", args=[_of_somebody_with_a_long_name().reference])
    for stay in (coming, spoken, held, staying, cancelled):
        yield reverse("reservations:detail", args=[stay.reference])
    for name in ("change", "move", "split", "swap", "cancel", "overrule"):
        yield reverse(f"reservations:{name}", args=[coming.reference])
    yield reverse("reservations:extend_hold", args=[held.reference])
    yield reverse("reservations:check_out", args=[staying.reference])
    yield reverse("reservations:group", args=[group.pk])


def _of_somebody_with_a_long_name():
    from reservations.models import Status
    from tests.factories import make_apartment, make_reservation

    flat = make_apartment()
    return make_reservation(flat, guest="Llanfair" * 15, arrival=flat.today(), status=Status.IN_HOUSE)


def _of_guests(guest):
    for name in ("guests", "new_guest"):
        yield reverse(f"reservations:{name}")
    for name in ("reservations:guest", "reservations:change_guest", "reservations:merge_guests", "notes:erase_guest"):
        yield reverse(name, args=[guest.pk])


def _of_notes(spoken):
    from accounts.models import User
    from notes.erasure.erasing import erase_notes_of
    from reservations.models import Reservation

    yield f"{reverse('notes:hand_over')}?all"
    for name in ("list", "erasures"):
        yield reverse(f"notes:{name}")
    cancelled = Reservation.objects.filter(status="cancelled").first()
    erased = erase_notes_of(guest=cancelled.guest, actor=User.objects.first(), reason="guest")
    yield reverse("notes:erasure", args=[erased.pk])
    note = spoken.voice_notes.first()
    yield from (reverse("notes:detail", args=[note.pk]), reverse("notes:edit", args=[note.pk]))
