from hypothesis import HealthCheck, settings

# A busy machine is no failure: no deadline, no check of speed.
# Derandomized: a red run can be repeated.
settings.register_profile(
    "course", deadline=None, max_examples=40, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("course")
