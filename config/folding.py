"""The database function `searchable`, which folds accents, case and different forms of the same letter for searches.

It is a function of the database (`properties/migrations/0002`), because generated columns use it. All searches fold by
this function and by no other rules.
"""

from django.db.models import CharField, Func, TextField, Transform


class Searchable(Func):
    """The folded form of a value or a column, for comparison with a column that is folded already."""

    function = "searchable"
    output_field = TextField()


class SearchableLookup(Transform):
    """The lookup `searchable`: `name__searchable__contains="ΝΊΚΟΣ"` folds the column and the value."""

    lookup_name = "searchable"
    function = "searchable"
    bilateral = True
    output_field = TextField()


for _field in (CharField, TextField):
    _field.register_lookup(SearchableLookup)
