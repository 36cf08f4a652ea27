"""The calendar: occupancies and closures. A constraint of PostgreSQL prevents two occupancies in one night."""

import functools
import operator
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now
from psycopg2.extras import DateRange

from accounts.access import Action, limited
from config import clock
from config.computed import computed
from config.folding import Searchable
from properties.models import Property, Unit
from reservations.models.stays import Reservation
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

if TYPE_CHECKING:
    from reservations.models.events import Event


class ClosureQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The closures at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)


class Closure(models.Model):
    """Nights on which a unit is not sold, and why. Reopening deletes its occupancy and keeps this row."""

    class Kind(models.TextChoices):
        OUT_OF_ORDER = "out_of_order", "Out of order"
        MAINTENANCE = "maintenance", "Maintenance"
        CLEANING = "cleaning", "Deep cleaning"
        OWN_USE = "own_use", "Own use"
        CALENDAR = "calendar", "External calendar"

        @classmethod
        def by_hand(cls):
            """The choices for forms and the API, without the kind that only an external calendar has."""
            return [choice for choice in cls.choices if choice[0] != cls.CALENDAR]

    LONGEST_NOTE = 200  # characters

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closures")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    nights = DateRangeField(help_text="local dates, half open")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OUT_OF_ORDER)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True, help_text="UTC; sellable again")
    version = models.PositiveIntegerField(default=1)

    new_event: "Event | None" = None  # as for a Reservation

    objects = ClosureQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(OpClass(Searchable("note"), name="gin_trgm_ops"), name="closure_by_part_of_note")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["out_of_order", "maintenance", "cleaning", "own_use", "calendar"]),
                name="closure_kind_known",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @computed
    def stay(self):
        return Stay(self.nights.lower, self.nights.upper)

    @computed
    def is_until_further_notice(self):
        """Whether nobody has said when the room can be sold again: then it is closed as long as the calendar allows."""
        return self.stay.is_until_further_notice


# Nights that a short stay has at most.
SHORT_NIGHTS = 14
IS_LONG = models.Func(template=f"(departure - arrival > {SHORT_NIGHTS})", output_field=models.BooleanField())


class OccupancyQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The occupancies of units at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)

    def overlapping(self, stay):
        """Occupancies that take at least one night of `stay`."""
        return self.filter(nights__overlap=DateRange(stay.arrival, stay.departure))

    def in_force(self):
        """Occupancies without those of lapsed holds, whose nights are free."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=Now()))

    def overlapping_any(self, stays):
        """Occupancies that take at least one night of one of `stays`, of which there is at least one."""
        parts = [models.Q(nights__overlap=DateRange(stay.arrival, stay.departure)) for stay in stays]
        return self.filter(functools.reduce(operator.or_, parts))


class Occupancy(models.Model):
    """Nights on which a unit is taken, by a reservation or by a closure.

    When nights are given back, the row is deleted; events keep the history. A reservation's occupancies are its
    segments: they adjoin and cover exactly its nights, which a deferred trigger checks at the commit.
    """

    # Both foreign keys are the first column of an index below and need none of their own.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="occupancies", db_index=False)
    property = models.ForeignKey(
        Property,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="the unit's; for the calendar's index",
    )
    reservation = models.ForeignKey(Reservation, null=True, on_delete=models.PROTECT, related_name="occupancies")
    closure = models.OneToOneField(Closure, null=True, on_delete=models.PROTECT, related_name="occupancy")
    nights = DateRangeField(help_text="local dates, half open: [arrival, departure)")
    expires_at = models.DateTimeField(null=True, help_text="UTC; of a hold: its nights are free from then on")
    # The two dates of `nights` again, for btree indexes, which are faster for most queries than a range index.
    arrival = models.GeneratedField(
        expression=models.Func("nights", function="lower"), output_field=models.DateField(), db_persist=True
    )
    departure = models.GeneratedField(
        expression=models.Func("nights", function="upper"), output_field=models.DateField(), db_persist=True
    )

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "occupancies"
        indexes = [
            models.Index(
                fields=["unit", "departure", "arrival"], include=["reservation", "expires_at"], name="occupancy_by_unit"
            ),
            models.Index(
                fields=["property", "departure", "arrival"],
                include=["unit", "reservation", "closure", "expires_at"],
                name="occupancy_by_property",
            ),
            # For queries in all properties: short stays are found by a range of departures, the few long ones apart.
            models.Index(
                fields=["departure", "arrival"],
                include=["unit", "property", "expires_at"],
                name="occupancy_by_departure",
            ),
            models.Index(
                fields=["departure", "arrival"],
                include=["unit", "property", "expires_at"],
                condition=models.Q(IS_LONG),
                name="occupancy_long",
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="occupancy_no_two_share_a_night",
                expressions=[("unit", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
            ),
            # The exclusion constraint would accept an empty range, which overlaps nothing, and an unbounded one.
            models.CheckConstraint(
                condition=models.Q(nights__isempty=False, nights__lower_inf=False, nights__upper_inf=False)
                & models.Q(nights__contained_by=DateRange(FIRST_DAY, LAST_DAY)),
                name="occupancy_has_nights_in_window",
            ),
            models.CheckConstraint(
                condition=models.Q(reservation=None, closure__isnull=False, expires_at=None)
                | models.Q(reservation__isnull=False, closure=None),
                name="occupancy_is_a_stay_or_a_closure",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.nights}"

    @computed
    def stay(self):
        return Stay(self.nights.lower, self.nights.upper)
