"""The tape chart: the page, the rows that have changed, and the card of a bar."""

import datetime as dt
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import get_visible_or_404
from config.htmx import render_page_or_partial
from reservations.badges import badges_of
from reservations.forms.calendar import ChartForm, PriceForm
from reservations.models import Closure
from reservations.offers.change_hints import difference_after_move
from reservations.tape import changes, chart
from reservations.tape.chart import DAYS_SHOWN
from reservations.views.responses import answer_with_rows, reservation_or_404, rooms_asked_for

# Cookies: the first day, for as long as a session; number of days and filters, for a year; collapsed groups of rows,
# which static/js/elements/tape-grid.js sets.
FIRST_DAY_COOKIE, DISPLAY_COOKIE, COLLAPSED_COOKIE = "calendar_place", "calendar_taste", "calendar_collapsed"
YEAR_SECONDS = 365 * 24 * 60 * 60


@require_safe
def tape_chart(request):
    cursor, query = changes.cursor(), _query_of(request)
    rooms, is_one_property = rooms_asked_for(request.user, query)
    form = ChartForm(query, rooms=rooms, properties=chart.all_properties(request.user) if is_one_property else ())
    position = form.position()
    shown = chart.chart(position, rooms)
    context = {
        "form": form,
        "cursor": cursor,
        "chart": shown,
        "badges": badges_of(shown.reservation_ids, request.user),
        "has_rooms": any(not room.is_archived for room in rooms),
        "collapsed": request.COOKIES.get(COLLAPSED_COOKIE, "").split("."),
        "links": _links(position),
    }
    response = render_page_or_partial(request, "reservations/calendar.html", context, partials={"calendar": "calendar"})
    return _with_cookies(response, request, position)


@require_safe
def tape_changes(request):
    """The rows that have changed since the cursor `since`, or 204 without any, and the new cursor as X-Cursor."""
    found = changes.since(request.GET.get("since", ""))
    response = answer_with_rows(request, found.units, found.lanes) if found else HttpResponse(status=204)
    response.headers["X-Cursor"] = found.cursor
    return response


@require_safe
def card(request, reference):
    """A short summary of a reservation, shown beside its bar."""
    return render(request, "reservations/card.html", {"reservation": reservation_or_404(request, reference)})


@require_safe
def closure_card(request, pk):
    closure = get_visible_or_404(request.user, Closure.objects.select_related("unit", "property"), pk=pk)
    return render(request, "reservations/card.html", {"closure": closure})


@require_safe
def prices(request):
    """What the nights cost in the room by today's rate table: each of them, and all together.

    With the `reference` of a stay also by how much that one would get dearer there.
    """
    form = PriceForm(request.GET, actor=request.user)
    if not form.is_valid():
        return JsonResponse({"nights": [], "total": ""}, status=422)
    quote, wanted = form.quote(), form.cleaned_data
    answer = {"nights": [_short(rate) for rate in quote.rates], "total": _short(quote.total)}
    if wanted["reference"]:
        where = {name: wanted[name] for name in ("unit", "stay", "segment")}
        answer["difference"] = difference_after_move(reservation_or_404(request, wanted["reference"]), **where)
    return JsonResponse(answer)


def _short(amount):
    """Such as €118 or €134.50."""
    return str(amount).removesuffix(".00")


def _query_of(request):
    """The days and filters from the address, or from the cookies if it has none."""
    if request.GET:
        return request.GET
    return QueryDict(f"{request.COOKIES.get(DISPLAY_COOKIE, '')}&{request.COOKIES.get(FIRST_DAY_COOKIE, '')}")


def _with_cookies(response, request, position):
    if not request.GET:
        return response
    options = {"path": request.path, "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(DISPLAY_COOKIE, _query(position, first=None), max_age=YEAR_SECONDS, **options)
    place = urlencode({"first": request.GET["first"]}) if request.GET.get("first") else ""
    response.set_cookie(FIRST_DAY_COOKIE, place, max_age=settings.SESSION_COOKIE_AGE, **options)
    return response


def _links(position):
    step = dt.timedelta(days=position.days // 2)
    return {
        "earlier": "?" + _query(position, first=position.first - step),
        "later": "?" + _query(position, first=position.first + step),
        "now": "?" + _query(position, first=None),
        "spans": [(days, "?" + _query(position, days=days)) for days in DAYS_SHOWN],
        "everything": "?" + urlencode({"first": position.first, "days": position.days}),
        "shown": _query(position),
    }


def _query(position, **other):
    fields = vars(position) | other
    return urlencode({name: value for name, value in fields.items() if value})
