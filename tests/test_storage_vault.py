"""Sealing and opening, and the spelling of master keys."""

import pytest

from storage import SecretKeyError, StorageError, TamperedError, Vault, new_key, parse_keys

OLD, NEW = b"o" * 32, b"n" * 32


def test_a_sealed_text_opens_in_its_own_context():
    vault = Vault([OLD])
    sealed = vault.seal("fake-key-1111 ключ", context="trackers:1")

    assert vault.open(sealed, context="trackers:1") == "fake-key-1111 ключ"
    assert b"fake-key" not in sealed


def test_a_sealed_text_opens_in_no_other_context():
    vault = Vault([OLD])
    sealed = vault.seal("fake-key-1111", context="trackers:1")

    with pytest.raises(TamperedError) as caught:
        vault.open(sealed, context="trackers:2")
    assert caught.value.context == "trackers:2"


def test_every_flipped_byte_is_noticed():
    vault = Vault([OLD])
    sealed = vault.seal("fake-key-1111", context="trackers:1")

    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        with pytest.raises(StorageError):
            vault.open(bytes(flipped), context="trackers:1")


def test_every_truncation_is_noticed():
    vault = Vault([OLD])
    sealed = vault.seal("fake-key-1111", context="trackers:1")

    for length in range(len(sealed)):
        with pytest.raises(TamperedError):
            vault.open(sealed[:length], context="trackers:1")


def test_the_same_text_is_never_sealed_twice_alike():
    vault = Vault([OLD])

    assert vault.seal("x", context="c") != vault.seal("x", context="c")


def test_the_first_key_seals_and_all_keys_open():
    by_old = Vault([OLD]).seal("x", context="c")
    by_both = Vault([NEW, OLD]).seal("x", context="c")

    assert Vault([NEW, OLD]).open(by_old, context="c") == "x"
    assert Vault([NEW]).open(by_both, context="c") == "x"
    with pytest.raises(SecretKeyError) as caught:
        Vault([OLD]).open(by_both, context="c")
    assert caught.value.reason == "wrong"


def test_a_vault_knows_what_its_keys_have_sealed():
    sealed = Vault([OLD]).seal("x", context="c")

    assert Vault([NEW, OLD]).knows(sealed)
    assert not Vault([NEW]).knows(sealed)


def test_fingerprints_are_equal_for_equal_texts_under_one_key_only():
    assert Vault([OLD]).fingerprint("x") == Vault([OLD, NEW]).fingerprint("x")
    assert Vault([OLD]).fingerprint("x") != Vault([OLD]).fingerprint("y")
    assert Vault([OLD]).fingerprint("x") != Vault([NEW]).fingerprint("x")
    assert Vault([NEW, OLD]).fingerprints("x") == (
        Vault([NEW]).fingerprint("x"),
        Vault([OLD]).fingerprint("x"),
    )


def test_a_vault_shows_no_key():
    assert "oooo" not in repr(Vault([OLD]))


@pytest.mark.parametrize(("keys", "reason"), [([], "missing"), ([b"short"], "malformed")])
def test_a_vault_needs_whole_keys(keys, reason):
    with pytest.raises(SecretKeyError) as caught:
        Vault(keys)
    assert caught.value.reason == reason


def test_a_new_key_can_be_read_back():
    key = new_key()

    assert [len(read) for read in parse_keys(key)] == [32]
    assert new_key() != key


ZEROS = "A" * 43
ONES = "_" * 42 + "8"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (ZEROS, (bytes(32),)),
        (ZEROS + "=", (bytes(32),)),
        (ZEROS + "\n", (bytes(32),)),
        (f"  {ZEROS}=\r\n", (bytes(32),)),
        (f"{ONES},{ZEROS}", (b"\xff" * 32, bytes(32))),
        (f"{ONES} ,\n{ZEROS}=\n", (b"\xff" * 32, bytes(32))),
    ],
)
def test_keys_are_read_as_people_keep_them(text, keys):
    assert parse_keys(text) == keys


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        (" \n", "missing"),
        ("fake-key-1111", "malformed"),
        (ZEROS[:-1], "malformed"),
        (ZEROS + "A", "malformed"),
        (ZEROS + "==", "malformed"),
        (ZEROS[:-1] + "B", "malformed"),
        (ZEROS[:-1] + "/", "malformed"),
        (ZEROS[:20] + " " + ZEROS[20:], "malformed"),
        (ZEROS + ",", "malformed"),
        ("," + ZEROS, "malformed"),
        ("ф" * 43, "malformed"),
    ],
)
def test_what_is_no_key_is_refused(text, reason):
    with pytest.raises(SecretKeyError) as caught:
        parse_keys(text)
    assert caught.value.reason == reason
    assert str(caught.value) == f"the secret key is {reason}"
