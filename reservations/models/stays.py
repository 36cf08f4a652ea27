"""Reservations: a party's stay in a property, and its states."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.access import Action, limited
from config import clock
from config.computed import computed
from properties.models import Property, RoomType, Unit
from properties.money import MOST_DECIMALS, MOST_DIGITS, Money, total
from reservations.models.guests import Group, Guest
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

if TYPE_CHECKING:
    from reservations.models.events import Event

# Without 0 and O, 1, I and L, U and V, which are confused when a reference is read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def make_reference():
    """A random reference such as RT-7K3QX, of 29**5 or about 20 million. `book` draws again when one is in use."""
    return "RT-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))


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


class CancelReason(models.TextChoices):
    """Why a stay was cancelled, for statistics. People's own words are in `Event.reason`."""

    GUEST = "guest", "Guest’s plans changed"
    ILLNESS = "illness", "Illness"
    TRAVEL = "travel", "Travel fell through"
    PRICE = "price", "Price"
    ELSEWHERE = "elsewhere", "Found another place"
    MISTAKE = "mistake", "Booked by mistake"
    HOUSE = "house", "We cannot host them"
    PAYMENT = "payment", "Not paid"
    OTHER = "other", "Other"


# States in which dates, unit and guest may still be changed, or the whole stay cancelled.
OPEN = (Status.HELD, Status.CONFIRMED, Status.IN_HOUSE)


def price_columns(rates):
    """The fields of a Reservation that store `rates`, a Money for each night. Raises CurrencyMismatch."""
    return {"nightly_rates": [rate.amount for rate in rates], "currency": total(rates).currency}


class ReservationQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The reservations at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)

    def blocking(self):
        """Reservations that take their nights: no lapsed holds, also if their state is not set to expired yet."""
        return self.filter(status__in=BLOCKING).exclude(status=Status.HELD, hold_expires_at__lte=Now())

    def lapsed(self):
        """Holds that have lapsed, and whose state is not set to expired yet."""
        return self.filter(status=Status.HELD, hold_expires_at__lte=Now())

    def open(self):
        """Reservations that may still be changed."""
        return self.blocking().filter(status__in=OPEN)

    def ending_after(self, day):
        """Reservations whose last night is on `day` (a local date) or later."""
        return self.filter(departure__gt=day)

    def search(self, *, q="", property=None, date=None, status=""):
        """Reservations that meet all given conditions.

        `q` is a part of the guest's name, address or number, of the reference or of the property's name, or the whole
        name of a room, whatever case and accents; `property` is one or its key; on the night of the local date `date`
        the party sleeps there; `status` is the state that staff are shown.
        """
        from reservations.models.calendar import Occupancy

        found = self
        if q:
            # Guests and properties are searched in subqueries: a join with every stay takes ten times as long.
            found = found.filter(
                models.Q(guest__in=Guest.objects.matching(q))
                | models.Q(reference__icontains=q)
                | models.Q(property__in=Property.objects.filter(name__searchable__contains=q))
                | models.Q(pk__in=Occupancy.objects.filter(unit__name__iexact=q).values("reservation"))
            )
        if property:
            found = found.filter(property=property)
        if date:
            found = found.filter(arrival__lte=date, departure__gt=date)
        return found.shown_as(status) if status else found

    def shown_as(self, status):
        """Reservations in the state that staff are shown (`shown_status`): a hold that has lapsed counts as expired."""
        has_lapsed = models.Q(status=Status.HELD, hold_expires_at__lte=Now())
        if status == Status.EXPIRED:
            return self.filter(has_lapsed | models.Q(status=status))
        return self.filter(status=status).exclude(has_lapsed)

    def in_unit(self, unit):
        """Reservations with at least one night in `unit`, a unit or its key."""
        from reservations.models.calendar import Occupancy

        return self.filter(pk__in=Occupancy.objects.filter(unit=unit).values("reservation"))

    def now_then_past(self):
        """Present and coming reservations by arrival, earliest first, then past ones, latest first.

        Annotated with `is_past`: whether the departure is before the property's today. One query more, for the time
        zones of all properties.
        """
        is_past = models.Q(pk=None)
        for today, zones in Property.objects.zones_by_date().items():
            is_past |= models.Q(departure__lt=today, property__time_zone__in=zones)
        past = models.Case(models.When(is_past, then="arrival"))
        return self.annotate(is_past=models.ExpressionWrapper(is_past, models.BooleanField())).order_by(
            "is_past", past.desc(), "arrival", "pk"
        )

    def with_is_counted(self):
        """Annotated with `is_counted`: whether the property ever listed a unit. `is_unassigned` then needs no query."""
        return self.annotate(is_counted=models.Exists(Unit.objects.filter(property=models.OuterRef("property"))))

    def with_unit(self):
        """Reservations with guest, property and rooms, so that these take no further queries. Two queries in all."""
        return self.with_guest().prefetch_related(_segments())

    def with_guest(self):
        """Reservations with guest and property, so that these take no further queries; see also `fetch_units`."""
        return self.select_related("guest", "property")


def fetch_units(reservations: Iterable["Reservation"]) -> None:
    """Read the rooms of several lists of reservations, so that these take no further queries. One query for all."""
    models.prefetch_related_objects(list(reservations), _segments())


def _segments():
    from reservations.models.calendar import Occupancy

    return models.Prefetch("occupancies", Occupancy.objects.select_related("unit").order_by("arrival"))


class Reservation(models.Model):
    """The stay of a party in a property, with the agreed price of each night."""

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
        models.DecimalField(max_digits=MOST_DIGITS, decimal_places=MOST_DECIMALS),
        help_text="one for each night, as agreed, in `currency`",
    )
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=8, choices=Origin, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused")
    created_at = models.DateTimeField(default=clock.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.UUIDField(
        null=True, unique=True, editable=False, help_text="made by the form: one press of Reserve, one reservation"
    )

    objects = ReservationQuerySet.as_manager()

    # Set on what a verb returns: the Event that it recorded, None if it changed nothing.
    new_event: "Event | None" = None

    class Meta:
        ordering = ["arrival", "pk"]
        indexes = [
            models.Index(
                fields=["property", "departure", "arrival"],
                include=["id", "status", "hold_expires_at"],
                name="reservation_by_departure",
            ),
            # For the orders of the API's list: without an index, each page would sort all reservations.
            models.Index(fields=["arrival"], name="reservation_by_arrival"),
            models.Index(fields=["departure"], name="reservation_by_end"),
            models.Index(fields=["created_at"], name="reservation_by_creation"),
            models.Index(fields=["hold_expires_at"], condition=models.Q(status="held"), name="reservation_hold_by_end"),
            # Parties in the house, which are few; every booking for tonight queries them.
            models.Index(
                fields=["property", "departure"],
                condition=models.Q(status="in_house"),
                name="reservation_in_house",
            ),
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
    def segments(self):
        """Its occupancies by arrival: several for a stay that changes rooms, none if it has no room."""
        return sorted(self.occupancies.all(), key=lambda segment: segment.nights.lower)

    @computed
    def unit(self):
        """The unit of the first segment, or None without a room."""
        segments = self.segments
        return segments[0].unit if segments else None

    @computed
    def present_unit(self):
        """The unit in which the party is today or was last, or else its first one; None without a room."""
        begun = [segment.unit for segment in self.segments if segment.arrival <= self.property.today()]
        return begun[-1] if begun else self.unit

    @computed
    def rooms(self):
        """Such as "101", or "101 → 204" for a stay that changes rooms; "" without a room."""
        return " → ".join(segment.unit.name for segment in self.segments)

    @computed
    def rates(self):
        """The agreed rate of each night, as Money."""
        return [Money(amount, self.currency) for amount in self.nightly_rates]

    @computed
    def price(self):
        """The sum of the agreed rates, as Money."""
        return total(self.rates)

    @computed
    def has_lapsed(self):
        """Whether it is a hold that has lapsed and whose state is not set to expired yet."""
        ends = self.hold_expires_at
        return self.status == Status.HELD and ends is not None and ends <= clock.now()

    @computed
    def shown_status(self):
        """The state that staff are shown: a hold is shown as expired from the instant at which it lapses."""
        return Status.EXPIRED if self.has_lapsed else Status(self.status)

    @computed
    def is_there(self):
        return self.status == Status.IN_HOUSE

    @computed
    def is_due(self):
        """Whether the arrival is today or earlier, by the property's date."""
        return self.arrival <= self.property.today()

    @computed
    def is_over(self):
        """Whether the departure is before the property's today. On the day of departure it is not over."""
        return self.departure < self.property.today()

    @computed
    def is_arrival_delayed(self):
        """Whether it should have arrived before the property's today and has not."""
        return self.status == Status.CONFIRMED and self.arrival < self.property.today()

    @computed
    def is_departure_delayed(self):
        """Whether it is in the house after the day of departure, or after check-out time on that day."""
        if self.status != Status.IN_HOUSE or self.departure > self.property.today():
            return False
        local = timezone.localtime(timezone=self.property.zone)
        return self.departure < local.date() or local.time() > self.property.check_out_time

    @computed
    def leaves_on_first_day(self):
        """Whether it is in the house and its first night is not over, so that check-out asks about that night."""
        return self.status == Status.IN_HOUSE and self.arrival >= self.property.today()

    @computed
    def keeps_nights(self):
        """Whether it is checked out and still has nights from today on."""
        return self.status == Status.CHECKED_OUT and any(
            segment.nights.upper > self.property.today() for segment in self.segments
        )

    @computed
    def is_unassigned(self):
        """Whether it is open and has no room although the property counts its rooms. At most one query.

        No query after `with_is_counted`.
        """
        if not self.is_open or self.segments:
            return False
        return self.__dict__["is_counted"] if "is_counted" in self.__dict__ else self.property.tracks_inventory()

    @computed
    def is_open(self):
        return self.status in OPEN and not self.has_lapsed
