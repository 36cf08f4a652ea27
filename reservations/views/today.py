from django.shortcuts import render
from django.views.decorators.http import require_safe

from reservations.overview.today import daily_overview


@require_safe
def today(request):
    return render(request, "reservations/today.html", {"today": daily_overview()})
