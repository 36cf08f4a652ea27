"""Guests, and groups of reservations with one booker."""

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from accounts.access import Action
from config import clock
from config.computed import computed
from config.folding import Searchable
from reservations import telephones
from reservations.models.guest_search import GuestQuerySet, PhoneNumbersField

if TYPE_CHECKING:
    from reservations.models.events import Event


class Guest(models.Model):
    """A person who stays, or who has booked for others. All reservations of the person share this profile."""

    # The most characters of each text, for forms and the API alike.
    LONGEST = {"name": 200, "phone": 100, "email": 254, "language": 40, "remarks": 5000}
    TOO_MANY_NUMBERS = (
        f"Write one telephone number here, or two, in {LONGEST['phone']} characters. "
        "What else there is to say belongs into the remarks."
    )

    name = models.CharField(max_length=LONGEST["name"])
    phone = models.CharField(max_length=LONGEST["phone"], blank=True)
    phone_numbers = PhoneNumbersField(
        blank=True,
        db_default="",
        editable=False,
        help_text="each in E.164 and in its national form, as `phone` could be read",
    )
    email = models.EmailField(max_length=LONGEST["email"], blank=True)
    language = models.CharField(
        max_length=LONGEST["language"], blank=True, help_text="as people say it: Portuguese, English"
    )
    remarks = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes; a form that is older is refused")
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", help_text="set: a duplicate, not used again"
    )
    merge = models.JSONField(null=True, help_text="what the merge moved and filled, for its undo")
    search = models.GeneratedField(
        expression=models.Func("name", "email", "phone", "phone_numbers", function="guest_search"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="guest_by_part_of_search"),
            GinIndex(OpClass(Searchable("remarks"), name="gin_trgm_ops"), name="guest_by_part_of_remarks"),
            models.Index(Searchable("name"), "id", name="guest_by_name"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **options):
        if update_fields is not None and "phone" in update_fields:
            update_fields = {*update_fields, "phone_numbers"}
        return super().save(*args, update_fields=update_fields, **options)

    @property
    def dialled(self):
        """The telephone number, or the first of several, in the form for a tel: link."""
        read = self.phone_numbers.partition(" ")[0]
        return read if read.startswith("+") else telephones.dialled(self.phone)


class GroupQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The groups at properties where `actor` may do `action`. All reservations of a group are at one property."""
        keys = None if actor is None else actor.access.properties(action)
        if keys is None:
            return self
        from reservations.models.stays import Reservation

        stays = Reservation.objects.filter(group=models.OuterRef("pk"), property__in=keys)
        return self.filter(models.Exists(stays))


class Group(models.Model):
    """Several reservations that one booker made together."""

    booker = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="groups")
    created_at = models.DateTimeField(default=clock.now, editable=False, help_text="UTC")

    new_event: "Event | None" = None  # as for a Reservation: one of the act that created or changed all of them

    objects = GroupQuerySet.as_manager()

    def __str__(self):
        return str(self.booker)

    @computed
    def property_id(self):
        """The key of the property that all its reservations are in. One query."""
        return self.reservations.values_list("property", flat=True).first()
