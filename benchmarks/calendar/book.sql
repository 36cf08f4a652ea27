-- What `booking.book` says to the database for a stay in one room, as pgbench can say it. Every round takes other nights.
\set n :n + 1
\set unit :first_unit + (:n * 7919) % :units
\set day 4 * (:n / :units)
BEGIN;
SELECT unit.property_id AS property, unit.room_type_id AS room_type, room_type.sleeps AS sleeps
    FROM properties_unit AS unit LEFT JOIN properties_roomtype AS room_type ON room_type.id = unit.room_type_id
    WHERE unit.id = :unit AND unit.archived_at IS NULL FOR NO KEY UPDATE OF unit \gset
SELECT 1 FROM properties_property WHERE archived_at IS NULL AND id = :property;
SELECT * FROM reservations_occupancy
    WHERE unit_id = :unit AND nights && daterange(date '2060-01-01' + :day::int, date '2060-01-01' + :day::int + 3);
INSERT INTO reservations_guest (name, phone, email, language, remarks, version)
    VALUES ('Amara Okafor', '', '', '', '', 1) RETURNING id AS guest \gset
SELECT * FROM properties_rate WHERE property_id = :property;
INSERT INTO reservations_reservation (reference, property_id, room_type_id, guest_id, party_size, arrival, departure,
        status, is_locked, nightly_rates, currency, origin, version, created_at, created_by_id)
    VALUES ('RB-' || lpad(:n::text, 5, '0'), :property, :room_type, :guest, 1, date '2060-01-01' + :day::int,
        date '2060-01-01' + :day::int + 3, 'confirmed', false, '{101.00,101.00,101.00}', 'EUR', '', 1, now(), :actor)
    RETURNING id AS reservation \gset
INSERT INTO reservations_occupancy (unit_id, property_id, reservation_id, nights)
    VALUES (:unit, :property, :reservation, daterange(date '2060-01-01' + :day::int, date '2060-01-01' + :day::int + 3));
INSERT INTO reservations_event (reservation_id, action, from_status, to_status, actor_id, at, reason, data)
    VALUES (:reservation, 'booked', '', 'confirmed', :actor, now(), '',
        '{"status": [null, "confirmed"], "arrival": [null, "2060-01-01"], "departure": [null, "2060-01-04"],
          "segments": [null, [{"unit": 1, "room": "101", "arrival": "2060-01-01", "departure": "2060-01-04"}]],
          "guest": [null, "Amara Okafor"], "party_size": [null, 1], "nightly_rates": [null, ["101.00", "101.00", "101.00"]],
          "currency": [null, "EUR"]}');
COMMIT;
