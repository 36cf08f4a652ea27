"""How many requests a token, or a signed-in browser, may make in a minute: counted by the database, for all servers."""

from django.conf import settings
from django.db import connection
from rest_framework.throttling import BaseThrottle

# One row for each asker, however long it asks; the count begins anew with the minute.
COUNT = """
    INSERT INTO api_usage AS usage (who, minute, count)
    VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
    ON CONFLICT (who) DO UPDATE SET minute = EXCLUDED.minute,
        count = CASE usage.minute WHEN EXCLUDED.minute THEN usage.count + 1 ELSE 1 END
    RETURNING count, ceil(60 - extract(second FROM statement_timestamp()))::int
"""


class PerMinute(BaseThrottle):
    """`API_REQUESTS_PER_MINUTE` of them; 0 is as many as they like."""

    def allow_request(self, request, view):
        most = settings.API_REQUESTS_PER_MINUTE
        if not most or not request.user.is_authenticated:
            return True
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [_who(request)])
            count, self.seconds_left = cursor.fetchone()
        return count <= most

    def wait(self):
        return self.seconds_left


def _who(request):
    return f"token:{request.auth.pk}" if request.auth else f"user:{request.user.pk}"
