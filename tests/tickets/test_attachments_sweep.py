"""Clearing away: what was never sent goes after a day, and nothing that is needed goes with it."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from helpdesk import storage
from tests.tickets import attachment_samples as samples
from tests.tickets.attachment_bench import checked, first_message, is_stored, put_on, send, store
from tickets.attachments import keys, sweep, uploads
from tickets.models import Attachment, Ticket

__all__ = ["store"]

A_DAY_AGO = timedelta(hours=25)


def age(attachment: Attachment) -> None:
    Attachment.objects.filter(pk=attachment.pk).update(created_at=timezone.now() - A_DAY_AGO)


def exists(attachment: Attachment) -> bool:
    return Attachment.objects.filter(pk=attachment.pk).exists()


def test_what_was_not_sent_within_a_day_goes_with_its_objects(rita: User) -> None:
    old = [
        uploads.promise(by=rita, name="a.txt", size=5).attachment,
        send(rita, b"hello", "b.txt"),
        checked(rita, samples.picture()),
        checked(rita, b"<svg/>", "photo.jpg"),
    ]
    for each in old:
        age(each)
    sweep.clear_unsent.run()
    assert not any(exists(each) for each in old)
    assert not list(storage.under(keys.prefix()))


def test_what_is_fresh_or_sent_stays(rita: User, ticket: Ticket) -> None:
    fresh, sent = send(rita, b"hello", "a.txt"), checked(rita, samples.picture())
    put_on(first_message(ticket), sent)
    age(sent)
    sweep.clear_unsent.run()
    assert exists(fresh)
    assert exists(sent)
    assert is_stored(keys.file(sent.pk))


def test_more_than_one_batch_is_cleared(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    for _each in range(5):
        age(uploads.promise(by=rita, name="a.txt", size=5).attachment)
    sweep.clear_unsent.run()
    assert not Attachment.objects.exists()


def test_objects_that_no_row_needs_go(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    clean, gone = checked(rita, samples.picture()), checked(rita, samples.pdf(), "a.pdf")
    waiting = send(rita, b"hello", "a.txt")
    Attachment.objects.filter(pk=gone.pk).delete()
    storage.put(f"{keys.prefix()}strange", io.BytesIO(b"?"), content_type="x/y")
    storage.put(keys.upload(clean.pk), io.BytesIO(b"sent once more"), content_type="x/y")
    sweep.clear_orphans.run()
    assert is_stored(keys.file(gone.pk))  # younger than a day
    monkeypatch.setattr(sweep, "LONGEST_UNSENT", timedelta(seconds=-60))
    sweep.clear_orphans.run()
    left = {key for key, _changed in storage.under(keys.prefix())}
    assert left == {keys.file(clean.pk), keys.preview(clean.pk), keys.upload(waiting.pk)}


@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_the_districts_that_need_it(rita: User) -> None:
    from tenants.isolation import each, scope

    age(uploads.promise(by=rita, name="a.txt", size=5).attachment)
    here = scope.required().district_id
    with scope.left():
        assert each.open_in("tickets_attachment", sweep.UNSENT) == [here]
    sweep.clear_unsent.run()
    with scope.left():
        assert each.open_in("tickets_attachment", sweep.UNSENT) == []
