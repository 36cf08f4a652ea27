"""Who stays when. The calendar is one table, `Occupancy`; PostgreSQL keeps it free of collisions."""

import secrets
from builtins import property as computed  # two models have a field of that name

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Property, RoomType, Unit
from reservations.guest_search import GuestQuerySet
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

# No 0/O, 1/I/L, U/V: a reference is read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def make_reference():
    """Such as RT-7K3QX: 29**5, about 20 million; `book` draws again when one is taken."""
    return "RT-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))


class Guest(models.Model):
    """The person a reservation is for, or who booked several. Reservations share a profile."""

    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=40, blank=True, help_text="as people say it: Portuguese, English")
    remarks = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused")
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", help_text="set: a duplicate, not used again"
    )
    merge = models.JSONField(null=True, help_text="what the merge moved and filled, for its undo")
    search = models.GeneratedField(
        expression=models.Func("name", "email", "phone", function="guest_search"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="guest_by_part_of_search")]

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


class Origin(models.TextChoices):
    PHONE = "phone", "Telephone"
    WALK_IN = "walk_in", "Walk-in"
    EMAIL = "email", "E-mail"
    WEBSITE = "website", "Website"
    CHANNEL = "channel", "Channel"
    OTHER = "other", "Other"


# States in which dates, unit and guest may still be changed, or the whole stay cancelled.
OPEN = (Status.HELD, Status.CONFIRMED, Status.IN_HOUSE)


class ReservationQuerySet(models.QuerySet):
    def blocking(self):
        """Taking their nights: a hold that has lapsed does not, whether or not it has been tidied away."""
        return self.filter(status__in=BLOCKING).exclude(status=Status.HELD, hold_expires_at__lte=Now())

    def lapsed(self):
        return self.filter(status=Status.HELD, hold_expires_at__lte=Now())

    def open(self):
        return self.blocking().filter(status__in=OPEN)

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
        parts = models.Prefetch("occupancies", Occupancy.objects.select_related("unit").order_by("arrival"))
        return self.select_related("guest", "property").prefetch_related(parts)


class Group(models.Model):
    """Several reservations that one booker made together."""

    booker = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="groups")
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")

    def __str__(self):
        return str(self.booker)


class Reservation(models.Model):
    """One guest party's stay in one property."""

    reference = models.CharField(max_length=8, unique=True, default=make_reference, editable=False)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="reservations")
    room_type = models.ForeignKey(
        RoomType, null=True, on_delete=models.PROTECT, related_name="+", help_text="what was sold; null: not by type"
    )
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="reservations")
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="reservations")
    party_size = models.PositiveSmallIntegerField(default=2)
    arrival = models.DateField(help_text="local date; the first night")
    departure = models.DateField(help_text="local date; not a night any more")
    status = models.CharField(max_length=12, choices=Status, default=Status.CONFIRMED)
    hold_expires_at = models.DateTimeField(null=True, help_text="UTC; from this instant on a hold takes no nights")
    is_locked = models.BooleanField(default=False, help_text="promised: nobody moves it to make room for others")
    nightly_rates = ArrayField(
        models.DecimalField(max_digits=10, decimal_places=2), help_text="one for each night, as agreed, in `currency`"
    )
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=8, choices=Origin, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused")
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.UUIDField(
        null=True, unique=True, editable=False, help_text="made by the form: one press of Reserve, one reservation"
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        ordering = ["arrival", "pk"]
        indexes = [
            models.Index(
                fields=["property", "departure", "arrival"],
                include=["id", "status", "hold_expires_at"],
                name="reservation_by_departure",
            ),
            models.Index(fields=["arrival"], name="reservation_by_arrival"),
            models.Index(fields=["hold_expires_at"], condition=models.Q(status="held"), name="reservation_hold_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(departure__gt=models.F("arrival"), arrival__gte=FIRST_DAY, departure__lte=LAST_DAY),
                name="reservation_has_nights_in_window",
            ),
            models.CheckConstraint(condition=models.Q(party_size__gte=1), name="reservation_party_not_empty"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="reservation_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status="held") | models.Q(hold_expires_at__isnull=False),
                name="reservation_hold_ends",
            ),
            models.CheckConstraint(
                condition=models.Func(
                    template="(cardinality(nightly_rates) = departure - arrival)", output_field=models.BooleanField()
                ),
                name="reservation_rate_for_each_night",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("reservations:detail", args=[self.reference])

    @computed
    def stay(self):
        return Stay(self.arrival, self.departure)

    @computed
    def parts(self):
        """Its occupancies in order of nights: several after a move between rooms, none when nights were given back."""
        return sorted(self.occupancies.all(), key=lambda part: part.nights.lower)

    @computed
    def unit(self):
        """Where the party sleeps first, or None: no room listed, not assigned, or the nights were given back."""
        parts = self.parts
        return parts[0].unit if parts else None

    @computed
    def rooms(self):
        """Room 101, or 101 → 204 when the party moves during its stay; empty without a room."""
        return " → ".join(part.unit.name for part in self.parts)

    @computed
    def price(self):
        """Decimal in `currency`: the sum of the agreed nights."""
        return sum(self.nightly_rates)

    @computed
    def has_lapsed(self):
        """A hold whose time is over, tidied away or not."""
        return self.status == Status.HELD and self.hold_expires_at <= timezone.now()

    @computed
    def shown_status(self):
        """What the desk is told: a lapsed hold is expired at the instant it lapses."""
        return Status.EXPIRED if self.has_lapsed else Status(self.status)

    @computed
    def is_there(self):
        return self.status == Status.IN_HOUSE

    @computed
    def is_due(self):
        """Its day of arrival has come."""
        return self.arrival <= self.property.today()

    @computed
    def is_arrival_delayed(self):
        """Expected on an earlier day than the property's today, and not there yet."""
        return self.status == Status.CONFIRMED and self.arrival < self.property.today()

    @computed
    def is_departure_delayed(self):
        """Still in the house after the day of departure, or after check-out time on it."""
        if self.status != Status.IN_HOUSE or self.departure > self.property.today():
            return False
        local = timezone.localtime(timezone=self.property.zone)
        return self.departure < local.date() or local.time() > self.property.check_out_time

    @computed
    def is_unassigned(self):
        """Taken without a room where rooms are counted: a manager's overbooking. One query."""
        return self.is_open and not self.parts and self.property.counts_rooms()

    @computed
    def is_open(self):
        return self.status in OPEN and not self.has_lapsed


class Closure(models.Model):
    """Nights a unit is not sellable, and why. Reopening removes its occupancy and keeps this row."""

    class Kind(models.TextChoices):
        OUT_OF_ORDER = "out_of_order", "Out of order"
        MAINTENANCE = "maintenance", "Maintenance"
        CLEANING = "cleaning", "Deep cleaning"
        OWN_USE = "own_use", "Own use"
        CALENDAR = "calendar", "External calendar"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closures")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    nights = DateRangeField(help_text="local dates, half open")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OUT_OF_ORDER)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True, help_text="UTC; sellable again")
    version = models.PositiveIntegerField(default=1)

    class Meta:
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


# Nights that a short stay has at most.
SHORT_NIGHTS = 14
IS_LONG = models.Func(template=f"(departure - arrival > {SHORT_NIGHTS})", output_field=models.BooleanField())


class OccupancyQuerySet(models.QuerySet):
    def overlapping(self, stay):
        return self.filter(nights__overlap=DateRange(stay.arrival, stay.departure))

    def standing(self):
        """Without holds that have lapsed: their nights are free from that instant on."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=Now()))


class Occupancy(models.Model):
    """This unit is taken for these nights, by a reservation or by a closure.

    Giving nights back removes the row; the event remembers. The parts of a reservation adjoin and cover exactly its
    nights: a deferred trigger looks at commit.
    """

    # Both keys lead an index below: one of their own would only cost time.
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
    # The ends once more, for the btree indexes that answer the desk's questions quicker than a range index.
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
            # Who is taken anywhere on some nights: short stays by a range of departures, the few long ones apart.
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
            # Empty ranges overlap nothing and unbounded ones block for ever: the exclusion alone lets both in.
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


class Event(models.Model):
    """One line of the history of a reservation or a closure. Append-only: a trigger refuses anything else."""

    class Action(models.TextChoices):
        BOOKED = "booked", "Booked"
        CHANGED = "changed", "Changed"
        MOVED = "moved", "Moved"
        SPLIT = "split", "Split"
        JOINED = "joined", "Joined"
        SWAPPED = "swapped", "Swapped"
        LOCKED = "locked", "Locked to its room"
        UNLOCKED = "unlocked", "Unlocked"
        EXTENDED = "extended", "Hold extended"
        CONFIRMED = "confirmed", "Confirmed"
        CHECKED_IN = "checked_in", "Checked in"
        CHECKED_OUT = "checked_out", "Checked out"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "no_show", "No-show"
        EXPIRED = "expired", "Hold expired"
        REINSTATED = "reinstated", "Reinstated"
        OVERRULED = "overruled", "Overruled by a manager"
        UNDONE = "undone", "Undone"
        MERGED = "merged", "Guest merged"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"

    reservation = models.ForeignKey(Reservation, null=True, on_delete=models.PROTECT, related_name="events")
    closure = models.ForeignKey(Closure, null=True, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=12, choices=Action)
    from_status = models.CharField(max_length=12, choices=Status, blank=True)
    to_status = models.CharField(max_length=12, choices=Status, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False, help_text="UTC")
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, help_text='what changed: {"arrival": ["2026-11-20", "2026-11-21"], ...}')
    act = models.UUIDField(
        db_default=RandomUUID(), editable=False, help_text="events of one act share it: done and undone together"
    )
    # The transaction that wrote it. Keys are drawn before they are committed, so a reader that remembers the last key
    # it saw would miss the slower of two; one that remembers the oldest transaction still running misses none.
    written_in = models.BigIntegerField(
        editable=False,
        db_default=models.Func(template="pg_current_xact_id()::text::bigint", output_field=models.BigIntegerField()),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["written_in"], name="event_by_transaction")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reservation=None, closure__isnull=False)
                | models.Q(reservation__isnull=False, closure=None),
                name="event_of_a_reservation_or_a_closure",
            ),
        ]

    def __str__(self):
        return f"{self.reservation or self.closure} {self.action}"
