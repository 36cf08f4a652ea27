"""Guests' profiles: the list, a guest's page, merging, and the known guests that the booking form offers."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Action, require_somewhere
from config.htmx import render_page_or_partial
from reservations import guests
from reservations.forms.guests import GuestForm, GuestSearchForm, MergeForm, OfferForm
from reservations.models import Guest, Reservation

PER_PAGE = 50
# Known guests offered for a name that is being typed.
OFFERED = 8


@require_safe
def listing(request):
    form, page = _search(request, Guest.objects.visible_to(request.user).not_merged())
    return render_page_or_partial(
        request, "reservations/guests/list.html", {"form": form} | page, partials={"guest-list": "results"}
    )


@require_safe
def detail(request, pk):
    guest = get_object_or_404(Guest.objects.visible_to(request.user).select_related("merged_into"), pk=pk)
    if guest.merged_into:
        return redirect("reservations:guest", guests.surviving_profile(guest).pk)
    stays = Reservation.objects.visible_to(request.user).with_unit().filter(guest=guest).now_then_past()
    context = {
        "guest": guest,
        "page": Paginator(stays, PER_PAGE).get_page(request.GET.get("page")),
        "summary": guests.summary(guest, request.user),
        "duplicates": guests.likely_duplicates(guest, request.user),
        "merged": guest.merged.all(),
    }
    return render(request, "reservations/guests/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    require_somewhere(request.user, Action.BOOK)
    form = GuestForm(request.POST if request.method == "POST" else None)
    return _save(request, form, partial(guests.save_guest, guest=None))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    guest = _changeable(request, Guest.objects.all(), pk)
    if guest.merged_into_id:
        return redirect("reservations:guest", pk)
    form = GuestForm.of(guest, request.POST if request.method == "POST" else None)
    return _save(request, form, partial(guests.save_guest, guest=guest), guest=guest)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk):
    seen = Guest.objects.visible_to(request.user, Action.CHANGE).not_merged()
    first = _changeable(request, Guest.objects.not_merged().with_stays(request.user), pk)
    if not request.GET.get("with", "").isdecimal():
        form, page = _search(request, seen.exclude(pk=pk))
        return render(request, "reservations/guests/merge_with.html", {"guest": first, "form": form} | page)
    second = get_object_or_404(seen.exclude(pk=pk).with_stays(request.user), pk=request.GET["with"])
    form = MergeForm(request.POST if request.method == "POST" else None, first=first, second=second)
    if form.is_bound and form.is_valid():
        return _merge(request, form)
    return _show_merge(request, form, status=422 if form.is_bound else 200)


@require_POST
def unmerge(request, pk):
    duplicate = _changeable(request, Guest.objects.all(), pk)
    duplicate = guests.unmerge(duplicate=duplicate, actor=request.user)
    messages.success(request, f"{duplicate} is a profile of its own again.")
    return redirect("reservations:guest", pk)


@require_safe
def offer(request):
    """Known guests for the part of a name that is typed into the booking form."""
    typed = OfferForm(request.GET).typed()
    seen = Guest.objects.visible_to(request.user, Action.BOOK).not_merged()
    found = seen.matching(typed).newest_first().with_stays(request.user)[:OFFERED] if typed else ()
    return render(request, "reservations/guests/offers.html", {"guests": found})


def _changeable(request, among, pk):
    """The guest, if the user may change it. Raises Http404 and NotAllowed."""
    guest = get_object_or_404(among.visible_to(request.user), pk=pk)
    guests.require_guest(request.user, guest)
    return guest


def _search(request, among):
    form = GuestSearchForm(request.GET)
    rows = list(form.ordered(among).with_stays(request.user).with_namesakes()[: PER_PAGE + 1])
    shown = {"q": form.cleaned_data.get("q", ""), "sort": form.cleaned_data.get("sort", "")}
    return form, {"guests": rows[:PER_PAGE], "has_more": len(rows) > PER_PAGE} | shown


def _save(request, form, save, guest=None):
    status, stale = 422 if form.is_bound else 200, None
    if form.is_bound and form.is_valid():
        try:
            saved = save(**form.wanted(), actor=request.user)
        except guests.ProfileChanged as changed:
            form.refresh_from(changed.theirs)
            stale, status = changed, changed.status
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect("reservations:guest", saved.pk)
    context = {"form": form, "guest": guest, "stale": stale}
    return render_page_or_partial(
        request, "reservations/guests/edit.html", context, partials={"guest-form": "form"}, status=status
    )


def _merge(request, form):
    chosen = form.chosen()
    try:
        kept = guests.merge(**chosen, actor=request.user)
    except guests.ProfileChanged as changed:
        messages.error(request, changed.message)
        return redirect(request.get_full_path())
    undo = reverse("reservations:unmerge_guests", args=[chosen["duplicate"].pk])
    messages.success(request, f"{chosen['duplicate']} and {kept} are one profile now.", extra_tags=undo)
    return redirect("reservations:guest", kept.pk)


def _show_merge(request, form, status):
    first, second = form.pair.values()
    context = {"form": form, "first": first, "second": second}
    return render(request, "reservations/guests/merge.html", context, status=status)
