"""Results for readers, in French and English; knows results, not how they were made."""
