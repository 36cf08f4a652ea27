import datetime as dt

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from properties.models import Property
from reservations.calendar import DAYS_SHOWN, chart
from reservations.forms import ChartForm

# The page opens a few days back: who left yesterday is still asked for at the desk.
DAYS_BACK = 3


@require_safe
def tape_chart(request):
    form = ChartForm(request.GET)
    form.is_valid()
    days = form.cleaned_data.get("days") or DAYS_SHOWN[1]
    today = _today()
    first = form.cleaned_data.get("first") or today - dt.timedelta(days=DAYS_BACK)
    step = dt.timedelta(days=days // 2)
    context = {
        "chart": chart(first=first, days=days),
        "today": today,
        "span": days,
        "spans": DAYS_SHOWN,
        "earlier": first - step,
        "later": first + step,
    }
    return render(request, "reservations/calendar.html", context)


def _today():
    """The date at the first property; properties far apart may be a day off, which the marked column bears."""
    property = Property.objects.active().first()
    return property.today() if property else timezone.localdate()
