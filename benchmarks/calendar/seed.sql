-- 500 properties, 5,000 units, about a million stays of 1 to 14 nights over three years, 65 % full. The same every time.
-- What is written here keeps the constraints by itself: triggers and foreign keys are not asked, which takes minutes off.
BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL synchronous_commit = off;
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';
SELECT setseed(0.42);

-- Hotels of 200, 100, 40 and 8 rooms, then apartments.
INSERT INTO properties_property
    (kind, name, description, location, language, time_zone, check_in_time, check_out_time, currency, nightly_rate, hold_hours)
SELECT CASE WHEN n <= 100 THEN 'hotel' ELSE 'apartment' END,
       CASE WHEN n <= 100 THEN 'Hotel ' ELSE 'Flat ' END || to_char(n, 'FM000'),
       'Near the water.',
       (ARRAY['Lisbon', 'Porto', 'Edinburgh', 'Leith', 'Bergen', 'Ghent'])[1 + n % 6],
       '',
       (ARRAY['Europe/Lisbon', 'Europe/London', 'Europe/Oslo'])[1 + n % 3],
       '15:00', '11:00', 'EUR', 80 + n % 60, 24
FROM generate_series(1, 500) AS n;

INSERT INTO properties_roomtype (property_id, name, sleeps, nightly_rate, position)
SELECT id, type.name, type.sleeps, nightly_rate + type.more, type.position
FROM properties_property, (VALUES ('Single', 1, 0, 0), ('Double', 2, 30, 1), ('Family', 4, 70, 2))
    AS type (name, sleeps, more, position)
WHERE kind = 'hotel';

INSERT INTO properties_rate (property_id, room_type_id, name, first_night, last_night, weekdays, nightly_rate)
SELECT property_id, id, 'Weekend', NULL::date, NULL::date, '{5,6}'::smallint[], nightly_rate + 15 FROM properties_roomtype
UNION ALL
SELECT property_id, id, 'Summer', make_date(year, 6, 1), make_date(year, 8, 31), '{}', nightly_rate + 25
FROM properties_roomtype, generate_series(2025, 2029) AS year;

INSERT INTO properties_unit (property_id, room_type_id, name, floor, position)
SELECT property.id, room_type.id, coalesce(100 * (1 + room / 20) + room % 20 + 1 || '', property.name),
       coalesce(1 + room / 20 || '', ''), coalesce(room, 0)
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM properties_property) AS property
LEFT JOIN LATERAL generate_series(0, CASE WHEN n <= 5 THEN 199 WHEN n <= 15 THEN 99 WHEN n <= 75 THEN 39 ELSE 7 END)
    AS room ON kind = 'hotel'
LEFT JOIN properties_roomtype AS room_type
    ON room_type.property_id = property.id AND room_type.position = (room % 10) / 4
ORDER BY property.id, room;

INSERT INTO reservations_guest (name, phone, email, language, remarks, version)
SELECT (ARRAY['Amara', 'José', 'Ingrid', 'Noé', 'Wanjiru', 'Aiko', 'Łukasz', 'Priya'])[1 + n % 8] || ' '
       || (ARRAY['Okafor', 'Moreau', 'Silva', 'Berg', 'Kaya', 'Sato', 'Nowak'])[1 + n / 8 % 7] || ' ' || n,
       '', '', '', '', 1
FROM generate_series(1, 300000) AS n;

-- Nights and the gap after them, drawn unit by unit until three years are full.
CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
WITH lengths AS (
    SELECT unit.id AS unit_id, unit.property_id, unit.room_type_id, n,
           CASE WHEN random() < 0.001 THEN 30 + floor(90 * random()) ELSE 1 + floor(14 * random() ^ 3.8) END::int AS nights,
           floor(-2.2 * ln(1 - random()))::int AS gap
    FROM properties_unit AS unit, generate_series(1, 300) AS n
), ends AS (
    SELECT *, sum(nights + gap) OVER (PARTITION BY unit_id ORDER BY n)::int - nights AS starts FROM lengths
)
SELECT row_number() OVER (ORDER BY unit_id, n) AS id, unit_id, property_id, room_type_id, nights,
       current_setting('roomtone.first')::date + starts AS arrival, random() AS luck
FROM ends WHERE starts + nights <= 3 * 365;

INSERT INTO reservations_closure (id, unit_id, property_id, nights, kind, note, created_at, version)
SELECT id, unit_id, property_id, daterange(arrival, arrival + nights), 'maintenance', '', now(), 1
FROM drawn WHERE luck < 0.005;

INSERT INTO reservations_reservation
    (id, reference, property_id, room_type_id, guest_id, party_size, arrival, departure, status, hold_expires_at,
     is_locked, nightly_rates, currency, origin, version, created_at)
SELECT id, 'RT-' || lpad(upper(to_hex(id)), 5, '0'), property_id, room_type_id, 1 + id % 300000, 1, arrival,
       arrival + nights,
       CASE WHEN arrival + nights <= current_date THEN 'checked_out' WHEN arrival <= current_date THEN 'in_house'
            WHEN luck > 0.98 THEN 'held' ELSE 'confirmed' END,
       CASE WHEN luck > 0.99 THEN now() - interval '1 day' WHEN luck > 0.98 THEN now() + interval '1 year' END,
       false, array_fill(100.00, ARRAY[nights]), 'EUR', '', 1, now()
FROM drawn WHERE luck >= 0.005;

INSERT INTO reservations_occupancy (unit_id, property_id, reservation_id, closure_id, nights, expires_at)
SELECT drawn.unit_id, drawn.property_id, reservation.id, closure.id, daterange(drawn.arrival, drawn.arrival + drawn.nights),
       CASE WHEN status = 'held' THEN hold_expires_at END
FROM drawn
LEFT JOIN reservations_reservation AS reservation ON reservation.id = drawn.id
LEFT JOIN reservations_closure AS closure ON closure.id = drawn.id
ORDER BY drawn.arrival - (7 * drawn.luck)::int;

SELECT setval(pg_get_serial_sequence('reservations_reservation', 'id'), (SELECT max(id) FROM drawn));
SELECT setval(pg_get_serial_sequence('reservations_closure', 'id'), (SELECT max(id) FROM drawn));
COMMIT;
