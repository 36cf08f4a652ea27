"""The rooms and room types that the page Change offers, with what an upgrade costs."""

from properties import limits
from reservations import availability, wording
from reservations.availability import presence
from reservations.booking.drafts import still_to_sleep
from reservations.booking.prices import differences_by_type, signed

# The value of the option for any free room of a type begins with this; the key of the type follows.
ANY_OF_TYPE = "type-"


class RoomChoices:
    """The options for the room of a reservation, or of one `segment` of it."""

    def __init__(self, reservation, segment=None):
        self.reservation, self.segment = reservation, segment
        property = reservation.property
        self.units = list(property.units.active().select_related("room_type")) if property.is_hotel else []
        self.types = list(property.room_types.all()) if property.is_hotel else []

    @property
    def is_needed(self):
        """Whether there is anything to choose from."""
        return bool(self.units or self.types)

    def unit(self, value):
        """The unit of an option's value, or None."""
        return next((unit for unit in self.units if str(unit.pk) == value), None)

    def room_type(self, value):
        """The room type of an option's value, or None."""
        return next((each for each in self.types if f"{ANY_OF_TYPE}{each.pk}" == value), None)

    def options(self, now, stay, party_size):
        """Choices for a form field, in groups: rooms that are free for `stay`, by type, then those that are not.

        `now` is the value of the option for what the party has. Without `stay` nothing is said of free and taken rooms
        and of prices. At most six queries.
        """
        as_now = (now, f"{self._what_they_have()}, as now")
        units = [unit for unit in self.units if str(unit.pk) != now]
        if stay is None:
            return [as_now, *self._any_of(self.types, "Any free {}"), *((unit.pk, _room(unit)) for unit in units)]
        more = self._differences(stay)
        if not self.units:
            return [as_now, *self._other_types(more)]
        nights = still_to_sleep(self.reservation, self.reservation.segments, stay)
        if nights is None:
            return [as_now]
        return [as_now, *self._groups(units, nights, more, party_size or self.reservation.party_size)]

    def _groups(self, units, nights, more, party_size):
        asked = {"property": self.reservation.property, "stay": nights, "ignoring": self.reservation}
        free = set(availability.free_units(**asked))
        late = presence.overstays_of(asked["property"], nights, ignoring=self.reservation)
        small = {unit for unit in units if self._is_too_small(unit, party_size)}
        best = [unit for unit in units if unit in free and unit not in small and unit.pk not in late]
        groups = [
            (f"{label or 'Rooms'}, free {wording.short_span(nights)}", options)
            for label, options in self._by_type(best, more)
        ]
        full = [each for each in self.types if each not in {unit.room_type for unit in best}]
        others = [
            ("Free, but the guest has not left", [unit for unit in units if unit in free - small and unit.pk in late]),
            (f"Too small for {party_size}", [unit for unit in units if unit in free & small]),
            (f"Taken {wording.short_span(nights)}", [unit for unit in units if unit not in free]),
        ]
        for label, rooms in others:
            groups.append((label, [(unit.pk, _room(unit, more, late.get(unit.pk))) for unit in rooms]))
        groups[-1][1].extend(self._any_of(full, "{}: no room is free"))
        return [group for group in groups if group[1]]

    def _by_type(self, units, more):
        """(room type, options) for each type of the units: any of them, then each."""
        for room_type in dict.fromkeys(unit.room_type for unit in units):
            any_of_them = self._any_of([room_type] if room_type else [], "Any free {}", more)
            rooms = [(unit.pk, _room(unit, more)) for unit in units if unit.room_type == room_type]
            yield room_type, [*any_of_them, *rooms]

    def _other_types(self, more):
        return self._any_of([each for each in self.types if each != self.reservation.room_type], "{}", more)

    def _any_of(self, types, words, more=None):
        """Options for any room of each of the types; none for one segment of a stay, which gets a certain room."""
        if self.segment:
            return []
        return [(f"{ANY_OF_TYPE}{each.pk}", words.format(each) + _more(each, more or {})) for each in types]

    def _differences(self, stay):
        """{room type: amount} by which the stay gets dearer in a room of the type. {} for one segment of a stay."""
        if self.segment:
            return {}
        types = {unit.room_type for unit in self.units} if self.units else set(self.types)
        return differences_by_type(self.reservation, stay, types)

    def _is_too_small(self, unit, party_size):
        property = self.reservation.property
        return bool(limits.too_large_a_party(property=property, room_type=unit.room_type, party_size=party_size))

    def _what_they_have(self):
        segments = [self.segment] if self.segment else self.reservation.segments
        if len(segments) == 1:
            return _room(self.unit(str(segments[0].unit_id)) or segments[0].unit)
        if segments:
            return self.reservation.rooms
        return str(self.reservation.room_type or "No room") if not self.units else "No room"


def _room(unit, more=None, still_there=None):
    """Such as "201 · Suite, +€88.00"."""
    guest = f" · {still_there.reservation.guest}" if still_there else ""
    kind = f" · {unit.room_type}" if unit.room_type else ""
    return f"{unit}{kind}{guest}{_more(unit.room_type, more or {})}"


def _more(room_type, more):
    return f", {signed(more[room_type])}" if room_type in more else ""
