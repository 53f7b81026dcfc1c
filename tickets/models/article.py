"""An article of the knowledge base, which answers a question before it becomes a ticket."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from accounts.models import User


class ArticleQuerySet(models.QuerySet["Article"]):
    """Filters over articles."""

    def visible_to(self, user: User) -> "ArticleQuerySet":
        """Published articles of the person's audience; drafts and technicians' articles for the desk."""
        if user.is_staff_of_desk:
            return self
        return self.filter(is_published=True, audience__in=[Article.Audience.EVERYONE, Article.Audience.STAFF])


class Article(models.Model):
    """Markdown text for an audience; rendered through helpdesk.text, never raw."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", "Everyone"
        STAFF = "staff", "Staff"
        TECHNICIANS = "technicians", "Technicians"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=240, blank=True)
    body = models.TextField()
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.STAFF)
    is_published = models.BooleanField(default=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="articles")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Kept by the database, so that a search never reads the texts; the title weighs most.
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english")
        + SearchVector("body", weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [GinIndex(fields=["words"], name="article_words")]

    def __str__(self) -> str:
        return self.title
