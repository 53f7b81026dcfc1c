"""Cache keys that say whose entry it is, so that one district cannot meet another's, nor a test another test's."""

from tenants.isolation import scope


def district_key(key: str, prefix: str, version: int) -> str:
    """`t:<district>:…`; raises ScopeError without a district."""
    district_id = scope.required().district_id
    if district_id is None:
        raise scope.ScopeError("The owner of all schemas has no cache: enter district_scope(district) first.")
    return f"t:{district_id}:{scope.database()}:{prefix}:{version}:{key}"


def platform_key(key: str, prefix: str, version: int) -> str:
    """`platform:…`, for entries that belong to no district."""
    return f"platform:{scope.database()}:{prefix}:{version}:{key}"
