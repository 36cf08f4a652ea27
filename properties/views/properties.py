from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Action, get_visible_or_404, require
from config.htmx import render_page_or_partial
from properties import inventory, wording
from properties.forms import NewPropertyForm, PropertyForm, SearchForm
from properties.models import Property
from properties.views.form_handling import FORM_PARTIALS, attempt, posted, refuse_archived
from properties.views.responses import detail_page

PER_PAGE = 100


@require_safe
def property_list(request):
    form = SearchForm(request.GET)
    found = (
        Property.objects.visible_to(request.user).shown(**form.cleaned_data)
        if form.is_valid()
        else Property.objects.none()
    )
    page = Paginator(found.with_room_count(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_searching": any(form.cleaned_data.values()) or not form.is_valid()}
    return render_page_or_partial(request, "properties/list.html", context, partials={"property-list": "list"})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    require(request.user, Action.ARRANGE, None)
    form = NewPropertyForm(posted(request), initial=inventory.defaults_for_new() | {"kind": request.GET.get("kind")})
    made, status = attempt(form, partial(inventory.create_property, actor=request.user))
    if made:
        messages.success(request, f"{made} is ready to be booked.")
        return redirect("properties:detail", made.pk)
    context = {"form": form, "is_first": not Property.objects.visible_to(request.user).exists()}
    return render_page_or_partial(request, "properties/new.html", context, partials=FORM_PARTIALS, status=status)


@require_safe
def detail(request, pk):
    return detail_page(request, get_visible_or_404(request.user, Property.objects.select_related("archived_by"), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    found = get_visible_or_404(request.user, Property, Action.ARRANGE, pk=pk)
    refuse_archived(request, found)
    charged_in = found.currency
    form = PropertyForm.of(found, posted(request))
    changed, status = attempt(form, partial(inventory.update_property, property=found, actor=request.user))
    if changed:
        messages.success(request, f"{changed} is saved.")
        if changed.currency != charged_in:
            messages.warning(request, wording.new_currency(changed, charged_in))
        return redirect("properties:detail", pk)
    context = {"form": form, "property": found}
    return render_page_or_partial(request, "properties/edit.html", context, partials=FORM_PARTIALS, status=status)
