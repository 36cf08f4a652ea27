"""The tape chart, in the words of its screen. Verbs only."""

import datetime as dt

FIRST = dt.date(2027, 5, 1)


class Tape:
    """One property's chart from FIRST on."""

    def __init__(self, page, property):
        self.page = page
        self.property = property
        self.dialog = page.get_by_role("alertdialog")
        self.toasts = page.get_by_role("region", name="Messages")
        self.says = page.locator("[data-say]")
        self.menu = page.locator("[data-menu]")
        self.card = page.locator("tape-card")
        self.price = page.locator(".tape-price")
        self.ghost = page.locator(".tape-ghost")

    def open(self, days=14):
        self.page.goto(f"/calendar/?property={self.property}&first={FIRST.isoformat()}&days={days}")

    def row(self, room):
        return self.page.locator(f".tape-row[data-name='{room}']")

    def bar(self, guest, room=None):
        place = self.row(room) if room else self.page.locator(".tape")
        return place.locator(f".bar[aria-label^='{guest},']")

    def drag_to(self, guest, room, days=0):
        """Take the bar in its middle and put it on another row, `days` later."""
        box = self.bar(guest).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        target = self.row(room).bounding_box()
        self._drag((x, y), (x + days * self._day(), target["y"] + target["height"] / 2))

    def pull_end(self, guest, days, *, lets_go=True):
        box = self.bar(guest).bounding_box()
        x, y = box["x"] + box["width"] - 3, box["y"] + box["height"] / 2
        self._drag((x, y), (x + days * self._day(), y), lets_go=lets_go)

    def hold(self, guest):
        """A finger rests on the bar until it is taken up; returns the finger."""
        bar = self.bar(guest)
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        finger = Finger(self.page, box["x"] + 15, box["y"] + 10)
        self.page.locator(".tape-ghost").wait_for()
        return finger

    def mark(self, room, arrival, departure):
        """Drag over the free days of a row."""
        self._drag(self._cell(room, arrival), self._cell(room, departure))

    def click_night(self, room, day, part=0.5):
        """Click into the day's column, `part` of its width from its beginning."""
        self.page.mouse.click(*self._cell(room, day, part))

    def tap_night(self, room, day):
        self.page.touchscreen.tap(*self._cell(room, day))

    def point_at(self, room, day):
        self.page.mouse.move(*self._cell(room, day))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def undo(self):
        self.toasts.get_by_role("button", name="Undo").last.click()

    def _drag(self, start, end, *, lets_go=True):
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        if lets_go:
            mouse.up()

    def _cell(self, room, day, part=0.5):
        track = self.row(room).locator(".tape-track").bounding_box()
        return track["x"] + ((day - FIRST).days + part) * self._day(), track["y"] + track["height"] / 2

    def _day(self):
        return self.page.locator(".tape-day").first.bounding_box()["width"]


class Finger:
    """One finger on the screen, as the browser is told of it; Playwright itself only taps."""

    def __init__(self, page, x, y):
        self.session, self.x, self.y = page.context.new_cdp_session(page), x, y
        self._tell("touchStart", [{"x": x, "y": y}])

    def move_to(self, row):
        box = row.bounding_box()
        end = box["y"] + box["height"] / 2
        for share in (0.3, 0.6, 1):
            self._tell("touchMove", [{"x": self.x, "y": self.y + share * (end - self.y)}])

    def lift(self):
        self._tell("touchEnd", [])

    def _tell(self, type, points):
        self.session.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": points})
