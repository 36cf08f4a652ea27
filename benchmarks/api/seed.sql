-- As many reservations as roomtone.count says, of three nights each, 200 in a room, ten rooms in a hotel; and a flat in
-- which nobody stays yet. What is written here keeps the constraints by itself: triggers and foreign keys are not asked.
BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL synchronous_commit = off;

WITH hotels AS (
    INSERT INTO properties_property
        (kind, name, description, location, language, time_zone, check_in_time, check_out_time, currency, nightly_rate,
         hold_hours)
    SELECT 'hotel', 'Hotel ' || to_char(n, 'FM000'), 'Near the water.', 'Lisbon', '', 'Europe/Lisbon', '15:00',
           '11:00', 'EUR', 80 + n % 60, 24
    FROM generate_series(1, (current_setting('roomtone.count')::int + 1999) / 2000) AS n
    RETURNING id, nightly_rate
), types AS (
    INSERT INTO properties_roomtype (property_id, name, sleeps, nightly_rate, position)
    SELECT id, 'Double', 2, nightly_rate + 20, 0 FROM hotels
    RETURNING id, property_id
)
INSERT INTO properties_unit (property_id, room_type_id, name, floor, position)
SELECT property_id, id, 100 + room, '1', room FROM types, generate_series(1, 10) AS room;

CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n, unit.id) AS id, unit.id AS unit_id, property_id, room_type_id,
       current_date - 400 + n * 4 AS arrival
FROM properties_unit AS unit, generate_series(1, 200) AS n
ORDER BY n, unit.id LIMIT current_setting('roomtone.count')::int;

INSERT INTO reservations_guest (id, name, phone, email, language, remarks, version)
SELECT id, (ARRAY['Amara', 'José', 'Ingrid', 'Noé', 'Wanjiru', 'Aiko', 'Łukasz', 'Priya'])[1 + id % 8] || ' '
       || (ARRAY['Okafor', 'Moreau', 'Silva', 'Berg', 'Kaya', 'Sato', 'Nowak'])[1 + id / 8 % 7] || ' ' || id, '', '', '', '', 1
FROM drawn;

INSERT INTO reservations_reservation
    (id, reference, property_id, room_type_id, guest_id, party_size, arrival, departure, status, is_locked,
     nightly_rates, currency, origin, version, created_at, created_by_id)
SELECT drawn.id,
       (SELECT 'RT-' || string_agg(substr('23456789ABCDEFGHJKMNPQRSTWXYZ', (1 + drawn.id / (29 ^ n)::int % 29)::int, 1), '')
        FROM generate_series(4, 0, -1) AS n), property_id, room_type_id, drawn.id, 2, arrival,
       arrival + 3, CASE WHEN arrival + 3 <= current_date THEN 'checked_out' ELSE 'confirmed' END,
       false, array_fill(100.00, ARRAY[3]), 'EUR', 'website', 1, now() - drawn.id * interval '1 minute',
       (SELECT min(id) FROM accounts_user)
FROM drawn;

INSERT INTO reservations_occupancy (unit_id, property_id, reservation_id, nights)
SELECT unit_id, property_id, id, daterange(arrival, arrival + 3) FROM drawn;

SELECT setval(pg_get_serial_sequence('reservations_' || name, 'id'), (SELECT max(id) FROM drawn))
FROM (VALUES ('guest'), ('reservation')) AS tables (name);
COMMIT;
