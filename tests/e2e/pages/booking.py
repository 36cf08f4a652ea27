"""The booking form, in the words of its screen. Verbs only."""


class Booking:
    def __init__(self, page):
        self.page = page
        self.hints = page.locator("#booking-hints")

    def open(self):
        self.page.goto("/reservations/new/")

    def field(self, name):
        return self.page.get_by_label(name, exact=True)

    def choose(self, name):
        self.field("Property").select_option(label=name)

    def ask(self, arrival, departure):
        self.field("Arrival").fill(arrival.isoformat())
        self.field("Departure").fill(departure.isoformat())
        self.field("Departure").blur()

    def name(self, guest):
        self.field("Guest").fill(guest)

    def reserve(self):
        self.field("Guest").blur()  # known guests of that name lie over the button
        self.page.get_by_role("button", name="Reserve", exact=True).click()

    def take(self, suggestion):
        self.hints.get_by_role("button", name=suggestion).click()

    def day(self, date):
        return self.page.locator(f"#day-{date.isoformat()}")
