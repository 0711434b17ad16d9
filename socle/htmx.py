"""What an htmx request wants."""


def veut_un_fragment(request) -> bool:
    """Going back in the history asks through htmx too, but wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request
