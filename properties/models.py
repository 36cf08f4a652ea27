"""Tables of properties, units, room types and rates."""

import datetime as dt
import functools
import zoneinfo
from collections import defaultdict
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone

from accounts.access import Action, limited
from config.computed import computed
from config.folding import Searchable
from properties.money import MOST_DECIMALS, MOST_DIGITS, Money
from properties.regions import region_of

# Words of a search that are used; a text with more of them was pasted by mistake.
MOST_WORDS = 8


class PropertyQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The properties at which `actor` may do `action`; all of them for Roomtone itself (None)."""
        return limited(self, actor, by="pk", action=action)

    def active(self):
        return self.filter(archived_at=None)

    def shown(self, *, q, kind, archived):
        """Properties of `kind` ("" for both) that match `q`, by name; archived ones only if `archived`."""
        found = self if archived else self.active()
        return (found.filter(kind=kind) if kind else found).matching(q).by_name()

    def matching(self, text):
        """Properties with each word of `text` in their name, location or description; see `config.folding`."""
        return functools.reduce(PropertyQuerySet._containing, text.split()[:MOST_WORDS], self)

    def _containing(self, word):
        return self.filter(search__contains=Searchable(models.Value(word)))

    def with_room_count(self):
        """Annotated with `room_count`, the number of active units."""
        return self.annotate(room_count=models.Count("units", filter=models.Q(units__archived_at=None)))

    def with_is_unlimited(self):
        """Annotated with `is_unlimited`: whether the property takes every booking, see `Property.tracks_inventory`."""
        listed = models.Exists(Unit.objects.filter(property=models.OuterRef("pk")))  # archived ones too
        is_unlimited = models.Q(kind=Property.Kind.HOTEL) & ~listed
        return self.annotate(is_unlimited=models.ExpressionWrapper(is_unlimited, models.BooleanField()))

    def regions(self):
        """ISO 3166 codes of the properties' countries, those with the most properties first. One query."""
        zones = (
            self.order_by().values_list("time_zone").annotate(count=models.Count("pk")).order_by("-count", "time_zone")
        )
        return list(dict.fromkeys(filter(None, (region_of(zone) for zone, _ in zones))))

    def by_name(self):
        """In the order of their names without accents and case."""
        return self.order_by(Searchable("name"), "pk")

    def zones_by_date(self):
        """{local date now: names of the properties' time zones that have this date}. At most three dates. One query."""
        zones = defaultdict(list)
        for name in self.order_by().values_list("time_zone", flat=True).distinct():
            zones[timezone.localdate(timezone=zoneinfo.ZoneInfo(name))].append(name)
        return dict(zones)

    def earliest_today(self):
        """The earliest of the properties' dates today; that of UTC without any property. One query."""
        return min(self.zones_by_date(), default=timezone.localdate())


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
        max_digits=MOST_DIGITS,
        decimal_places=MOST_DECIMALS,
        validators=[MinValueValidator(Decimal(0))],
        help_text="per night, in `currency`; where no room type and no line of the rate table says otherwise",
    )
    sleeps = models.PositiveSmallIntegerField(null=True, help_text="an apartment's largest party; null: not limited")
    min_nights = models.PositiveSmallIntegerField(null=True, help_text="shortest stay; null: one night")
    max_nights = models.PositiveSmallIntegerField(null=True, help_text="longest stay; null: not limited")
    hold_hours = models.PositiveSmallIntegerField(default=24, help_text="how long a hold lasts unless said otherwise")
    language = models.CharField(
        max_length=3,
        blank=True,
        help_text="spoken in its voice notes: ISO 639-1, such as pt; empty: the site default",
    )
    archived_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="UTC; archived ones take no bookings"
    )
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    search = models.GeneratedField(
        expression=models.Func("name", "location", "description", function="property_search"),
        output_field=models.TextField(),
        db_persist=True,
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
            models.CheckConstraint(condition=models.Q(sleeps__gte=1), name="property_sleeps_someone"),
            models.CheckConstraint(condition=models.Q(min_nights__gte=1), name="property_min_nights_positive"),
            models.CheckConstraint(
                condition=models.Q(max_nights__gte=1)
                & (models.Q(min_nights=None) | models.Q(max_nights__gte=models.F("min_nights"))),
                name="property_max_nights_not_below_min",
            ),
            models.CheckConstraint(condition=models.Q(hold_hours__gte=1), name="property_hold_has_hours"),
        ]

    def __str__(self):
        return self.name

    @property
    def property_id(self):
        """Its own key: a property is asked for its rights like the rows that belong to one."""
        return self.pk

    @property
    def is_hotel(self):
        return self.kind == self.Kind.HOTEL

    @property
    def price(self):
        """The ordinary rate of a night, as Money."""
        return Money(self.nightly_rate, self.currency)

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    def tracks_inventory(self):
        """Whether rooms are counted, so that the property can be full. One query for a hotel, none for an apartment.

        A hotel that never listed a room takes every booking. Archived rooms count as listed, so a hotel in which all
        rooms are archived is full.
        """
        return not self.is_hotel or self.units.exists()

    def today(self):
        """The local date in the property's time zone, which counts for all its stays."""
        return timezone.localdate(timezone=self.zone)


class RoomTypeQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The room types at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)

    def with_room_count(self):
        """Annotated with `room_count`, the number of active units of the type."""
        return self.annotate(room_count=models.Count("units", filter=models.Q(units__archived_at=None)))


class RoomType(models.Model):
    """A class of a hotel's rooms that are sold alike. Apartments have none."""

    # 32 bits, see Property.id
    id = models.AutoField(primary_key=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="room_types")
    name = models.CharField(max_length=80)
    sleeps = models.PositiveSmallIntegerField(default=2, help_text="the largest party")
    nightly_rate = models.DecimalField(
        max_digits=MOST_DIGITS,
        decimal_places=MOST_DECIMALS,
        validators=[MinValueValidator(Decimal(0))],
        help_text="per night, in the property's currency",
    )
    min_nights = models.PositiveSmallIntegerField(null=True, help_text="shortest stay; null: as the property says")
    max_nights = models.PositiveSmallIntegerField(null=True, help_text="longest stay; null: as the property says")
    position = models.PositiveIntegerField(default=0, help_text="order within the property")

    objects = RoomTypeQuerySet.as_manager()

    class Meta:
        ordering = ["property", "position", "name"]
        constraints = [
            models.UniqueConstraint("property", Lower("name"), name="room_type_name_unique_in_property"),
            models.CheckConstraint(condition=models.Q(nightly_rate__gte=0), name="room_type_rate_not_negative"),
            models.CheckConstraint(condition=models.Q(sleeps__gte=1), name="room_type_sleeps_someone"),
            models.CheckConstraint(condition=models.Q(min_nights__gte=1), name="room_type_min_nights_positive"),
            models.CheckConstraint(
                condition=models.Q(max_nights__gte=1)
                & (models.Q(min_nights=None) | models.Q(max_nights__gte=models.F("min_nights"))),
                name="room_type_max_nights_not_below_min",
            ),
        ]

    def __str__(self):
        return self.name

    @computed
    def price(self):
        """The rate of a night, as Money."""
        return Money(self.nightly_rate, self.property.currency)


class RateQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The lines of the rate tables at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)

    def in_table_order(self):
        """In the order of the page: lines for all room types first, then by type; all year first, then by season."""
        by_type = models.F("room_type__position").asc(nulls_first=True)
        by_season = models.F("first_night").asc(nulls_first=True)
        return self.select_related("room_type").order_by(by_type, "room_type__name", by_season, "pk")


class Rate(models.Model):
    """A line of the rate table: the price of a night on some weekdays, in a season, in rooms of a type.

    A condition that is empty holds for all nights. If several lines fit a night, the most specific one counts, see
    `rates.quote`.
    """

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="rates")
    room_type = models.ForeignKey(RoomType, null=True, on_delete=models.PROTECT, related_name="rates")
    name = models.CharField(max_length=80, help_text="as the quote names it, such as Summer or Weekend")
    first_night = models.DateField(null=True, help_text="local date; null: from ever")
    last_night = models.DateField(null=True, help_text="local date, this night included; null: for ever")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, help_text="ISO: 1 Monday to 7 Sunday; empty: every day"
    )
    nightly_rate = models.DecimalField(
        max_digits=MOST_DIGITS,
        decimal_places=MOST_DECIMALS,
        validators=[MinValueValidator(Decimal(0))],
        help_text="per night, in the property's currency",
    )

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ["property", "first_night", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(nightly_rate__gte=0), name="rate_not_negative"),
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="rate_weekdays_exist"
            ),
            models.CheckConstraint(
                condition=models.Q(first_night=None)
                | models.Q(last_night=None)
                | models.Q(last_night__gte=models.F("first_night")),
                name="rate_season_has_nights",
            ),
        ]

    def __str__(self):
        return self.name

    @computed
    def price(self):
        """The rate of a night, as Money."""
        return Money(self.nightly_rate, self.property.currency)


class UnitQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The units at properties where `actor` may do `action`."""
        return limited(self, actor, by="property", action=action)

    def active(self):
        return self.filter(archived_at=None)

    def rooms(self):
        """The units of hotels; an apartment's unit is the apartment itself."""
        return self.filter(property__kind=Property.Kind.HOTEL)


class Unit(models.Model):
    """What one party sleeps in: a hotel's room, or an apartment."""

    # 32 bits, see Property.id
    id = models.AutoField(primary_key=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="units")
    room_type = models.ForeignKey(RoomType, null=True, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=120, help_text="an apartment's is the apartment's own")
    floor = models.CharField(max_length=20, blank=True)
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
        # For names that begin with a text, in the search of all rooms.
        indexes = [models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="unit_by_beginning_of_name")]

    def __str__(self):
        return self.name
