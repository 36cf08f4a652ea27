"""Guests' profiles: listing, creating, reading, changing and merging them, and undoing a merge."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.pages import page_of
from api.schema import IF_MATCH, IF_MATCH_TOO
from api.serializers import RequestSerializer, rows_of
from api.versions import needed_version_in, version_in
from api.views import with_version
from reservations import guests
from reservations.api.serializers.guests import (
    GuestMergeSerializer,
    GuestProfileSerializer,
    GuestRowSerializer,
    GuestSerializer,
    GuestsQuerySerializer,
)
from reservations.api.views.reservations import StayView
from reservations.models import Guest

AMARA = {"name": "Amara Okafor", "phone": "+351 912 345 678", "email": "amara@example.com"}
PROFILE = {
    "id": 7,
    "version": 3,
    **AMARA,
    "language": "Portuguese",
    "remarks": "No feathers.",
    "stays": 2,
    "last_arrival": "2027-05-03",
    "nights": 5,
    "duplicates": [12],
    "merged": [],
    "merged_into": None,
}
SHOWN = OpenApiExample("A guest with two stays", PROFILE, response_only=True, status_codes=["200"])
SENT = OpenApiExample("A new guest", AMARA, request_only=True)
CHANGED = OpenApiExample("Another number", {"phone": "+351 913 000 111"}, request_only=True)
MERGED = OpenApiExample("Two profiles of one person", {"duplicate": 12}, request_only=True)


class Guests(StayView):
    query_serializer = GuestsQuerySerializer

    @extend_schema(
        operation_id="list_guests",
        summary="List guests, the newest first",
        description="Duplicates that were merged into another profile are left out.",
        responses=rows_of(GuestRowSerializer),
        tags=["guests"],
    )
    def get(self, request):
        query = self.query
        found = (
            Guest.objects.visible_to(request.user).not_merged().matching(query.get("q", "")).with_stays(request.user)
        )
        return page_of(request, found, GuestRowSerializer, query)

    @extend_schema(
        operation_id="add_guest",
        summary="Create a guest's profile",
        request=GuestProfileSerializer,
        responses={201: GuestSerializer},
        examples=[SENT],
        tags=["guests"],
    )
    def post(self, request):
        guest = guests.save_guest(**self.valid_body(GuestProfileSerializer), actor=request.user)
        return _answer(
            request, guest.pk, status=201, headers={"Location": reverse("api-guest", [guest.pk], request=request)}
        )


class OneGuest(StayView):
    @extend_schema(
        operation_id="read_guest",
        summary="Read a guest's profile",
        description="If the profile was merged, `merged_into` says into which one.",
        responses=GuestSerializer,
        examples=[SHOWN],
        tags=["guests"],
    )
    def get(self, request, pk):
        return _answer(request, pk)

    @extend_schema(
        operation_id="change_guest",
        summary="Change a guest's profile",
        description="Members that are not sent stay as they are. A new name is recorded in the history of each of the "
        "guest's reservations.",
        parameters=[IF_MATCH],
        request=GuestProfileSerializer,
        responses=GuestSerializer,
        examples=[CHANGED],
        tags=["guests"],
    )
    def patch(self, request, pk):
        guest = _guest(request, pk)
        version = needed_version_in(request)
        values = {field: getattr(guest, field) for field in guests.FIELDS}
        data = self.valid_body(GuestProfileSerializer, partial=True)
        guests.save_guest(guest=guest, **values | data, version=version, actor=request.user)
        return _answer(request, pk)


class Merging(StayView):
    @extend_schema(
        operation_id="merge_guests",
        summary="Merge a duplicate into this profile",
        description="This profile gets the stays and groups of the duplicate, and the duplicate's value for each "
        "member that is empty here.",
        parameters=[IF_MATCH_TOO],
        request=GuestMergeSerializer,
        responses=GuestSerializer,
        examples=[MERGED],
        tags=["guests"],
    )
    def post(self, request, pk):
        keep, version = _guest(request, pk), version_in(request)
        duplicate = self.valid_body(GuestMergeSerializer)["duplicate"]
        versions = None if version is None else [version]
        guests.merge(keep=keep, duplicate=duplicate, versions=versions, actor=request.user)
        return _answer(request, pk)


class Unmerging(StayView):
    @extend_schema(
        operation_id="unmerge_guest",
        summary="Separate a merged profile again",
        description="The duplicate, which is the profile at this address, becomes a profile again and gets back what "
        "it had before.",
        parameters=[IF_MATCH_TOO],
        request=None,
        responses=GuestSerializer,
        examples=[SHOWN],
        tags=["guests"],
    )
    def post(self, request, pk):
        self.valid_body(RequestSerializer)
        guests.unmerge(duplicate=_guest(request, pk), version=version_in(request), actor=request.user)
        return _answer(request, pk)


def _guest(request, pk):
    return get_object_or_404(Guest.objects.visible_to(request.user), pk=pk)


def _answer(request, pk, **options):
    guest = get_object_or_404(
        Guest.objects.visible_to(request.user).with_stays(request.user).select_related("merged_into"), pk=pk
    )
    return with_version(Response(GuestSerializer(guest, context={"request": request}).data, **options), guest.version)
