from consultations.forms.integrer import CadreForm
from consultations.forms.repondre import CanalForm, EnvoyerForm, RetrouverForm

__all__ = ["CadreForm", "CanalForm", "EnvoyerForm", "RetrouverForm"]
