"""Finding a guest by part of a name, an e-mail address or a telephone number, however it is written.

`Guest.search` is a column that the database computes. It has the folded name and e-mail address (`config.folding`), the
digits of the telephone number as typed, and both forms of each number in it (`telephones`), each with a space before
it and a line break after it. A trigram index finds any part of this text. Duplicates are found by a whole field, which
is a part of it too.
"""

import functools
import operator

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Length, Now
from django.db.models.lookups import GreaterThanOrEqual

from accounts.access import Action
from config.folding import Searchable
from properties.models import Property
from reservations import telephones

# Words of a search that are used; a text with more of them was pasted by mistake.
MOST_WORDS = 8
# Characters of a word that is found anywhere. A shorter word has no trigram; it is found at the beginning of words,
# where the space before it completes a trigram. Letters of scripts without spaces have spaces on both sides.
SHORTEST_PART = 3
# Fewest digits of a number that could not be read and still counts as shared by two profiles.
SHORTEST_PHONE = telephones.SHORTEST


def regions():
    """ISO 3166 codes of the countries whose numbers may be written without a country code. One query."""
    return Property.objects.active().regions()


class PhoneNumbersField(models.TextField):
    """Each number in `phone`, in E.164 and in its national form, separated by spaces. It is computed at every save."""

    def pre_save(self, model_instance, add):
        numbers = numbers_of(model_instance.phone)
        setattr(model_instance, self.attname, numbers)
        return numbers


def numbers_of(phone):
    return " ".join(telephones.forms_of(phone, regions)) if phone else ""


class GuestQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The guests with a stay, or a group, where `actor` may do `action`; those without any for whoever may book.

        Of a guest with stays in two properties one sees the profile if one sees a stay, and only those stays.
        """
        keys = None if actor is None else actor.access.properties(action)
        if keys is None:
            return self
        from reservations.models.stays import Reservation

        stays = Reservation.objects.filter(guest=models.OuterRef("pk"))
        of_groups = Reservation.objects.filter(group__booker=models.OuterRef("pk"))
        seen = models.Exists(stays.filter(property__in=keys)) | models.Exists(of_groups.filter(property__in=keys))
        is_new = ~models.Exists(stays) & ~models.Exists(of_groups)
        return self.filter(seen | is_new if actor.access.may_somewhere(Action.BOOK) else seen)

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
        """Guests without duplicates that were merged into another profile."""
        return self.filter(merged_into=None)

    def matching(self, text):
        """Guests with each word of `text` in their name, e-mail address or telephone number; a number counts whole."""
        if telephones.is_like_a_number(text):
            return self.filter(number_in("search", text))
        return functools.reduce(GuestQuerySet._containing, text.split()[:MOST_WORDS], self)

    def _containing(self, word):
        # The length is that of the folded word. The planner evaluates these expressions one time, before the search.
        folded = Searchable(Value(word))
        is_long = GreaterThanOrEqual(Length(folded), SHORTEST_PART)
        before = models.Case(models.When(is_long, then=Value("")), default=Value(" "))
        return self.filter(search__contains=_joined(before, folded))

    def newest_first(self, *, before=None):
        """By key, descending. `before` is the key of the last guest on the page before; None for the first page.

        Numbered pages would have to count all rows, of which there may be a million.
        """
        found = self.filter(pk__lt=before) if before else self
        return found.order_by("-pk")

    def by_name(self, *, after=None):
        """From A to Z, by the folded name. `after` is the key of the last guest on the page before, as above."""
        found = self.alias(folded=Searchable("name"))
        if last := GuestQuerySet(self.model).filter(pk=after).first():
            name = Searchable(Value(last.name))
            found = found.filter(folded__gte=name).exclude(folded=name, pk__lte=last.pk)
        return found.order_by("folded", "pk")

    def by_latest_stay(self, *, after=None):
        """Those who have stays, by the arrival of the latest one, past or to come, descending. `after` is as above.

        From the newest arrival on each stay is taken whose guest has no later one, so that a page reads a few rows.
        """
        from reservations.models.stays import BLOCKING, Reservation, Status

        is_lapsed = models.Q(reservations__status=Status.HELD, reservations__hold_expires_at__lte=Now())
        stays = models.FilteredRelation(
            "reservations", condition=models.Q(reservations__status__in=BLOCKING) & ~is_lapsed
        )
        latest = models.OuterRef("latest__arrival"), models.OuterRef("latest__pk")
        later = Reservation.objects.blocking().filter(guest=models.OuterRef("pk")).filter(_after(*latest))
        found = self.alias(latest=stays).filter(~models.Exists(later), latest__isnull=False)
        last = Reservation.objects.blocking().filter(guest=after).order_by("-arrival", "-pk").first() if after else None
        if last:
            found = found.exclude(_after(last.arrival, last.pk, "latest__")).exclude(pk=after)
        return found.order_by("-latest__arrival", "-latest__pk")

    def with_namesakes(self):
        """Annotated with `namesakes`, the number of other profiles with the same folded name."""
        others = GuestQuerySet(self.model).not_merged().alias(folded=Searchable("name"))
        others = others.filter(folded=Searchable(models.OuterRef("name"))).exclude(pk=models.OuterRef("pk"))
        count = others.order_by().annotate(count=models.Func("pk", function="count")).values("count")
        return self.annotate(namesakes=models.Subquery(count))

    def likely_same_as(self, guest):
        """Other profiles with the same e-mail address or telephone number, then those with the same name."""
        reached: list[models.Func | Value] = [Searchable(Value(guest.email))] if guest.email else []
        reached += [Value(number) for number in _numbers_to_share(guest)]
        same_name = _has_field(Searchable(Value(guest.name)))
        same_reach = functools.reduce(operator.or_, map(_has_field, reached), models.Q(pk=None))
        first = models.Case(models.When(same_reach, then=0), default=1)
        # Ordered by name too, which no index is: in the order of an index the planner would test a million rows.
        others = self.not_merged().exclude(pk=guest.pk).filter(same_name | same_reach)
        return others.order_by(first, "name", "pk")

    def with_stays(self, actor=None):
        """Annotated with `stays`, their number, and `last_arrival`, the local date of the latest one's arrival.

        Past and coming stays that `actor` sees count, but only those that take nights.
        """
        from reservations.models.stays import Reservation

        theirs = Reservation.objects.visible_to(actor).blocking().filter(guest=models.OuterRef("pk")).order_by()
        count = theirs.values("guest").annotate(count=models.Count("pk")).values("count")
        last = theirs.order_by("-arrival").values("arrival")[:1]
        return self.annotate(
            stays=models.functions.Coalesce(models.Subquery(count), 0), last_arrival=models.Subquery(last)
        )


def _after(arrival, pk, stay=""):
    """A Q object: whether a reservation begins later than the one with `arrival` and `pk`."""
    same = models.Q(**{f"{stay}arrival": arrival, f"{stay}pk__gt": pk})
    return models.Q(**{f"{stay}arrival__gt": arrival}) | same


def number_in(search, phone):
    """A Q object: whether the column `search` has `phone`, a number or a part of one, in any form."""
    forms = telephones.wanted(phone, regions)
    return functools.reduce(operator.or_, (models.Q(**{f"{search}__contains": form}) for form in forms))


def _numbers_to_share(guest):
    """The guest's numbers in E.164, or the digits of a number that could not be read, for finding duplicates."""
    read = [number for number in guest.phone_numbers.split() if number.startswith("+")]
    typed = telephones.digits(guest.phone)
    return read or ([typed] if len(typed) >= SHORTEST_PHONE else [])


def _has_field(text):
    return models.Q(search__contains=_joined(Value("\n "), text, Value(" \n")))


def _joined(*texts):
    return Concat(*texts, output_field=models.TextField())
