"""Who stays when. The calendar is one table, `Occupancy`; PostgreSQL keeps it free of collisions."""

import secrets
from builtins import property as computed  # two models have a field of that name

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Property, Unit
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

# No 0/O, 1/I/L, U/V: a reference is read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def make_reference():
    """Such as RT-7K3QX: 29**5, about 20 million; `book` draws again when one is taken."""
    return "RT-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))


class Guest(models.Model):
    """The person a reservation is for."""

    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class Status(models.TextChoices):
    HELD = "held", "Held"
    CONFIRMED = "confirmed", "Confirmed"
    IN_HOUSE = "in_house", "In house"
    CHECKED_OUT = "checked_out", "Checked out"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "No-show"
    EXPIRED = "expired", "Expired"


# States in which a reservation takes its nights.
BLOCKING = (Status.HELD, Status.CONFIRMED, Status.IN_HOUSE, Status.CHECKED_OUT)
# States in which dates, unit and guest may still be changed, or the whole stay cancelled.
OPEN = (Status.HELD, Status.CONFIRMED, Status.IN_HOUSE)


class ReservationQuerySet(models.QuerySet):
    def blocking(self):
        return self.filter(status__in=BLOCKING)

    def open(self):
        return self.filter(status__in=OPEN)

    def ending_after(self, day):
        """Whose last night is on `day` or later (local date)."""
        return self.filter(departure__gt=day)

    def search(self, *, q="", property=None, date=None, status=""):
        """Whose guest, reference or property holds `q` (blind to case and accents), and who sleep there on `date`.

        Now and coming by arrival, nearest first; then the past (`is_past`), latest first.
        """
        found = self.now_then_past()
        if q:
            found = found.filter(
                models.Q(guest__name__unaccent__icontains=q)
                | models.Q(reference__icontains=q)
                | models.Q(property__name__unaccent__icontains=q)
            )
        if property:
            found = found.filter(property=property)
        if date:
            found = found.filter(arrival__lte=date, departure__gt=date)
        return found.filter(status=status) if status else found

    def now_then_past(self):
        is_past = models.Q(departure__lt=timezone.now().date())
        past = models.Case(models.When(is_past, then="arrival"))
        return self.annotate(is_past=models.ExpressionWrapper(is_past, models.BooleanField())).order_by(
            "is_past", past.desc(), "arrival", "pk"
        )

    def with_unit(self):
        """Guest, property and unit at hand without further queries."""
        return self.select_related("guest", "property").prefetch_related("occupancies__unit")


class Reservation(models.Model):
    """One guest party's stay in one property."""

    reference = models.CharField(max_length=8, unique=True, default=make_reference, editable=False)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="reservations")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="reservations")
    party_size = models.PositiveSmallIntegerField(default=2)
    arrival = models.DateField(help_text="local date; the first night")
    departure = models.DateField(help_text="local date; not a night any more")
    status = models.CharField(max_length=12, choices=Status, default=Status.CONFIRMED)
    nightly_rate = models.DecimalField(max_digits=10, decimal_places=2, help_text="per night, as agreed when booked")
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.UUIDField(
        null=True, unique=True, editable=False, help_text="made by the form: one press of Reserve, one reservation"
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        ordering = ["arrival", "pk"]
        indexes = [
            models.Index(fields=["property", "departure", "arrival"], name="reservation_by_departure"),
            models.Index(fields=["arrival"], name="reservation_by_arrival"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(departure__gt=models.F("arrival"), arrival__gte=FIRST_DAY, departure__lte=LAST_DAY),
                name="reservation_has_nights_in_window",
            ),
            models.CheckConstraint(condition=models.Q(party_size__gte=1), name="reservation_party_not_empty"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="reservation_status_known"),
        ]

    def __str__(self):
        return self.reference

    @computed
    def stay(self):
        return Stay(self.arrival, self.departure)

    @computed
    def unit(self):
        """Where the party sleeps, or None: no room listed, or the nights were given back."""
        occupancies = self.occupancies.all()
        return occupancies[0].unit if occupancies else None

    @computed
    def price(self):
        """Decimal in `currency`: nights × the agreed rate."""
        return self.stay.nights * self.nightly_rate

    @computed
    def is_open(self):
        return self.status in OPEN


class OccupancyQuerySet(models.QuerySet):
    def overlapping(self, stay):
        return self.filter(nights__overlap=DateRange(stay.arrival, stay.departure))


class Occupancy(models.Model):
    """This unit is taken for these nights. Giving nights back removes the row; the event remembers."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="occupancies")
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, related_name="+", help_text="the unit's; for the calendar's index"
    )
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="occupancies")
    nights = DateRangeField(help_text="local dates, half open: [arrival, departure)")

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "occupancies"
        indexes = [GistIndex(fields=["property", "nights"], name="occupancy_by_property")]
        constraints = [
            ExclusionConstraint(
                name="occupancy_no_two_share_a_night",
                expressions=[("unit", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
            ),
            # Empty ranges overlap nothing and unbounded ones block for ever: the exclusion alone lets both in.
            models.CheckConstraint(
                condition=models.Q(nights__isempty=False, nights__lower_inf=False, nights__upper_inf=False)
                & models.Q(nights__contained_by=DateRange(FIRST_DAY, LAST_DAY)),
                name="occupancy_has_nights_in_window",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.nights}"

    @computed
    def stay(self):
        return Stay(self.nights.lower, self.nights.upper)


class Event(models.Model):
    """One line of a reservation's history. Append-only: a database trigger refuses anything else."""

    class Action(models.TextChoices):
        BOOKED = "booked", "Booked"
        CHANGED = "changed", "Changed"
        CANCELLED = "cancelled", "Cancelled"
        REINSTATED = "reinstated", "Reinstated"

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=12, choices=Action)
    from_status = models.CharField(max_length=12, choices=Status, blank=True)
    to_status = models.CharField(max_length=12, choices=Status, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, help_text='what changed: {"arrival": ["2026-11-20", "2026-11-21"], ...}')

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.reservation} {self.action}"
