from consultations.forms.repondre import CanalForm, EnvoyerForm, RetrouverForm

__all__ = ["CanalForm", "EnvoyerForm", "RetrouverForm"]
