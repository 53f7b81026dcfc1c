"""What is sealed for a district opens for that district and purpose alone, under whichever master key is in force."""

import secrets

import pytest
from django.core.management import CommandError, call_command

from helpdesk import crypto
from tenants import keys
from tenants.models import DataKey, District

SECRET = b"the graph password of Maple"


def sealed(district: District) -> bytes:
    return keys.seal(district, SECRET, purpose="mailbox")


def test_what_was_sealed_opens_again(maple: District) -> None:
    assert keys.open_sealed(maple, sealed(maple), purpose="mailbox") == SECRET


def test_the_same_secret_never_looks_the_same_twice(maple: District) -> None:
    assert sealed(maple) != sealed(maple)
    assert SECRET not in sealed(maple)


def test_one_flipped_bit_anywhere_makes_it_unreadable(maple: District) -> None:
    whole = sealed(maple)
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 1 << (place % 8)
        with pytest.raises(keys.Unreadable):
            keys.open_sealed(maple, bytes(broken), purpose="mailbox")


@pytest.mark.parametrize("length", [0, 1, 2, 3, 14, 20])
def test_a_cut_text_is_unreadable(maple: District, length: int) -> None:
    with pytest.raises(keys.Unreadable):
        keys.open_sealed(maple, sealed(maple)[:length], purpose="mailbox")


def test_another_district_cannot_open_it(maple: District, cedar: District) -> None:
    with pytest.raises(keys.Unreadable):
        keys.open_sealed(cedar, sealed(maple), purpose="mailbox")


def test_another_purpose_cannot_open_it(maple: District) -> None:
    with pytest.raises(keys.Unreadable):
        keys.open_sealed(maple, sealed(maple), purpose="sms")


def test_a_data_key_moved_to_another_district_is_unreadable(maple: District, cedar: District) -> None:
    text = sealed(maple)
    moved = DataKey.objects.get(district=maple)
    DataKey.objects.filter(district=cedar).update(sealed=moved.sealed)
    with pytest.raises(keys.Unreadable):
        keys.open_sealed(cedar, text, purpose="mailbox")
    with pytest.raises(keys.Unreadable):
        keys.seal(cedar, SECRET, purpose="mailbox")


def test_a_data_key_is_nowhere_in_the_clear(maple: District) -> None:
    row = DataKey.objects.get(district=maple)
    assert len(bytes(row.sealed)) == crypto.NONCE_BYTES + crypto.KEY_BYTES + 16


def test_a_new_data_key_seals_from_now_on_and_the_old_one_still_opens(maple: District) -> None:
    before = sealed(maple)
    call_command("rotate_keys", "--new", "maple")
    after = sealed(maple)
    assert keys.HEADER.unpack(after[:3]) == (keys.FORMAT, keys.HEADER.unpack(before[:3])[1] + 1)
    for text in (before, after):
        assert keys.open_sealed(maple, text, purpose="mailbox") == SECRET


def test_after_rotation_the_old_master_key_is_not_needed_and_opens_nothing(
    maple: District, cedar: District, settings: object
) -> None:
    text, old, new = sealed(maple), settings.MASTER_KEY, secrets.token_bytes(32)  # type: ignore[attr-defined]
    settings.MASTER_KEY, settings.MASTER_KEY_PREVIOUS = new, old  # type: ignore[attr-defined]
    assert keys.open_sealed(maple, text, purpose="mailbox") == SECRET, "unreadable while the rotation is under way"
    call_command("rotate_keys")
    settings.MASTER_KEY_PREVIOUS = b""  # type: ignore[attr-defined]
    assert keys.open_sealed(maple, text, purpose="mailbox") == SECRET
    assert keys.open_sealed(cedar, sealed(cedar), purpose="mailbox") == SECRET
    settings.MASTER_KEY = old  # type: ignore[attr-defined]
    with pytest.raises(keys.Unreadable):
        keys.open_sealed(maple, text, purpose="mailbox")


def test_a_rotation_without_the_old_master_key_says_what_is_missing(maple: District, settings: object) -> None:
    settings.MASTER_KEY = secrets.token_bytes(32)  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="MASTER_KEY_PREVIOUS"):
        call_command("rotate_keys")
