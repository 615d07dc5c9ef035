from hypothesis import settings

# No deadline: a busy machine is not a failure. Derandomized: a red run can be repeated.
settings.register_profile("course", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("course")
