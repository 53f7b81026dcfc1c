"""Numbers of tickets, one sequence a district, so that two people who report at once never wait for each other."""

from django.db.models import BigIntegerField, Func


class NextTicketNumber(Func):
    """The database's own next number; a rolled-back ticket leaves a gap, which nobody minds."""

    function = "nextval"
    template = "nextval('ticket_number')"
    output_field = BigIntegerField()
    allowed_default = True

    def __init__(self) -> None:
        super().__init__()
