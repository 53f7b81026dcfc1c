"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one lane: a morning's burst of sign-ins must fit into a worker's memory.

    More than the least that OWASP names (19 MiB, two passes, one lane).
    """

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1
