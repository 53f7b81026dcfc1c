"""People, places and rights of one district."""

from accounts.models.grant import Grant
from accounts.models.invitation import Invitation
from accounts.models.place import Building, Room, School
from accounts.models.user import User

__all__ = ["Building", "Grant", "Invitation", "Room", "School", "User"]
