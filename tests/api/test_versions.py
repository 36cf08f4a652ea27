"""`If-Match`: which version a program has looked at."""

import pytest

from tests.api.programs import refused
from tests.factories import make_guest

pytestmark = pytest.mark.django_db


class TestWhatNamesAVersion:
    @pytest.mark.parametrize("said", ['"1"', 'W/"1"', "1", ' W/"1" ', '"1", W/"1"'])
    def test_a_change_is_made_although_a_proxy_weakened_the_etag(self, program, said):
        """nginx does when it compresses: what was read must be what can be sent back."""
        answer = program.patch(f"/guests/{make_guest().pk}/", {"name": "Bo Li"}, if_match=said)

        assert (answer.status_code, answer.json()["name"]) == (200, "Bo Li")

    @pytest.mark.parametrize("said", ['"2"', 'W/"2"', "2"])
    def test_another_version_is_refused(self, program, said):
        guest = make_guest("Ana")

        refused(program.patch(f"/guests/{guest.pk}/", {"name": "Bo Li"}, if_match=said), 412)

        guest.refresh_from_db()
        assert guest.name == "Ana"

    def test_several_versions_are_refused_in_other_words_than_none(self, program):
        path = f"/guests/{make_guest().pk}/"

        refused(program.patch(path, {"name": "Bo"}, if_match='"1", "2"'), 412, words="several versions")
        refused(program.patch(path, {"name": "Bo"}, if_match='"abc"'), 412, words="A version is a number")
        refused(program.patch(path, {"name": "Bo"}, if_match="*"), 428)
