"""Field names that no source may deliver: what a plugin asks before it maps a column."""

from clementine_crm.domain.forbidden import FAMILIES, is_forbidden

__all__ = ["FAMILIES", "is_forbidden"]
