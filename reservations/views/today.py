from django.shortcuts import render
from django.views.decorators.http import require_safe

from reservations.shift import shift


@require_safe
def today(request):
    return render(request, "reservations/today.html", {"shift": shift()})
