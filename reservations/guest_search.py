"""Finding a guest by part of a name, an e-mail address or a telephone number, blind to accents and case.

`Guest.search` is one line of text for each guest, kept by the database: the folded name, the folded e-mail address and
the digits of the telephone number, each between " " and a line break. A trigram index answers for any part of it, and
a whole field is such a part too: that is how duplicates are found.
"""

import functools
import operator
import re

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

# More words in one search are a pasted text.
MOST_WORDS = 8
# A shorter word has no trigram of its own; at the start of a word the space before it makes one.
SHORTEST_PART = 3
# Shorter ones are extensions and typing errors, not numbers that two profiles share.
SHORTEST_PHONE = 6

_LIKE_A_NUMBER = re.compile(r"[\d\s+()./-]*\d[\d\s+()./-]*")


class Folded(models.Func):
    """Without accents, in lower case."""

    function = "folded"
    output_field = models.TextField()


def digits(phone):
    """+351 912 345 678 and 00351 912345678 are one number."""
    return re.sub(r"\D", "", phone).removeprefix("00")


class GuestQuerySet(models.QuerySet):
    def standing(self):
        """Without duplicates that were merged into another profile."""
        return self.filter(merged_into=None)

    def matching(self, text):
        """Whose name, e-mail address or telephone number holds each word of `text`."""
        words = [digits(text)] if _LIKE_A_NUMBER.fullmatch(text) else text.split()[:MOST_WORDS]
        return functools.reduce(GuestQuerySet._holding, words, self)

    def _holding(self, word):
        part = Folded(Value(word)) if len(word) >= SHORTEST_PART else _joined(Value(" "), Folded(Value(word)))
        return self.filter(search__contains=part)

    def newest_first(self, *, before=None):
        """`before` is the key of the last one of the page above; a number of pages would count a million rows."""
        found = self.filter(pk__lt=before) if before else self
        return found.order_by("-pk")

    def likely_same_as(self, guest):
        """Other profiles with the same e-mail address or telephone number, then those with the same name."""
        reached = [Folded(Value(guest.email))] if guest.email else []
        if len(number := digits(guest.phone)) >= SHORTEST_PHONE:
            reached.append(Value(number))
        same_name = _has_field(Folded(Value(guest.name)))
        same_reach = functools.reduce(operator.or_, map(_has_field, reached), models.Q(pk=None))
        first = models.Case(models.When(same_reach, then=0), default=1)
        # By name too: an order that no index has, or the newest of a million would be looked through one by one.
        others = self.standing().exclude(pk=guest.pk).filter(same_name | same_reach)
        return others.order_by(first, "name", "pk")

    def with_stays(self):
        """`stays`: how many; `last_arrival`: of the latest, past or coming. What was cancelled is no stay."""
        Reservation = self.model._meta.get_field("reservations").related_model
        theirs = Reservation.objects.blocking().filter(guest=models.OuterRef("pk")).order_by()
        count = theirs.values("guest").annotate(count=models.Count("pk")).values("count")
        last = theirs.order_by("-arrival").values("arrival")[:1]
        return self.annotate(
            stays=models.functions.Coalesce(models.Subquery(count), 0), last_arrival=models.Subquery(last)
        )


def _has_field(text):
    return models.Q(search__contains=_joined(Value("\n "), text, Value(" \n")))


def _joined(*texts):
    return Concat(*texts, output_field=models.TextField())
