import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import psycopg2.extras
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import config.clock
import reservations.models.guest_search
import reservations.models.stays


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("properties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # lets one constraint speak of unit = and nights &&
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nights", django.contrib.postgres.fields.ranges.DateRangeField(help_text="local dates, half open")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("out_of_order", "Out of order"),
                            ("maintenance", "Maintenance"),
                            ("cleaning", "Deep cleaning"),
                            ("own_use", "Own use"),
                            ("calendar", "External calendar"),
                        ],
                        default="out_of_order",
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=config.clock.now, editable=False, help_text="UTC")),
                ("reopened_at", models.DateTimeField(help_text="UTC; sellable again", null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="properties.property"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="properties.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("phone", models.CharField(blank=True, max_length=100)),
                (
                    "phone_numbers",
                    reservations.models.guest_search.PhoneNumbersField(
                        blank=True,
                        db_default="",
                        editable=False,
                        help_text="each in E.164 and in its national form, as `phone` could be read",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "language",
                    models.CharField(blank=True, help_text="as people say it: Portuguese, English", max_length=40),
                ),
                ("remarks", models.TextField(blank=True)),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused"),
                ),
                ("merge", models.JSONField(help_text="what the merge moved and filled, for its undo", null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        help_text="set: a duplicate, not used again",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="reservations.guest",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=config.clock.now, editable=False, help_text="UTC")),
                (
                    "booker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="reservations.guest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=reservations.models.stays.make_reference, editable=False, max_length=8, unique=True
                    ),
                ),
                ("party_size", models.PositiveSmallIntegerField(default=2)),
                ("arrival", models.DateField(help_text="local date; the first night")),
                ("departure", models.DateField(help_text="local date; not a night any more")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("confirmed", "Confirmed"),
                            ("in_house", "In house"),
                            ("checked_out", "Checked out"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("expired", "Expired"),
                        ],
                        default="confirmed",
                        max_length=12,
                    ),
                ),
                (
                    "hold_expires_at",
                    models.DateTimeField(help_text="UTC; from this instant on a hold takes no nights", null=True),
                ),
                (
                    "is_locked",
                    models.BooleanField(default=False, help_text="promised: nobody moves it to make room for others"),
                ),
                (
                    "nightly_rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=4, max_digits=17),
                        help_text="one for each night, as agreed, in `currency`",
                        size=None,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Telephone"),
                            ("walk_in", "Walk-in"),
                            ("email", "E-mail"),
                            ("website", "Website"),
                            ("channel", "Channel"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused"),
                ),
                ("created_at", models.DateTimeField(default=config.clock.now, editable=False, help_text="UTC")),
                (
                    "request_key",
                    models.UUIDField(
                        editable=False,
                        help_text="made by the form: one press of Reserve, one reservation",
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="reservations.group",
                    ),
                ),
                (
                    "guest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="reservations.guest",
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="properties.property",
                    ),
                ),
                (
                    "room_type",
                    models.ForeignKey(
                        help_text="what was sold; null: not by type",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="properties.roomtype",
                    ),
                ),
            ],
            options={
                "ordering": ["arrival", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Occupancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nights",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="local dates, half open: [arrival, departure)"
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(help_text="UTC; of a hold: its nights are free from then on", null=True),
                ),
                (
                    "arrival",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("nights", function="lower"),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "departure",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("nights", function="upper"),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closure",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occupancy",
                        to="reservations.closure",
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        db_index=False,
                        help_text="the unit's; for the calendar's index",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="properties.property",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occupancies",
                        to="properties.unit",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occupancies",
                        to="reservations.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "occupancies",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("changed", "Changed"),
                            ("moved", "Moved"),
                            ("split", "Split"),
                            ("joined", "Joined"),
                            ("swapped", "Swapped"),
                            ("locked", "Locked to its room"),
                            ("unlocked", "Unlocked"),
                            ("extended", "Hold extended"),
                            ("confirmed", "Confirmed"),
                            ("checked_in", "Checked in"),
                            ("checked_out", "Checked out"),
                            ("freed", "Nights freed"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("expired", "Hold expired"),
                            ("reinstated", "Reinstated"),
                            ("overruled", "Overruled by a manager"),
                            ("undone", "Undone"),
                            ("merged", "Guest merged"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("held", "Held"),
                            ("confirmed", "Confirmed"),
                            ("in_house", "In house"),
                            ("checked_out", "Checked out"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("held", "Held"),
                            ("confirmed", "Confirmed"),
                            ("in_house", "In house"),
                            ("checked_out", "Checked out"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=config.clock.now, editable=False, help_text="UTC")),
                ("reason", models.CharField(blank=True, help_text="in people's own words", max_length=200)),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="why it was cancelled or moved, or the action that was undone",
                        max_length=12,
                    ),
                ),
                (
                    "needs_manager",
                    models.BooleanField(
                        db_default=False, help_text="only a manager may do this, undo it, or do it again"
                    ),
                ),
                (
                    "data",
                    models.JSONField(
                        default=dict, help_text='what changed: {"arrival": ["2026-11-20", "2026-11-21"], ...}'
                    ),
                ),
                (
                    "act",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        help_text="events of one act share it: done and undone together",
                    ),
                ),
                (
                    "written_in",
                    models.BigIntegerField(
                        db_default=models.Func(
                            output_field=models.BigIntegerField(), template="pg_current_xact_id()::text::bigint"
                        ),
                        editable=False,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="reservations.closure",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="reservations.reservation",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["out_of_order", "maintenance", "cleaning", "own_use", "calendar"])),
                name="closure_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                fields=["property", "departure", "arrival"],
                include=("id", "status", "hold_expires_at"),
                name="reservation_by_departure",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["arrival"], name="reservation_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["departure"], name="reservation_by_end"),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["created_at"], name="reservation_by_creation"),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("status", "held")), fields=["hold_expires_at"], name="reservation_hold_by_end"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("status", "in_house")),
                fields=["property", "departure"],
                name="reservation_in_house",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrival__gte", datetime.date(2000, 1, 1)),
                    ("departure__gt", models.F("arrival")),
                    ("departure__lte", datetime.date(2100, 1, 1)),
                ),
                name="reservation_has_nights_in_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("party_size__gte", 1)), name="reservation_party_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["held", "confirmed", "in_house", "checked_out", "cancelled", "no_show", "expired"])
                ),
                name="reservation_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "held"), _negated=True), ("hold_expires_at__isnull", False), _connector="OR"
                ),
                name="reservation_hold_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Func(
                    output_field=models.BooleanField(), template="(cardinality(nightly_rates) = departure - arrival)"
                ),
                name="reservation_rate_for_each_night",
            ),
        ),
        migrations.AddIndex(
            model_name="occupancy",
            index=models.Index(
                fields=["unit", "departure", "arrival"], include=("reservation", "expires_at"), name="occupancy_by_unit"
            ),
        ),
        migrations.AddIndex(
            model_name="occupancy",
            index=models.Index(
                fields=["property", "departure", "arrival"],
                include=("unit", "reservation", "closure", "expires_at"),
                name="occupancy_by_property",
            ),
        ),
        migrations.AddIndex(
            model_name="occupancy",
            index=models.Index(
                fields=["departure", "arrival"],
                include=("unit", "property", "expires_at"),
                name="occupancy_by_departure",
            ),
        ),
        migrations.AddIndex(
            model_name="occupancy",
            index=models.Index(
                condition=models.Q(
                    models.Func(output_field=models.BooleanField(), template="(departure - arrival > 14)")
                ),
                fields=["departure", "arrival"],
                include=("unit", "property", "expires_at"),
                name="occupancy_long",
            ),
        ),
        migrations.AddConstraint(
            model_name="occupancy",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("unit", "="), ("nights", "&&")], name="occupancy_no_two_share_a_night"
            ),
        ),
        migrations.AddConstraint(
            model_name="occupancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nights__isempty", False),
                    ("nights__lower_inf", False),
                    ("nights__upper_inf", False),
                    (
                        "nights__contained_by",
                        psycopg2.extras.DateRange(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1), "[)"),
                    ),
                ),
                name="occupancy_has_nights_in_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="occupancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closure__isnull", False), ("expires_at", None), ("reservation", None)),
                    models.Q(("closure", None), ("reservation__isnull", False)),
                    _connector="OR",
                ),
                name="occupancy_is_a_stay_or_a_closure",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["written_in", "id"], name="event_by_transaction"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closure__isnull", False), ("reservation", None)),
                    models.Q(("closure", None), ("reservation__isnull", False)),
                    _connector="OR",
                ),
                name="event_of_a_reservation_or_a_closure",
            ),
        ),
    ]
