"""What stands where a solution was taken out."""


def code_stubs(**changed: str) -> dict[str, str]:
    """nbgrader's stubs for all languages, some of them changed: a dict would take their place."""
    from nbgrader.preprocessors import ClearSolutions

    return {**ClearSolutions().code_stub, **changed}
