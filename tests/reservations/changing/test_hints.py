"""What htmx gets for the page Change while somebody types."""

import pytest

pytestmark = pytest.mark.django_db


class TestHints:
    HINTS = {"HX-Request": "true", "HX-Target": "change-hints"}

    def hints(self, desk, stay, **fields):
        query = {"arrival": "2027-05-03", "departure": "2027-05-06", "party_size": 2} | fields
        return desk.get(f"/reservations/{stay.reference}/edit/", query, headers=self.HINTS).content.decode()

    def test_other_dates_bring_another_list_of_rooms_and_the_price(self, desk, stay):
        shown = self.hints(desk, stay, departure="2027-05-07", rooms_of="3 May 2027|6 May 2027|2")

        assert "Any free Suite, +€240.00" in shown
        assert "€270.00 agreed + €90.00 Thu = €360.00" in shown
        assert "<html" not in shown

    def test_the_list_is_left_alone_while_its_dates_stay(self, desk, hotel, stay):
        suite = hotel.units.get(name="201")

        shown = self.hints(desk, stay, unit=suite.pk, rooms_of="3 May 2027|6 May 2027|2")

        assert 'id="id_unit"' not in shown
        assert "room 201" in shown
        assert "Take today’s price: €450.00" in shown

    def test_a_departure_before_the_arrival_is_said_at_once(self, desk, stay):
        assert "The departure is before the arrival." in self.hints(desk, stay, departure="2027-05-01")

    @pytest.mark.parametrize("value", ["", "abc", "٣", "-1", "type-9", "99999999999999999999", "\x00"])
    def test_they_never_fail_whatever_is_half_typed(self, desk, stay, value):
        for field in ("unit", "arrival", "departure", "party_size", "shown", "segment", "rooms_of"):
            query = {"arrival": "2027-05-03", "departure": "2027-05-06", "party_size": 2} | {field: value}
            address = f"/reservations/{stay.reference}/edit/"
            assert desk.get(address, query, headers=self.HINTS).status_code == 200

    def test_the_last_day_of_the_calendar_has_no_night_after_it(self, desk, stay):
        shown = self.hints(desk, stay, arrival="2099-12-31", departure="2100-01-01")

        assert "One night more" not in shown
        assert "One night less" not in shown
