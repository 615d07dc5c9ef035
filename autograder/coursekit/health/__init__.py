"""Whether a course and its machine are as they should be, and what to do where they are not."""
