"""Input, a module for each page that asks: types, order of dates, what belongs together. Nothing is decided here."""
