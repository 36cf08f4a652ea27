"""For managers: counting, exporting and erasing a guest's notes, and the reports of erasures."""

import functools
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notes.erasure import erasing, exporting, reports
from notes.erasure.of_guests import mentions_of, names_of, tally
from notes.forms import ErasureForm
from notes.models import Erasure
from reservations import guests
from reservations.booking import NotAllowed
from reservations.models import Guest

PER_PAGE = 50
# Other notes that mention the guest: the page shows so many, and the count of all.
MOST_MENTIONS = 50


def for_managers(view):
    @functools.wraps(view)
    def guarded(request, *args, **options):
        if not request.user.may_overrule:
            raise NotAllowed("Only a manager may see or do this.")
        return view(request, *args, **options)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def erase(request, pk):
    guest = get_object_or_404(Guest, pk=pk)
    if guest.merged_into_id:
        return redirect("notes:erase_guest", guests.surviving_profile(guest).pk)
    form = ErasureForm(request.POST if request.method == "POST" else None, names=names_of(guest))
    if form.is_valid():
        try:
            erasure = erasing.erase_notes_of(guest=guest, actor=request.user, **form.cleaned_data)
        except erasing.MoreToErase as changed:
            form.add_error(None, changed.message)
            return _erase_page(request, guest, form, changed.status)
        messages.success(request, "The voice notes of this guest are erased.")
        return redirect("notes:erasure", erasure.pk)
    return _erase_page(request, guest, form, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK)


@require_safe
@for_managers
def export(request, pk):
    guest = get_object_or_404(Guest, pk=pk)
    name = f'attachment; filename="guest-{guest.pk}-voice-notes.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(exporting.zip_of(guest), content_type="application/zip", headers=headers)


@require_safe
@for_managers
def erasures(request):
    page = Paginator(Erasure.objects.select_related("actor"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notes/erasures.html", {"page": page})


@require_safe
@for_managers
def erasure(request, pk):
    report = get_object_or_404(_reports(), pk=pk)
    return render(request, "notes/erasure.html", {"erasure": report, "keys": report.notes.all()})


@require_safe
@for_managers
def erasures_json(request):
    data = [reports.as_data(each) for each in _reports()]
    headers = {"Content-Disposition": 'attachment; filename="erasures.json"'}
    return JsonResponse(data, safe=False, json_dumps_params={"indent": 1}, headers=headers)


@require_safe
@for_managers
def erasures_csv(request):
    headers = {"Content-Disposition": 'attachment; filename="erasures.csv"'}
    # Spreadsheets do not recognise UTF-8 without a byte order mark.
    body = "\ufeff" + reports.as_csv(_reports())
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def _reports():
    return Erasure.objects.select_related("actor").prefetch_related("notes")


def _erase_page(request, guest, form, status):
    there, mentions = tally(guest), mentions_of(guest)
    form.show(there)
    context = {
        "guest": guest,
        "form": form,
        "tally": there,
        "mentions": mentions[:MOST_MENTIONS],
        "mentions_count": mentions.count(),
    }
    return render(request, "notes/erase_guest.html", context, status=status)
