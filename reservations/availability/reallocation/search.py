"""The search for the fewest moves: place the request, lift the stays in its way, place those, and so on.

In a solution with the fewest moves each moved stay is in the way of another piece of the solution; otherwise its move
could be left out. So a depth-first search that lifts only what is in the way finds all such solutions, and with limits
of 0, 1, 2, ... moves (iterative deepening) it finds one with the fewest first. Its work is bounded. When the bound is
reached, two sweeps through the nights move whatever begins after the request, or ends before it. That always succeeds
when nothing is fixed and no requested night is full, because an interval graph needs no more colours than stays on its
fullest night. With the rest of the work, the search tries to find a solution with fewer moves than the sweeps.
"""

import heapq
from collections.abc import Collection, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass

from reservations.availability.reallocation.board import REQUEST, Board, PlacedStay, bits
from reservations.stay import Stay

# The bound on work, in nights examined: at most 0.26 s of one core in 200 random hotels. With 200 rooms and 66 nights,
# 94 % taken and a tenth of the stays fixed, the median request took 13 ms, the 90th percentile 24 ms, and one of 40
# ended unproven. At 97 % 15 of 40 did, with up to 48 moves; at 98 % with half of the stays fixed 36 did, after 0.21 s,
# and 24 had no plan.
WORK = 600_000
# The part of it that is spent on comparing plans with equally few moves.
WORK_ON_TIES = 20_000
# The most moves that the search tries, because its recursion is as deep.
MOST_MOVES = 60


@dataclass(frozen=True)
class Fitting:
    """The result of `fit`. `room` is None when no plan was found.

    `is_proven` means that no plan has fewer moves, or that there is none; without it the bound on work was reached.
    """

    room: Hashable | None
    moves: tuple[tuple[Hashable, Hashable], ...] = ()  # (key of the stay, its new room), by arrival
    is_proven: bool = False


def fit(
    rooms: Sequence[Hashable],
    taken: Iterable[PlacedStay],
    request: Stay,
    *,
    request_rooms: Collection[Hashable] | None = None,
    work: int = WORK,
) -> Fitting:
    """The fewest moves of `taken` stays after which one of `request_rooms` (None: of `rooms`) is free for `request`.

    Among equally few moves, those of stays that arrive last are preferred, and then those that fill gaps most tightly.
    Fixed stays never move. Equal arguments always give an equal result.
    """
    taken = list(taken)
    board = Board(rooms, taken, request, request_rooms=request_rooms)
    if not board.may_succeed():
        return Fitting(None, is_proven=True)
    search = _Search(board, work // 2)
    for most in range(min(len(board.pieces), MOST_MOVES)):
        if found := search.best(most):
            return _fitting(board, found, is_proven=True)
        if search.is_spent:
            break
        if not search.was_cut:
            return Fitting(None, is_proven=True)
    swept = _swept(rooms, taken, request, request_rooms)
    return _improved(board, swept, work // 2)


def can_fit(
    rooms: Sequence[Hashable],
    taken: Iterable[PlacedStay],
    request: Stay,
    *,
    request_rooms: Collection[Hashable] | None = None,
) -> bool:
    """False when a requested night is full, so that no moves help. `taken` may be limited to the requested nights."""
    return Board(rooms, taken, request, request_rooms=request_rooms).may_succeed()


def _swept(rooms, taken, request, request_rooms):
    """The result of two sweeps with fewer moves, as {piece: room}; None when both fail because of fixed stays."""
    forwards = Board(rooms, taken, request, request_rooms=request_rooms)
    backwards = Board(rooms, taken, request, request_rooms=request_rooms, backwards=True)
    found = [placed for placed in (_sweep(forwards), _sweep(backwards)) if placed]
    return min(found, key=len, default=None)


def _improved(board, placed, work):
    """The Fitting of a solution with fewer moves than `placed` if one is found with so much work, else of `placed`."""
    search, better, fewer = _Search(board, work), placed, 0
    while better or not placed:
        placed = better or placed
        fewer = len(placed) - 2 if placed else len(board.pieces) - 1
        better = search.first(min(fewer, MOST_MOVES))
        if not better:
            break
    is_proven = not search.is_spent and (not search.was_cut or (placed is not None and fewer <= MOST_MOVES))
    return _fitting(board, placed, is_proven=is_proven)


def _fitting(board, placed, *, is_proven):
    if placed is None:
        return Fitting(None, is_proven=is_proven)
    moves = tuple((board.pieces[piece].key, board.rooms[placed[piece]]) for piece in sorted(placed) if piece != REQUEST)
    return Fitting(board.rooms[placed[REQUEST]], moves, is_proven)


class _Search:
    """A depth-first search over the stays that can be lifted, with `work` nights to examine.

    `was_cut` is True when a room was left out because it needs too many moves.
    """

    def __init__(self, board: Board, work: int):
        self.board = board
        self.work = work
        self.was_cut = False

    @property
    def is_spent(self):
        return self.work <= 0

    def first(self, most: int) -> dict[int, int] | None:
        """The first solution with at most `most` moves, as {piece: room}, or None."""
        self.was_cut = False
        solutions = self._solutions((REQUEST,), most)
        found = next(solutions, None)
        solutions.close()
        return found

    def best(self, most: int) -> dict[int, int] | None:
        """The solution with at most `most` moves and the least `_disturbance`, as {piece: room}, or None."""
        self.was_cut, best, least = False, None, None
        for placed in self._solutions((REQUEST,), most):
            cost = self._disturbance(placed)
            if least is None:
                self.work = min(self.work, WORK_ON_TIES)
            if least is None or cost < least:
                best, least = placed, cost
        return best

    def _disturbance(self, placed):
        """A sort key for solutions: first late arrivals of the moved stays, then few free nights beside placed pieces.

        It reads the board, so the solution must still be placed there.
        """
        arrivals = sorted(self.board.start[piece] for piece in placed if piece != REQUEST)
        return [-night for night in arrivals], sum(self.board.slack(*each) for each in placed.items())

    def _solutions(self, lifted: tuple[int, ...], left: int) -> Generator[dict[int, int], None, None]:
        """All placements of the `lifted` pieces, with at most `left` further pieces lifted; each as {piece: room}."""
        if not lifted:
            yield dict(self.board.placed)
            return
        piece, rooms = self._hardest(lifted, left)
        others = tuple(other for other in lifted if other != piece)
        for room, in_the_way in self._choices(piece, rooms):
            if self.is_spent:
                return
            self.board.place(piece, room, in_the_way)
            try:
                yield from self._solutions((*others, *in_the_way), left - len(in_the_way))
            finally:
                self.board.take_back(piece, in_the_way)

    def _hardest(self, lifted, left):
        """(the piece with the fewest rooms to choose from, the mask of those rooms)."""
        hardest, fewest = (lifted[0], 0), None
        for piece in lifted:
            self.work -= 3 + self.board.end[piece] - self.board.start[piece]
            rooms, too_many = self.board.by_lifts(piece, left)
            self.was_cut = self.was_cut or bool(too_many)
            count = rooms.bit_count()
            if fewest is None or count < fewest:
                hardest, fewest = (piece, rooms), count
            if not rooms:
                break
        return hardest

    def _choices(self, piece, rooms):
        """[(room, pieces in the way there)] for the rooms of a mask, in the order in which they are tried."""
        choices = [(room, self.board.in_the_way(piece, room)) for room in bits(rooms)]
        self.work -= 10 * len(choices)
        return sorted(choices, key=lambda choice: _preference(self.board, piece, *choice))


def _sweep(board):
    """Place lifted pieces in order of arrival, lifting only later ones. Returns {piece: room}, or None if it fails."""
    lifted = [(board.start[REQUEST], REQUEST)]
    while lifted:
        _, piece = heapq.heappop(lifted)
        choices = [(room, board.in_the_way(piece, room)) for room in bits(board.later_only(piece))]
        if not choices:
            return None
        room, in_the_way = min(choices, key=lambda choice: _preference(board, piece, *choice))
        board.place(piece, room, in_the_way)
        for other in in_the_way:
            heapq.heappush(lifted, (board.start[other], other))
    return board.placed


def _preference(board, piece, room, in_the_way):
    """A sort key for rooms: first few stays to lift, then late arrivals of the first of those, then tight gaps."""
    if in_the_way:
        return len(in_the_way), -board.start[in_the_way[0]]
    return 0, board.slack(piece, room)
