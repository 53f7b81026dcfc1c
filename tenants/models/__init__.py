"""Districts, their hosts and keys, and what has been migrated where."""

from tenants.models.district import DataKey, District, Domain
from tenants.models.ledger import AppliedMigration, RecordedMigration

__all__ = ["AppliedMigration", "DataKey", "District", "Domain", "RecordedMigration"]
