"""That `browser_forms` sends what a browser does. tests/e2e/test_what_browsers_send.py asks Chromium the same."""

import pytest
from django.test.signals import template_rendered
from webob import Request

from tests.browser_forms import Page

# A body of a document, and what pressing its button "Send" sends of it.
CASES = {
    "texts, and the button that was pressed": (
        "<form><input name=a value=1><button name=go value=1>Other</button>"
        "<button name=go value=2>Send</button></form>",
        [("a", "1"), ("go", "2")],
    ),
    "no disabled control": (
        "<form><input name=a value=1 disabled><select name=b disabled><option>x</option></select>"
        "<textarea name=c disabled>x</textarea><input name=d value=4><button>Send</button></form>",
        [("d", "4")],
    ),
    "nothing of a disabled fieldset, save in its legend": (
        "<form><fieldset disabled><legend><input name=a value=1></legend><input name=b value=2>"
        "<fieldset><input name=c value=3></fieldset></fieldset><button>Send</button></form>",
        [("a", "1")],
    ),
    "hidden fields as they are, and of hidden elements too": (
        "<form><input type=hidden name=a value=1><div hidden><input name=b value=2></div><button>Send</button></form>",
        [("a", "1"), ("b", "2")],
    ),
    "nothing of a template": (
        "<form><template><input name=a value=1></template><input name=b value=2><button>Send</button></form>",
        [("b", "2")],
    ),
    "what names the form, wherever it stands": (
        "<form id=one><input name=a value=1><input name=b value=2 form=two><button>Send</button></form>"
        "<form id=two></form><input name=c value=3 form=one>",
        [("a", "1"), ("c", "3")],
    ),
    "a button outside": (
        "<form id=one><input name=a value=1></form><button form=one name=go value=2>Send</button>",
        [("a", "1"), ("go", "2")],
    ),
    "chosen options, else the first": (
        "<form><select name=a><option value=1>x</option><option value=2 selected>y</option></select>"
        "<select name=b><option value=1>x</option><option value=2>y</option></select>"
        "<select name=c multiple><option value=1>x</option><option value=2>y</option></select>"
        "<button>Send</button></form>",
        [("a", "2"), ("b", "1")],
    ),
    "no option that is disabled": (
        "<form><select name=a><option value=1 disabled>x</option><option value=2>y</option></select>"
        "<select name=b><optgroup disabled><option value=1>x</option></optgroup><option value=2>y</option></select>"
        "<button>Send</button></form>",
        [("a", "2"), ("b", "2")],
    ),
    "boxes that are ticked": (
        "<form><input type=checkbox name=a value=1><input type=checkbox name=b checked>"
        "<input type=radio name=c value=1><input type=radio name=c value=2 checked>"
        "<input type=radio name=d value=1><button>Send</button></form>",
        [("b", "on"), ("c", "2")],
    ),
    "no date or number that is none": (
        '<form><input type=date name=a value="3 May 2027"><input type=date name=b value=2027-05-03>'
        '<input type=number name=c value="1 000"><input type=number name=d value=1e3>'
        '<input type=datetime-local name=e value="2027-05-03 in the evening"><button>Send</button></form>',
        [("a", ""), ("b", "2027-05-03"), ("c", ""), ("d", "1e3"), ("e", "")],
    ),
    "line ends as the web has them": (
        "<form><textarea name=a>\none\ntwo</textarea><button>Send</button></form>",
        [("a", "one\r\ntwo")],
    ),
    "no nameless control": ("<form><input value=1><input name='' value=2><button>Send</button></form>", []),
    "only what is pressed of several kinds of buttons": (
        "<form><input type=submit name=a value=1><input type=button name=b value=2><input type=reset name=c value=3>"
        "<button type=button name=d value=4></button><button>Send</button></form>",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_form_sends(name):
    body, sent = CASES[name]

    form = page(body).form_with("Send")

    assert sorted(form.sent(form.button("Send"))) == sorted(sent)


def page(body):
    page = Page(body=f"<!doctype html><body>{body}".encode(), content_type="text/html", charset="utf-8")
    page.request = Request.blank("/")
    return page


def test_nobody_presses_what_is_hidden_or_disabled():
    shown = page("<form><div hidden><button>Save</button></div><button disabled>Send</button></form>")

    assert not shown.forms[0].button("Save")
    assert not shown.forms[0].button("Send")


def test_nobody_types_into_what_is_hidden():
    form = page("<form><input type=hidden name=a aria-label=Name><button>Send</button></form>").forms[0]

    with pytest.raises(AssertionError, match="hidden"):
        form.fill({"Name": "Ana"})


def test_fields_are_found_by_their_words():
    form = page(
        "<form><label for=n>Name</label><input id=n name=n><label><input type=checkbox name=h> Only hold it</label>"
        "<label for=r>Room</label><select id=r name=r><option value=1>101</option><option value=2>102</option></select>"
        "<button>Send</button></form>"
    ).forms[0]

    form.fill({"Name": "Ana", "Only hold it": True, "Room": "102"})

    assert form.sent() == [("n", "Ana"), ("h", "on"), ("r", "2")]


@pytest.mark.django_db
def test_nothing_of_a_page_listens_to_the_next_one(browser):
    listening = template_rendered.receivers[:]

    page = browser.get("/")

    assert page.templates
    assert template_rendered.receivers == listening


class TestWhatIsToBeSeen:
    @pytest.mark.parametrize(
        "hidden",
        [
            "<div hidden><p>Words</p></div>",
            "<details><summary>More</summary><p>Words</p></details>",
            "<template>Words</template>",
            "<dialog>Words</dialog>",
            "<div popover>Words</div>",
            "<span class=visually-hidden>Words</span>",
            "<div class=invalid-feedback>Words</div>",
            "<input class=form-control><div class=invalid-feedback>Words</div>",
            "<div style='display: none'>Words</div>",
            "<form><input type=radio name=hold value=2h><div class=if-held>Words</div></form>",
        ],
    )
    def test_hidden_words_are_not(self, hidden):
        assert "Words" not in page(hidden).shown

    @pytest.mark.parametrize(
        "seen",
        [
            "<details open><summary>More</summary><p>Words</p></details>",
            "<details><summary>Words</summary></details>",
            "<dialog open>Words</dialog>",
            "<input class='form-control is-invalid'><div class=invalid-feedback>Words</div>",
            "<form><input type=radio name=hold value=2h checked><div class=if-held>Words</div></form>",
        ],
    )
    def test_others_are(self, seen):
        assert "Words" in page(seen).shown
