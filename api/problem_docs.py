"""The words of the page that explains refusals: {section: {code: (when it happens, what to do)}}.

For people who write programs. What a refusal says to the desk stands in its class.
"""

REFUSALS = {
    "Who asks": {
        "not_authenticated": (
            "There is no Authorization header, or it is not of the kind Bearer.",
            "Send “Authorization: Bearer rt_…”. A token in the address is never read.",
        ),
        "unknown_token": (
            "No token has this secret.",
            "Look for a missing letter or a stray quotation mark, or make a new one.",
        ),
        "revoked_token": ("Somebody ended the token.", "Make a new one, and ask why the old one was ended."),
        "expired_token": ("The token was made for a time, which is over.", "Make a new one."),
        "inactive_user": (
            "The account that the token acts for was switched off.",
            "Make a token for an account that is active.",
        ),
        "missing_scope": (
            "The token may do other things, but not this; the answer names the scope.",
            "Make a token that has the scope.",
        ),
        "csrf_failed": (
            "A signed-in browser sent no CSRF token, an old one, or asked from a page of another site.",
            "Use a token; or send the CSRF cookie’s value as X-CSRFToken.",
        ),
        "permission_denied": ("Who asks may not do this.", "Ask a manager."),
        "forbidden": ("A form of a page that was open for too long.", "Reload the page, and send it again."),
        "not_allowed": (
            "Only managers may overrule the calendar, and only with a reason.",
            "Use a manager’s token, and give a reason.",
        ),
        "not_yours": ("Only a manager may do this for somebody else.", "Do it for yourself, or ask a manager."),
        "throttled": (
            "Too many requests came with this token in this minute.",
            "Wait as many seconds as Retry-After says. Ask for more rows at once.",
        ),
    },
    "How it is asked": {
        "parse_error": (
            "The body is not the JSON, or not the form, that it says it is.",
            "The answer says where reading stopped.",
        ),
        "bad_request": (
            "The request breaks the rules of HTTP, or names a host that is not this one.",
            "Check address and headers.",
        ),
        "uri_too_long": (
            "Method, path and query of the request together have more than 4,094 bytes.",
            "Ask for less at once.",
        ),
        "headers_too_large": (
            "The headers of the request are too many, or too long.",
            "Send fewer and shorter ones.",
        ),
        "invalid": (
            "Fields are wrong: 400 when they are not as the schema says, 422 when they break a business rule.",
            "“errors” has a line for each: field, code, and what to write. The codes are at the end of this page.",
        ),
        "not_found": (
            "There is nothing at this address, or it was removed.",
            "Addresses end with a slash. Ask the list for what there is.",
        ),
        "gone": ("Nobody knows this unfinished recording.", "Begin a new one."),
        "method_not_allowed": ("This address does not do that.", "Allow says what it does."),
        "not_acceptable": ("Only JSON is answered here.", "Leave Accept out, or send application/json."),
        "unsupported_media_type": (
            "The body is of a type that is not taken here.",
            "Send the Content-Type that the schema names.",
        ),
        "length_missing": (
            "The body comes in chunks, and nothing says how long it is.",
            "Send it whole, with Content-Length. Most libraries do when they are given the body, and not a stream.",
        ),
        "too_large": (
            "The body, or the recording in it, has more bytes than are taken.",
            "Send less at once; save a recording as M4A or MP3.",
        ),
        "unreadable_cursor": (
            "The cursor is none that was given out.",
            "Take the whole address from “next”, or begin without a cursor.",
        ),
    },
    "Once, and in the right order": {
        "unfit_key": ("The Idempotency-Key is empty, too long, or not plain ASCII.", "Make a new UUID for each act."),
        "key_reused": (
            "Another request came with this Idempotency-Key.",
            "Make a new key for each act; repeat one only with the same request.",
        ),
        "version_missing": (
            "A change says not which version it was made for.",
            "Read it, and send its ETag back as If-Match.",
        ),
        "version_stale": (
            "Somebody changed it since you read it.",
            "Read it again, look whether your change is still wanted, and send it with the new ETag.",
        ),
        "changed_meanwhile": (
            "Somebody changed it since you read it: 412 where the request carried If-Match, else 409.",
            "Read it again, look whether your change is still wanted, and send it again.",
        ),
        "busy": (
            "Others are changing the same rooms. Nothing was done.",
            "Send the same request again after Retry-After seconds.",
        ),
        "internal_server_error": (
            "Something broke on our side.",
            "Send the same request again later, with the same Idempotency-Key.",
        ),
    },
    "Booking and changing stays": {
        "dates_taken": (
            "On at least one of the nights somebody sleeps there, or it is closed.",
            "“next_free”, “other_units” and “other_properties” are ways out; “in_the_way” says who is there.",
        ),
        "not_bookable": (
            "The property or the room is archived, or is not sold like this, or the hold would end at once.",
            "The words say which. Ask what is available.",
        ),
        "outside_limits": (
            "The stay is too short or too long, or the party too large.",
            "“errors” names the field; the property or its room type has the limits.",
        ),
        "not_open": ("The reservation is over or cancelled.", "“steps” of the reservation says what it still allows."),
        "not_this_step": (
            "The reservation is in a state from which this does not go: perhaps somebody was first.",
            "Read it again; “steps” says what may come next.",
        ),
        "not_yet": (
            "The step has its day, needs a room, or somebody has to leave first.",
            "The words say what is missing.",
        ),
        "not_movable": (
            "The move makes no sense: not one of its nights, its own room, or another property’s.",
            "Choose another room, or other nights.",
        ),
        "price_would_change": (
            "The nights cost something else today.",
            "Say whether what was agreed is kept or today’s rates count: “kept” or “requoted”, each in its currency.",
        ),
        "plan_changed": (
            "The agreed moves are not possible any more. Nobody was moved.",
            "Ask for the ways out again.",
        ),
        "reason_needed": ("Taking a room away needs a reason.", "Give one: it stands in the history."),
        "cannot_undo": (
            "Something has happened since, or what was before cannot be again.",
            "Read it, and change it by hand.",
        ),
        "nothing_to_do": (
            "No reservation of the group is in a state from which this goes.",
            "Read the group’s reservations.",
        ),
        "already_reopened": ("The closure is over already.", "Nothing is left to do."),
        "refused": ("It cannot be done as things are.", "The words say why."),
    },
    "Guests": {
        "already_merged": (
            "The profile is a duplicate that was merged into another one.",
            "Use the profile that was kept.",
        ),
        "same_guest": ("Both are the same profile.", "Name two."),
        "not_merged": ("There is no merge to take back.", "Read the profile."),
    },
    "Voice notes": {
        "not_audio": (
            "The file is no recording, whatever its name and label say.",
            "Send a sound file, such as M4A, MP3 or WAV.",
        ),
        "no_sound": ("The file may hold sound, and has no track of it.", "Send another file."),
        "unknown_codec": (
            "The sound is compressed in a way that is not known here; the answer names it.",
            "Send it as WAV, M4A or MP3.",
        ),
        "protected": ("The sound is encrypted for the player of whoever sold it.", "Send one that is not."),
        "is_video": ("The file has pictures.", "Send its sound alone."),
        "empty": ("The file holds no sound.", "Record it again."),
        "unreadable": ("The recording is damaged.", "Send it again from the original."),
        "too_long": ("The recording lasts longer than a note may.", "Send it in several notes."),
        "key_taken": ("Another note was saved under this key.", "Make a new key for each note."),
        "erased": ("This note was erased for good and is not taken again.", "Nothing: that was somebody’s decision."),
        "not_stored": (
            "The disk is full, or the storage is away. Nothing was stored.",
            "Keep the recording, and send it again in a minute.",
        ),
        "audio_away": (
            "The sound is stored, but the storage cannot be reached.",
            "Ask again in a minute.",
        ),
        "note_deleted": ("The note was deleted.", "Nothing is left to change."),
        "text_changed": ("Somebody changed the text while you did.", "Read it, compare, and send yours again."),
        "no_machine_text": ("There is no text of the machine to go back to.", "Write the text yourself."),
        "cannot_retry": ("The note is not one that failed.", "Read its state."),
        "out_of_order": ("A part of an unfinished recording is missing.", "Send the part that the answer expects."),
        "too_many": ("Too many recordings are unfinished.", "Save or discard some first."),
        "more_to_erase": (
            "The notes have changed since they were counted.",
            "Look at what would go now, then erase it.",
        ),
    },
    "Properties, rooms, rates and tokens": {
        "archived": ("What is archived does not change.", "Bring it back first."),
        "name_taken": ("Another one has this name.", "Choose another name."),
        "has_future_reservations": ("Somebody is still to stay there.", "Move or cancel those stays first."),
        "not_for_apartments": ("An apartment is one unit, and has no rooms of its own.", "Change the apartment."),
        "not_its_room": ("The room is another hotel’s, or archived.", "Ask for the hotel’s rooms again."),
        "foreign_room_type": (
            "The room type is another hotel’s, or was removed.",
            "Ask for the hotel’s room types again.",
        ),
        "room_type_gone": ("Somebody removed the room type.", "Add it again if it is still needed."),
        "room_type_used": ("Rooms, rates or stays are of this type.", "Change those first."),
        "cents_in_the_rates": ("A price has more digits than the new currency.", "Round the price first."),
        "priced_in_another": (
            "The price was typed for a currency that the property charges in no more.",
            "Write it in the one that it charges in now.",
        ),
        "edit_conflict": ("Somebody saved while this was being filled in.", "Read it again, then send yours."),
        "season_runs_backwards": ("The season ends before it begins.", "Check its first and its last night."),
        "line_gone": ("Somebody removed this line of the rate table.", "Add it again if it is still needed."),
        "integration_exists": (
            "An integration of this name is there already.",
            "Make the token for that one, or take another name.",
        ),
        "made_already": ("The same form came twice.", "The first one made the token."),
    },
}

# Of single fields: `code` of a line of `errors`.
FIELDS = {
    "required": "It is missing.",
    "null": "It may not be null.",
    "blank": "It is empty.",
    "invisible": "Nothing is in it that the eye can see.",
    "invalid": "It is of another type, or not written as the schema says.",
    "unknown_field": "There is no field of this name; the words offer the one that is nearest.",
    "unknown": "There is no member of this name that could be asked for.",
    "invalid_choice": "It is none of the values in the schema.",
    "does_not_exist": "There is none with this id.",
    "min_value": "It is too small.",
    "max_value": "It is too large.",
    "max_length": "It has too many characters.",
    "min_length": "It has too few characters.",
    "max_string_length": "It has too many digits.",
    "not_a_list": "It is no list.",
    "empty": "The list, or the file, is empty.",
    "overflow": "It is an instant before or after all that a calendar has.",
    "unfit": "It has characters that cannot be stored, or is no whole address of e-mail.",
    "not_a_stay": "Arrival and departure make no stay: the departure is after the arrival, and both are near.",
    "outside_limits": "The stay is too short or too long, or the party too large.",
    "who_stays": "Say guest_name for a new guest, or guest for a known one, and not both.",
    "known_guest": "A known guest is changed at guests/, not with a booking.",
    "repeated": "It stands more than once behind the question mark of the address.",
    "other_property": "The unit or room type is of another property than the one that is named.",
    "other_room_type": "The unit is of another room type than the one that is named.",
    "unit_or_type": "A unit and a room type are asked for at once: the unit says its type.",
    "no_group": "It is too few rooms for a group, or too many to book at once.",
}
