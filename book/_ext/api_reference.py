"""Keep the API reference to what somebody wrote: fields of named tuples document themselves."""


def skip_field_aliases(app, what, name, obj, skip, options):
    text = getattr(obj, "__doc__", None) or ""
    return True if text.startswith("Alias for field number") else None


def setup(app):
    app.connect("autodoc-skip-member", skip_field_aliases)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
