"""The tape chart: `chart` puts rows together, `bars` what stands in them, `counts` sums, `changes` what is new."""
