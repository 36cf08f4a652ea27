"""Template filters for rates and limits, from `wording`."""

from django import template

from properties import languages, wording

register = template.Library()
register.filter("season", wording.season)
register.filter("weekdays", wording.weekdays)
register.filter("stays", wording.stays)
register.filter("language", lambda code: languages.NAMES.get(code, code))
