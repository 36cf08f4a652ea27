"""The codes of the entries in `errors`, which say what is wrong with a field of a request."""

# Errors against the schema, with status 400: the program has to be corrected.
AGAINST_THE_SCHEMA = {
    "required": "It is missing.",
    "null": "It may not be null.",
    "blank": "It is empty.",
    "invalid": "It is of another type, or not written as the schema says.",
    "unknown_field": "There is no field of this name; the words offer the one that is nearest.",
    "unknown": "There is no member of this name that could be asked for.",
    "invalid_choice": "It is none of the values in the schema.",
    "min_value": "It is too small.",
    "max_value": "It is too large.",
    "max_length": "It has too many characters.",
    "min_length": "It has too few characters.",
    "max_string_length": "It has too many digits.",
    "not_a_list": "It is no list.",
    "empty": "The list, or the file, is empty.",
    "repeated": "It stands more than once behind the question mark of the address.",
}
# Errors against rules that a schema cannot express, with status 422.
AGAINST_A_RULE = {
    "invisible": "Nothing is in it that the eye can see.",
    "does_not_exist": "There is none with this id.",
    "overflow": "It is an instant before or after all that a calendar has.",
    "unfit": "It has characters that cannot be stored, or is no whole address of e-mail.",
    "not_a_stay": "Arrival and departure make no stay: the departure is after the arrival, and both are near.",
    "outside_limits": "The stay is too short or too long, or the party too large.",
    "who_stays": "Say guest_name for a new guest, or guest for a known one, and not both.",
    "known_guest": "A known guest is changed at guests/, not with a booking.",
    "other_property": "The unit or room type is of another property than the one that is named.",
    "other_room_type": "The unit is of another room type than the one that is named.",
    "unit_or_type": "A unit and a room type are asked for at once: the unit says its type.",
    "group_size_error": "It is too few rooms for a group, or too many to book at once.",
}
FIELD_ERRORS = AGAINST_THE_SCHEMA | AGAINST_A_RULE
