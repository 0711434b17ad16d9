"""The one signal of the house: sent after commit, with `entree`. Receivers may be slow or fail; the entry stands."""

from django.dispatch import Signal

entree_consignee = Signal()
