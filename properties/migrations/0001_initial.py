import datetime
from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Property",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("hotel", "Hotel"), ("apartment", "Apartment")], max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                ("location", models.CharField(blank=True, max_length=200)),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/London", help_text="IANA name, such as Europe/Lisbon", max_length=64
                    ),
                ),
                ("check_in_time", models.TimeField(default=datetime.time(15, 0), help_text="local; earliest arrival")),
                ("check_out_time", models.TimeField(default=datetime.time(11, 0), help_text="local; latest departure")),
                ("currency", models.CharField(default="EUR", help_text="ISO 4217, such as EUR", max_length=3)),
                (
                    "nightly_rate",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="per night, in `currency`; where no room type and no line of the rate table says otherwise",
                        max_digits=17,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "sleeps",
                    models.PositiveSmallIntegerField(
                        help_text="an apartment's largest party; null: not limited", null=True
                    ),
                ),
                ("min_nights", models.PositiveSmallIntegerField(help_text="shortest stay; null: one night", null=True)),
                (
                    "max_nights",
                    models.PositiveSmallIntegerField(help_text="longest stay; null: not limited", null=True),
                ),
                (
                    "hold_hours",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="how long a hold lasts unless said otherwise"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="spoken in its voice notes: ISO 639-1, such as pt; empty: the site default",
                        max_length=3,
                    ),
                ),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="UTC; archived ones take no bookings", null=True
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "properties",
                "ordering": ["kind", django.db.models.functions.text.Lower("name"), "pk"],
            },
        ),
        migrations.CreateModel(
            name="RoomType",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("sleeps", models.PositiveSmallIntegerField(default=2, help_text="the largest party")),
                (
                    "nightly_rate",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="per night, in the property's currency",
                        max_digits=17,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "min_nights",
                    models.PositiveSmallIntegerField(help_text="shortest stay; null: as the property says", null=True),
                ),
                (
                    "max_nights",
                    models.PositiveSmallIntegerField(help_text="longest stay; null: as the property says", null=True),
                ),
                ("position", models.PositiveIntegerField(default=0, help_text="order within the property")),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="room_types", to="properties.property"
                    ),
                ),
            ],
            options={
                "ordering": ["property", "position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="as the quote names it, such as Summer or Weekend", max_length=80)),
                ("first_night", models.DateField(help_text="local date; null: from ever", null=True)),
                (
                    "last_night",
                    models.DateField(help_text="local date, this night included; null: for ever", null=True),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=list,
                        help_text="ISO: 1 Monday to 7 Sunday; empty: every day",
                        size=None,
                    ),
                ),
                (
                    "nightly_rate",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="per night, in the property's currency",
                        max_digits=17,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="properties.property"
                    ),
                ),
                (
                    "room_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rates",
                        to="properties.roomtype",
                    ),
                ),
            ],
            options={
                "ordering": ["property", "first_night", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(help_text="an apartment's is the apartment's own", max_length=120)),
                ("floor", models.CharField(blank=True, max_length=20)),
                ("position", models.PositiveIntegerField(default=0, help_text="order within the property")),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="UTC; archived ones take no bookings", null=True
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="properties.property"
                    ),
                ),
                (
                    "room_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="properties.roomtype",
                    ),
                ),
            ],
            options={
                "ordering": ["property", "position", "name"],
            },
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at", None)),
                name="property_name_unique_while_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.CheckConstraint(
                condition=models.Q(("nightly_rate__gte", 0)), name="property_rate_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.CheckConstraint(condition=models.Q(("sleeps__gte", 1)), name="property_sleeps_someone"),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_nights__gte", 1)), name="property_min_nights_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_nights__gte", 1),
                    models.Q(("min_nights", None), ("max_nights__gte", models.F("min_nights")), _connector="OR"),
                ),
                name="property_max_nights_not_below_min",
            ),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_hours__gte", 1)), name="property_hold_has_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomtype",
            constraint=models.UniqueConstraint(
                models.F("property"),
                django.db.models.functions.text.Lower("name"),
                name="room_type_name_unique_in_property",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomtype",
            constraint=models.CheckConstraint(
                condition=models.Q(("nightly_rate__gte", 0)), name="room_type_rate_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomtype",
            constraint=models.CheckConstraint(condition=models.Q(("sleeps__gte", 1)), name="room_type_sleeps_someone"),
        ),
        migrations.AddConstraint(
            model_name="roomtype",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_nights__gte", 1)), name="room_type_min_nights_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomtype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_nights__gte", 1),
                    models.Q(("min_nights", None), ("max_nights__gte", models.F("min_nights")), _connector="OR"),
                ),
                name="room_type_max_nights_not_below_min",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(condition=models.Q(("nightly_rate__gte", 0)), name="rate_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7])), name="rate_weekdays_exist"
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_night", None),
                    ("last_night", None),
                    ("last_night__gte", models.F("first_night")),
                    _connector="OR",
                ),
                name="rate_season_has_nights",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                models.F("property"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at", None)),
                name="unit_name_unique_in_property",
            ),
        ),
    ]
