"""The list of groups, and what the page of one shows: its stays, the sums, and what can be done today."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Value, When

from config.computed import computed
from properties.money import Money, total
from reservations.booking import group_lifecycle
from reservations.models import BLOCKING, Group, Reservation, Status


@dataclass(frozen=True)
class GroupOverview:
    """A group and all its stays by arrival. Those that take no nights, such as cancelled ones, do not count in sums."""

    group: Group
    stays: list[Reservation]

    @computed
    def counted(self) -> list[Reservation]:
        return [stay for stay in self.stays if stay.shown_status in BLOCKING]

    @computed
    def ended_as(self) -> str:
        """How a group ended that takes no nights, such as "Cancelled"; "" for others."""
        return "" if self.counted or not self.stays else min(stay.shown_status for stay in self.stays).label

    @computed
    def guests(self) -> int:
        return sum(stay.party_size for stay in self.counted)

    @computed
    def totals(self) -> list[Money]:
        """The price of all stays: one sum, or one of each currency if a stay was agreed in another."""
        prices = defaultdict(list)
        for stay in self.counted:
            prices[stay.currency].append(stay.price)
        return [total(amounts) for amounts in prices.values()]

    @computed
    def steps(self) -> list[str]:
        return group_lifecycle.steps_today(self.stays)


def overview_of(group) -> GroupOverview:
    """Two queries."""
    return GroupOverview(group, list(Reservation.objects.with_unit().filter(group=group).order_by("arrival", "pk")))


def groups_in_order(actor):
    """The groups that `actor` sees: present and coming ones by arrival, then past ones.

    They have `arrival`, `departure`, `rooms` and `property`.

    A group that takes no nights any more, such as a cancelled one, stands among the past ones; `ended_as` says how it
    ended. One query more, for the time zones of all properties.
    """
    in_force = Reservation.objects.blocking().filter(group=OuterRef("pk"))
    return (
        Group.objects.visible_to(actor)
        .select_related("booker")
        .annotate(
            arrival=Min("reservations__arrival"),
            departure=Max("reservations__departure"),
            rooms=Count("reservations"),
            property=Min("reservations__property__name"),
            is_coming=Exists(in_force.now_then_past().order_by().filter(is_past=False)),
            first_state=Min("reservations__status"),
            ended_as=Case(
                When(Exists(in_force), then=Value("")),
                *(When(first_state=state, then=Value(state.label)) for state in (Status.CANCELLED, Status.NO_SHOW)),
                default=Value(Status.EXPIRED.label),
            ),
        )
        .filter(rooms__gt=0)
        .order_by("-is_coming", Case(When(is_coming=True, then="arrival")), "-arrival", "-pk")
    )
