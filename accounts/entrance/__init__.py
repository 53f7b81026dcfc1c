"""Getting in: the sign-in help page and the invitation."""
