"""`searchable`, the one folding of all searches: blind to accents, case and ways of writing the same letter.

The database does it (`properties/migrations/0002`), because it keeps the folded columns whoever writes; nothing here or
elsewhere folds by rules of its own.
"""

from django.db.models import CharField, Func, TextField, Transform


class Searchable(Func):
    """Of a value or a column, for columns that are folded already."""

    function = "searchable"
    output_field = TextField()


class SearchableLookup(Transform):
    """`name__searchable__contains="ΝΊΚΟΣ"` folds both sides."""

    lookup_name = "searchable"
    function = "searchable"
    bilateral = True
    output_field = TextField()


for _field in (CharField, TextField):
    _field.register_lookup(SearchableLookup)
