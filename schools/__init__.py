"""The districts, their schools, and which Clever school is which."""
