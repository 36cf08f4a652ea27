"""Finding a guest by part of a name, an e-mail address or a telephone number, however it is written.

`Guest.search` is one line of text for each guest, kept by the database: the name and the e-mail address as searches
read them (`config.folding`), the digits of the telephone number as they were typed, and the forms of each number in it
(`telephones`), each between " " and a line break. A trigram index answers for any part of it, and a whole field is such
a part too: that is how duplicates are found.
"""

import functools
import operator

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Length
from django.db.models.lookups import GreaterThanOrEqual

from config.folding import Searchable
from properties.models import Property
from reservations import telephones

# More words in one search are a pasted text.
MOST_WORDS = 8
# A shorter word has no trigram of its own; at the start of a word the space before it makes one. A letter of a script
# without spaces has one on both sides.
SHORTEST_PART = 3
# Shorter ones are extensions and typing errors, not numbers that two profiles share.
SHORTEST_PHONE = telephones.SHORTEST


def regions():
    """Countries by which a telephone number without a country code is read."""
    return Property.objects.active().regions()


class PhoneNumbersField(models.TextField):
    """Each number of `phone` in E.164 and in its national form, separated by spaces. It is computed at every save."""

    def pre_save(self, model_instance, add):
        numbers = numbers_of(model_instance.phone)
        setattr(model_instance, self.attname, numbers)
        return numbers


def numbers_of(phone):
    return " ".join(telephones.forms_of(phone, regions)) if phone else ""


class GuestQuerySet(models.QuerySet):
    def update(self, **fields):
        if isinstance(fields.get("phone"), str):
            fields.setdefault("phone_numbers", numbers_of(fields["phone"]))
        return super().update(**fields)

    def bulk_update(self, objs, fields, batch_size=None):
        if "phone" in fields:
            for guest in objs:
                guest.phone_numbers = numbers_of(guest.phone)
            fields = [*fields, "phone_numbers"]
        return super().bulk_update(objs, fields, batch_size)

    def not_merged(self):
        """Without duplicates that were merged into another profile."""
        return self.filter(merged_into=None)

    def matching(self, text):
        """Guests whose name, e-mail address or telephone number holds each word of `text`."""
        if telephones.is_like_a_number(text):
            return self.filter(number_in("search", text))
        return functools.reduce(GuestQuerySet._holding, text.split()[:MOST_WORDS], self)

    def _holding(self, word):
        # Only the database knows how long it is there: the planner does all this before it begins.
        folded = Searchable(Value(word))
        is_long = GreaterThanOrEqual(Length(folded), SHORTEST_PART)
        before = models.Case(models.When(is_long, then=Value("")), default=Value(" "))
        return self.filter(search__contains=_joined(before, folded))

    def newest_first(self, *, before=None):
        """`before` is the key of the last guest of the page above, because numbered pages would count a million
        rows."""
        found = self.filter(pk__lt=before) if before else self
        return found.order_by("-pk")

    def likely_same_as(self, guest):
        """Other profiles with the same e-mail address or telephone number, then those with the same name."""
        reached: list[models.Func | Value] = [Searchable(Value(guest.email))] if guest.email else []
        reached += [Value(number) for number in _numbers_to_share(guest)]
        same_name = _has_field(Searchable(Value(guest.name)))
        same_reach = functools.reduce(operator.or_, map(_has_field, reached), models.Q(pk=None))
        first = models.Case(models.When(same_reach, then=0), default=1)
        # By name too: an order that no index has, or the newest of a million would be looked through one by one.
        others = self.not_merged().exclude(pk=guest.pk).filter(same_name | same_reach)
        return others.order_by(first, "name", "pk")

    def with_stays(self):
        """Annotated with `stays`, how many, and `last_arrival`, that of the latest stay, past or coming. Cancelled
        stays do not count."""
        from reservations.models.stays import Reservation

        theirs = Reservation.objects.blocking().filter(guest=models.OuterRef("pk")).order_by()
        count = theirs.values("guest").annotate(count=models.Count("pk")).values("count")
        last = theirs.order_by("-arrival").values("arrival")[:1]
        return self.annotate(
            stays=models.functions.Coalesce(models.Subquery(count), 0), last_arrival=models.Subquery(last)
        )


def number_in(search, phone):
    """Whether the column `search` holds the number, or the part of one, in any of its forms."""
    forms = telephones.wanted(phone, regions)
    return functools.reduce(operator.or_, (models.Q(**{f"{search}__contains": form}) for form in forms))


def _numbers_to_share(guest):
    """The guest's numbers in E.164; the digits where a number could not be read."""
    read = [number for number in guest.phone_numbers.split() if number.startswith("+")]
    typed = telephones.digits(guest.phone)
    return read or ([typed] if len(typed) >= SHORTEST_PHONE else [])


def _has_field(text):
    return models.Q(search__contains=_joined(Value("\n "), text, Value(" \n")))


def _joined(*texts):
    return Concat(*texts, output_field=models.TextField())
