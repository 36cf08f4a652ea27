"""What exists: hotels and apartments, and the units people sleep in. Knows nothing of dates or guests."""

import datetime as dt
import functools
import operator
import zoneinfo
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

SEARCHED = ("name", "location", "description")
# More words in one search are a pasted text.
MOST_WORDS = 8


class PropertyQuerySet(models.QuerySet):
    def active(self):
        return self.filter(archived_at=None)

    def shown(self, *, q, kind, archived):
        """Active ones, and with `archived` the others too, of `kind` ("" for both) and matching `q`; by name."""
        found = self if archived else self.active()
        return (found.filter(kind=kind) if kind else found).matching(q).by_name()

    def matching(self, text):
        """Whose name, location or description holds each word of `text`, whatever its case and accents."""
        return functools.reduce(PropertyQuerySet._holding, text.split()[:MOST_WORDS], self)

    def _holding(self, word):
        conditions = [models.Q(**{f"{field}__unaccent__icontains": word}) for field in SEARCHED]
        return self.filter(functools.reduce(operator.or_, conditions))

    def with_room_count(self):
        """`room_count`: how many units take bookings."""
        return self.annotate(room_count=models.Count("units", filter=models.Q(units__archived_at=None)))

    def by_name(self):
        """As people look things up: accents and case do not move a name."""
        return self.order_by(Lower("name__unaccent"), "pk")


class Property(models.Model):
    """A hotel, or an apartment."""

    class Kind(models.TextChoices):
        HOTEL = "hotel", "Hotel"
        APARTMENT = "apartment", "Apartment"

    # 32 bits, as Unit's: btree_gist cannot use an inlined integer literal against a bigint (docs/architecture.md).
    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    location = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London", help_text="IANA name, such as Europe/Lisbon")
    check_in_time = models.TimeField(default=dt.time(15), help_text="local; earliest arrival")
    check_out_time = models.TimeField(default=dt.time(11), help_text="local; latest departure")
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217, such as EUR")
    nightly_rate = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        help_text="per night, in `currency`",
    )
    archived_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="UTC; archived ones take no bookings"
    )
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = PropertyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "properties"
        ordering = ["kind", Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(archived_at=None), name="property_name_unique_while_active"
            ),
            models.CheckConstraint(condition=models.Q(nightly_rate__gte=0), name="property_rate_not_negative"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_hotel(self):
        return self.kind == self.Kind.HOTEL

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    def counts_rooms(self):
        """Whether it can be full: a hotel that never listed a room takes every booking. One query for a hotel.

        Archived rooms count as listed: a hotel under repair is full, not endless.
        """
        return not self.is_hotel or self.units.exists()

    def today(self):
        """The local date where the property stands: the only "today" there is for its stays."""
        return timezone.localdate(timezone=self.zone)


class UnitQuerySet(models.QuerySet):
    def active(self):
        return self.filter(archived_at=None)

    def rooms(self):
        """A hotel's; an apartment's unit is the apartment."""
        return self.filter(property__kind=Property.Kind.HOTEL)


class Unit(models.Model):
    """The physical thing one party sleeps in: a hotel's room, or the apartment itself."""

    # 32 bits, see Property.id
    id = models.AutoField(primary_key=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=120, help_text="an apartment's is the apartment's own")
    position = models.PositiveIntegerField(default=0, help_text="order within the property")
    archived_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="UTC; archived ones take no bookings"
    )
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["property", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                "property", Lower("name"), condition=models.Q(archived_at=None), name="unit_name_unique_in_property"
            ),
        ]

    def __str__(self):
        return self.name
