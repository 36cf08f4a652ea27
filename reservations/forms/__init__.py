"""Forms, in a module for each page that has one: types, order of dates, fields that depend on each other.

Whether rooms are free is checked by the verbs.
"""
