"""The limit of requests per minute for a token or a signed-in user, counted in the database for all servers."""

from django.conf import settings
from django.db import connection
from rest_framework.throttling import BaseThrottle

# One row for each token and each user of a browser. The count begins anew with each minute.
COUNT = """
    INSERT INTO api_usage AS usage (who, minute, count)
    VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
    ON CONFLICT (who) DO UPDATE SET minute = EXCLUDED.minute,
        count = CASE usage.minute WHEN EXCLUDED.minute THEN usage.count + 1 ELSE 1 END
    RETURNING count, ceil(60 - extract(second FROM statement_timestamp()))::int
"""


class PerMinute(BaseThrottle):
    """Allows `API_REQUESTS_PER_MINUTE` requests; 0 is no limit."""

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
