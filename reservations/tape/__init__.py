"""The tape chart: `chart` has its rows, `bars` their bars, `counts` the totals, `changes` what is new since a look."""
