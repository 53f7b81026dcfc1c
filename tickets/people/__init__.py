"""The people of the district: who is here, what they may do, and getting them in."""
