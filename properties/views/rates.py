import datetime as dt
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Action, get_visible_or_404
from config.htmx import render_page_or_partial
from properties import rates
from properties.forms import PreviewForm, RateForm
from properties.models import Property, Rate
from properties.views.form_handling import FORM_PARTIALS, attempt, posted, refuse_archived

PREVIEWED = 14  # nights


@require_safe
def table(request, pk):
    found = get_visible_or_404(request.user, Property, pk=pk)
    form = PreviewForm(request.GET, property=found)
    first = (form.is_valid() and form.cleaned_data["first"]) or found.today()
    lines = list(found.rates.in_table_order())
    types = rates.priced_types(found)
    context = {
        "property": found,
        "lines": lines,
        "today": found.today(),
        "preview": rates.preview(property=found, lines=lines, room_types=types, first=first, nights=PREVIEWED),
        "earlier": first - dt.timedelta(days=PREVIEWED),
        "later": first + dt.timedelta(days=PREVIEWED),
    }
    return render_page_or_partial(request, "properties/rates.html", context, partials={"rate-preview": "preview"})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    found = get_visible_or_404(request.user, Property, Action.RATES, pk=pk)
    refuse_archived(request, found)
    form = RateForm(posted(request), property=found)
    added, status = attempt(form, partial(rates.add_rate, property=found, actor=request.user))
    if added:
        messages.success(request, f"{added} is in the rate table. Stays that are booked keep their price.")
        return redirect("properties:rates", pk)
    return _form_page(request, found, form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    line = _line(request, pk)
    refuse_archived(request, line.property)
    form = RateForm.of(line, posted(request))
    changed, status = attempt(form, partial(rates.change_rate, rate=line, actor=request.user))
    if changed:
        messages.success(request, f"{changed} is saved. Stays that are booked keep their price.")
        return redirect("properties:rates", line.property_id)
    return _form_page(request, line.property, form, line=line, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk):
    line = _line(request, pk)
    if request.method == "POST":
        rates.remove_rate(rate=line, actor=request.user)
        messages.success(request, f"{line} is removed from the rate table.")
        return redirect("properties:rates", line.property_id)
    return render(request, "properties/remove_rate.html", {"line": line, "property": line.property})


def _line(request, pk):
    lines = Rate.objects.select_related("property", "room_type")
    return get_visible_or_404(request.user, lines, Action.RATES, pk=pk)


def _form_page(request, found, form, *, line=None, status):
    context = {"property": found, "form": form, "line": line}
    return render_page_or_partial(request, "properties/rate.html", context, partials=FORM_PARTIALS, status=status)
