import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import guests
from reservations.models import Event, Guest, Reservation
from tests.factories import make_group, make_guest, make_reservation, make_user

pytestmark = pytest.mark.django_db


def save(guest=None, **fields):
    fields = {"name": "Amara Okafor", "actor": None} | fields
    return guests.save_guest(guest=guest, **fields)


def found(text):
    return [guest.name for guest in Guest.objects.not_merged().matching(text).newest_first()]


class TestSaving:
    def test_a_profile_is_made(self):
        guest = save(phone="+351 912 345 678", email="amara@example.com", language="Portuguese", remarks="No feathers")

        guest = Guest.objects.get(pk=guest.pk)
        assert (guest.phone, guest.email, guest.language) == ("+351 912 345 678", "amara@example.com", "Portuguese")
        assert (guest.remarks, guest.version) == ("No feathers", 1)

    def test_a_change_counts_and_saving_the_same_again_does_not(self):
        guest = make_guest("Amara Okafor")

        save(guest, phone="123456")
        assert save(guest, phone="123456").version == 2

    def test_a_save_over_somebody_elses_change_is_refused_and_carries_theirs(self):
        guest = make_guest("Amara Okafor")
        save(guest, phone="111111", version=1)

        with pytest.raises(guests.ProfileChanged) as refused:
            save(guest, phone="222222", version=1)

        assert refused.value.theirs.phone == "111111"
        assert Guest.objects.get().phone == "111111"

    def test_two_who_typed_the_same_do_not_quarrel(self):
        guest = make_guest("Amara Okafor")
        save(guest, phone="111111", version=1)

        assert save(guest, phone="111111", version=1).version == 2

    def test_a_new_name_stands_in_the_history_of_each_stay(self):
        alice, guest = make_user(), make_guest("Amara Okafor")
        first, second = make_reservation(guest=guest), make_reservation(guest=guest)

        save(guest, name="Amara Okafor-Silva", actor=alice)

        events = Event.objects.filter(action="changed")
        assert {event.reservation for event in events} == {first, second}
        assert {event.act for event in events} == {events[0].act}
        assert events[0].data == {"guest": ["Amara Okafor", "Amara Okafor-Silva"]}
        assert events[0].actor == alice
        assert [stay.version for stay in Reservation.objects.all()] == [2, 2]

    def test_a_new_telephone_number_is_no_event_of_a_stay(self):
        guest = make_reservation().guest

        save(guest, phone="111111")

        assert not Event.objects.exists()


class TestMerging:
    def test_stays_and_groups_move_and_the_history_says_so(self):
        alice, keep, duplicate = make_user(), make_guest("Amara Okafor"), make_guest("A. Okafor")
        stay, group = make_reservation(guest=duplicate), make_group(booker=duplicate)
        make_reservation(guest=keep)

        guests.merge(keep=keep, duplicate=duplicate, actor=alice)

        stay.refresh_from_db()
        group.refresh_from_db()
        assert stay.guest == group.booker == keep
        [event] = Event.objects.all()
        assert (event.reservation, event.action, event.actor) == (stay, "merged", alice)
        assert event.data == {"guest": ["A. Okafor", "Amara Okafor"], "guest_id": [duplicate.pk, keep.pk]}
        assert stay.version == 2

    def test_what_is_empty_is_filled_what_differs_stays_and_no_remark_is_lost(self):
        keep = make_guest(phone="111111", remarks="No feathers")
        duplicate = make_guest(phone="222222", email="amara@example.com", remarks="Allergic to nuts")

        merged = guests.merge(keep=keep, duplicate=duplicate, actor=None)

        assert (merged.phone, merged.email) == ("111111", "amara@example.com")
        assert merged.remarks == "No feathers\n\nAllergic to nuts"

    def test_the_same_remark_is_not_said_twice(self):
        keep, duplicate = make_guest(remarks="No feathers, and tea"), make_guest(remarks="No feathers")

        assert guests.merge(keep=keep, duplicate=duplicate, actor=None).remarks == "No feathers, and tea"

    def test_the_duplicate_is_never_offered_again_and_leads_to_the_kept_one(self):
        first, second, third = make_guest("Amara 1"), make_guest("Amara 2"), make_guest("Amara 3")
        guests.merge(keep=second, duplicate=first, actor=None)
        guests.merge(keep=third, duplicate=second, actor=None)

        assert found("amara") == ["Amara 3"]
        assert guests.surviving_profile(Guest.objects.get(pk=first.pk)) == third

    def test_a_duplicate_can_neither_be_merged_nor_changed(self):
        keep, duplicate, other = make_guest(), make_guest(), make_guest()
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        for attempt in (
            lambda: guests.merge(keep=duplicate, duplicate=keep, actor=None),
            lambda: guests.merge(keep=other, duplicate=duplicate, actor=None),
            lambda: save(duplicate, name="New"),
        ):
            with pytest.raises(guests.AlreadyMerged) as refused:
                attempt()
            assert refused.value.guest == keep

    def test_a_guest_is_not_merged_with_themselves(self):
        guest = make_guest()

        with pytest.raises(guests.SameGuest):
            guests.merge(keep=guest, duplicate=guest, actor=None)

    def test_a_profile_that_changed_since_it_was_compared_is_looked_at_again(self):
        keep, duplicate = make_guest("Amara"), make_guest("Amara")
        save(duplicate, name="Amara", remarks="Allergic to nuts")

        with pytest.raises(guests.ProfileChanged) as refused:
            guests.merge(keep=keep, duplicate=duplicate, actor=None, versions=(1, 1))

        assert refused.value.theirs.remarks == "Allergic to nuts"

    def test_it_does_not_ask_more_for_more_stays(self):
        def queries(stays):
            keep, duplicate = make_guest(), make_guest()
            for _ in range(stays):
                make_reservation(guest=duplicate)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                guests.merge(keep=keep, duplicate=duplicate, actor=None)
            return len(asked)

        assert queries(2) == queries(5)


class TestTakingAMergeBack:
    def test_everything_is_as_it_was(self):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor", phone="111111", remarks="Tea")
        theirs, own = make_reservation(guest=duplicate), make_reservation(guest=keep)
        group = make_group(booker=duplicate)
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        guests.unmerge(duplicate=Guest.objects.get(pk=duplicate.pk), actor=None)

        for each in (keep, duplicate, theirs, own, group):
            each.refresh_from_db()
        assert (theirs.guest, own.guest, group.booker) == (duplicate, keep, duplicate)
        assert (keep.phone, keep.remarks, duplicate.phone, duplicate.merged_into) == ("", "", "111111", None)
        assert theirs.events.first().data["guest"] == ["Amara Okafor", "A. Okafor"]
        assert found("okafor") == ["A. Okafor", "Amara Okafor"]

    def test_what_happened_since_stays(self):
        keep, duplicate, other = make_guest("Amara"), make_guest("Amara", phone="111111"), make_guest("Someone else")
        moved_on = make_reservation(guest=duplicate)
        guests.merge(keep=keep, duplicate=duplicate, actor=None)
        Reservation.objects.update(guest=other)
        booked_since = make_reservation(guest=keep)
        save(keep, name="Amara", phone="333333")

        guests.unmerge(duplicate=Guest.objects.get(pk=duplicate.pk), actor=None)

        for each in (keep, moved_on, booked_since):
            each.refresh_from_db()
        assert (keep.phone, moved_on.guest, booked_since.guest) == ("333333", other, keep)

    def test_it_is_refused_when_there_is_nothing_to_take_back(self):
        keep, duplicate = make_guest(), make_guest()
        guests.merge(keep=keep, duplicate=duplicate, actor=None)
        merged = Guest.objects.get(pk=duplicate.pk)
        guests.unmerge(duplicate=merged, actor=None)

        for stale in (merged, duplicate):
            with pytest.raises(guests.NotMerged):
                guests.unmerge(duplicate=stale, actor=None)


class TestFinding:
    @pytest.fixture(autouse=True)
    def people(self):
        make_guest("Marta Wójcik", phone="+48 601 234 567", email="marta.w@example.com")
        make_guest("Łukasz Żak")
        make_guest("José Straßer", phone="00351 912 345 678")

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("wojc", ["Marta Wójcik"]),
            ("WÓJC", ["Marta Wójcik"]),
            ("ójci", ["Marta Wójcik"]),
            ("wojcik marta", ["Marta Wójcik"]),
            ("lukasz", ["Łukasz Żak"]),
            ("strasser", ["José Straßer"]),
            ("za", ["Łukasz Żak"]),  # two letters: the beginning of a word
            ("ja", []),
            ("marta.w@", ["Marta Wójcik"]),
            ("601234", ["Marta Wójcik"]),
            ("601 23 45", ["Marta Wójcik"]),
            ("+351 912", ["José Straßer"]),
            ("00351912345678", ["José Straßer"]),
            ("%", []),
            ("_____", []),
            ("marta zak", []),
            ("", ["José Straßer", "Łukasz Żak", "Marta Wójcik"]),
        ],
    )
    def test_any_part_of_a_name_a_number_or_an_address(self, text, names):
        assert found(text) == names

    def test_a_changed_profile_is_found_by_what_it_says_now(self):
        save(Guest.objects.get(name="Łukasz Żak"), name="Łukasz Nowak")

        assert (found("nowak"), found("zak")) == (["Łukasz Nowak"], [])

    def test_it_is_one_query_however_many_are_found(self):
        for _ in range(3):
            make_reservation(guest=make_guest("Nobody Else"))

        with CaptureQueriesContext(connection) as asked:
            assert [guest.stays for guest in Guest.objects.matching("nobody").with_stays()] == [1, 1, 1]

        assert len(asked) == 1


class TestLikelyTheSame:
    def test_those_who_share_a_way_to_reach_them_come_before_namesakes(self):
        guest = make_guest("Amara Okafor", phone="+351 912 345 678", email="Amara@example.com")
        namesake = make_guest("amara okáfor")
        by_phone = make_guest("Zoë", phone="00351/912345678")
        by_email = make_guest("Mara", email="amara@EXAMPLE.com")
        make_guest("Amara Okafor-Silva", phone="+351 912 345 67", email="xamara@example.com")

        assert list(Guest.objects.likely_same_as(guest)) == [by_email, by_phone, namesake]

    def test_an_empty_number_or_address_is_shared_by_nobody(self):
        guest = make_guest("Amara Okafor", phone="-", email="")
        make_guest("Marta Wójcik")

        assert not Guest.objects.likely_same_as(guest).exists()


def test_parts_of_names_and_duplicates_are_found_by_the_index():
    """A million guests are searched in a few milliseconds only by it."""
    make_guest("Quentin Xylander", phone="+44 20 7946 0958")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_guest (name, phone, email, language, remarks, version)"
            " SELECT 'Guest ' || n, '+351 9' || n, '', '', '', 1 FROM generate_series(10000, 40000) n"
        )
        cursor.execute("SELECT gin_clean_pending_list('guest_by_part_of_search')")
        cursor.execute("ANALYZE reservations_guest")

    asked = [
        Guest.objects.not_merged().matching(text).newest_first()
        for text in ("xyl", "quentin xy", "79460958", "qxz", "qu")
    ]
    asked.append(Guest.objects.likely_same_as(Guest.objects.get(name="Quentin Xylander")))

    for query in asked:
        assert "guest_by_part_of_search" in query[:51].explain()
