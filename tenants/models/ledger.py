"""What Django did to the blueprint, and which districts have it too."""

from django.db import models

from tenants.models.district import District


class RecordedMigration(models.Model):
    """One migration as the blueprint took it: its SQL word for word, or the note that it moves data.

    Read in order of id these rows are the text from which a new district is made.
    """

    app = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    sql = models.TextField()
    moves_data = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="a_migration_is_recorded_once")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


class AppliedMigration(models.Model):
    """The ledger: this district has this migration. Written in the transaction that changes the schema."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="applied_migrations")
    migration = models.ForeignKey(RecordedMigration, on_delete=models.PROTECT, related_name="applied")
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["district", "migration"]
        constraints = [models.UniqueConstraint(fields=["district", "migration"], name="a_migration_is_applied_once")]

    def __str__(self) -> str:
        return f"{self.migration_id} in district {self.district_id}"
