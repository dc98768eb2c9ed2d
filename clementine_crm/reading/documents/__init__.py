"""CVs and other documents to text, and their pages to pictures. Runs in the reader process."""

from clementine_crm.reading.documents.picture import draw_page
from clementine_crm.reading.documents.read import read_document
from clementine_crm.reading.page import PagePicture

__all__ = ["PagePicture", "draw_page", "read_document"]
