def language_of(text): return ""
def propose_fields(text, page_starts, language): return ()
