"""Money in templates."""

from django import template

from votes.montants import en_euros

register = template.Library()


@register.filter
def euros(centimes) -> str:
    """« 12 000 € » of 1200000 cents; nothing when nothing is known."""
    return f"{en_euros(centimes)}\u00a0€" if centimes is not None else ""
