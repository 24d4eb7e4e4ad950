"""How much still arrives on a day, and who goes short."""
