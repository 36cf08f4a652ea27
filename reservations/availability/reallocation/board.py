"""Rooms and nights as bit masks: each night has an integer in which each room has a bit.

So one operation on integers covers all rooms, and a hotel of 200 rooms takes little longer than one of 20.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reservations.stay import Stay

REQUEST = 0  # the number of the request among the pieces


@dataclass(frozen=True)
class PlacedStay:
    """A stay that has a room. A fixed one keeps it; others may move to any of `rooms` (None: to every room)."""

    key: Hashable
    room: Hashable
    stay: Stay
    is_fixed: bool = False
    rooms: Collection[Hashable] | None = None


class Board:
    """The rooms and nights of a hotel during a search.

    Its pieces are the request, with number 0, and the movable stays, numbered from 1 by arrival. A stay is at home (in
    the room that it has), lifted (without a room), or placed in a new room; the request is lifted or placed. With
    `backwards` the nights are counted from the last one.
    """

    def __init__(
        self,
        rooms: Sequence[Hashable],
        taken: Iterable[PlacedStay],
        request: Stay,
        *,
        request_rooms: Collection[Hashable] | None = None,
        backwards: bool = False,
    ):
        taken = sorted(taken, key=lambda each: (each.stay.arrival, each.stay.departure, str(each.key)))
        self.rooms = rooms
        self._number = {room: number for number, room in enumerate(rooms)}
        self._first = min([request.arrival, *(each.stay.arrival for each in taken)])
        self._nights = (max([request.departure, *(each.stay.departure for each in taken)]) - self._first).days
        self._backwards = backwards
        self._masks: dict[int, int] = {}  # of collections of rooms by their id(), because pieces share a few
        self.pieces: list[PlacedStay | None] = [None]
        self.start: list[int] = []  # of each piece: its nights are [start, end), counted from the board's first night
        self.end: list[int] = []
        self.fits = [self._mask(request_rooms)]  # of each piece: the mask of the rooms that it may have
        self.shut = [0] * self._nights  # of each night: rooms with a fixed stay or a placed piece
        self.loose = [0] * self._nights  # of each night: rooms with a piece at home
        self.begins = [0] * self._nights  # of each night: rooms in which a piece at home begins
        self._owner = [[REQUEST] * self._nights for _ in rooms]  # of each room and night: the piece at home there
        self.placed: dict[int, int] = {}  # {piece: room} of the placed pieces
        self._span(request)
        for each in taken:
            self._add(each)

    def _span(self, stay):
        start, end = (stay.arrival - self._first).days, (stay.departure - self._first).days
        if self._backwards:
            start, end = self._nights - end, self._nights - start
        self.start.append(start)
        self.end.append(end)

    def _add(self, taken):
        room = self._number[taken.room]
        self._span(taken.stay)
        if taken.is_fixed:
            self._mark(self.shut, self.start.pop(), self.end.pop(), room)
            return
        piece = len(self.pieces)
        start, end = self.start[piece], self.end[piece]
        self.pieces.append(taken)
        self.fits.append(self._mask(taken.rooms))
        self._mark(self.loose, start, end, room)
        self.begins[start] |= 1 << room
        self._owner[room][start:end] = [piece] * (end - start)

    def _mask(self, rooms):
        if rooms is None:
            return (1 << len(self.rooms)) - 1
        if id(rooms) not in self._masks:
            self._masks[id(rooms)] = sum({1 << self._number[room] for room in rooms if room in self._number})
        return self._masks[id(rooms)]

    @staticmethod
    def _mark(nights, start, end, room):
        bit = 1 << room
        for night in range(start, end):
            nights[night] |= bit

    @staticmethod
    def _clear(nights, start, end, room):
        mask = ~(1 << room)
        for night in range(start, end):
            nights[night] &= mask

    def open(self, piece: int) -> int:
        """The mask of the rooms that the piece could have if all pieces at home were lifted."""
        shut = 0
        for night in range(self.start[piece], self.end[piece]):
            shut |= self.shut[night]
        return self.fits[piece] & ~shut

    def by_lifts(self, piece: int, most: int) -> tuple[int, int]:
        """(mask of the open rooms where at most `most` others must be lifted for the piece, mask of the others)."""
        start, end = self.start[piece], self.end[piece]
        at_least = [self.loose[start]] + [0] * min(most, end - start)  # rooms with 1, 2, ... pieces in the way
        for night in range(start + 1, end):
            more = self.begins[night]
            for n, rooms in enumerate(at_least):
                if not more:
                    break
                at_least[n], more = rooms | more, rooms & more
        open_rooms = self.open(piece)
        return open_rooms & ~at_least[-1], open_rooms & at_least[-1]

    def later_only(self, piece: int) -> int:
        """The mask of the open rooms in which no piece at home that is in the way begins before this piece."""
        start = self.start[piece]
        return self.open(piece) & ~(self.loose[start] & ~self.begins[start])

    def in_the_way(self, piece: int, room: int) -> list[int]:
        """The pieces at home in `room` on a night of the piece, earliest first."""
        found, night, end, owner = [], self.start[piece], self.end[piece], self._owner[room]
        while night < end:
            if self.loose[night] >> room & 1:
                found.append(owner[night])
                night = self.end[owner[night]]
            else:
                night += 1
        return found

    def place(self, piece: int, room: int, lifted: list[int]) -> None:
        """Place the piece in `room`, after lifting the pieces `lifted` from there."""
        self.placed[piece] = room
        self._mark(self.shut, self.start[piece], self.end[piece], room)
        for other in lifted:
            self._clear(self.loose, self.start[other], self.end[other], room)
            self.begins[self.start[other]] &= ~(1 << room)

    def take_back(self, piece: int, lifted: list[int]) -> None:
        """Undo `place` with the same arguments."""
        room = self.placed.pop(piece)
        self._clear(self.shut, self.start[piece], self.end[piece], room)
        for other in lifted:
            self._mark(self.loose, self.start[other], self.end[other], room)
            self.begins[self.start[other]] |= 1 << room

    def slack(self, piece: int, room: int, most: int = 30) -> int:
        """How many nights stay free in `room` before and after the piece, counting at most `most` on each side."""
        before = range(self.start[piece] - 1, max(-1, self.start[piece] - 1 - most), -1)
        after = range(self.end[piece], min(self._nights, self.end[piece] + most))
        return self._free_run(before, room) + self._free_run(after, room)

    def _free_run(self, nights, room):
        for count, night in enumerate(nights):
            if (self.shut[night] | self.loose[night]) >> room & 1:
                return count
        return len(nights)

    def may_succeed(self) -> bool:
        """Whether, on each requested night, one room is free among some rooms between which stays can move.

        Otherwise no moves make room for the request.
        """
        return any(self.fits[REQUEST] & rooms and self._is_one_free_each_night(rooms) for rooms in self._kinds())

    def _is_one_free_each_night(self, rooms):
        nights = range(self.start[REQUEST], self.end[REQUEST])
        return all(rooms & ~(self.shut[night] | self.loose[night]) for night in nights)

    def _kinds(self):
        """Masks of disjoint sets of rooms; no stay can move from one set to another."""
        kinds: list[int] = []
        for mask in [*set(self.fits[1:]), *(1 << number for number in range(len(self.rooms)))]:
            joined = mask
            for kind in [kind for kind in kinds if kind & mask]:
                kinds.remove(kind)
                joined |= kind
            kinds.append(joined)
        return kinds


def bits(mask: int) -> Iterator[int]:
    """The numbers of the rooms in a mask, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
