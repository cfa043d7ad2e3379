"""Strong identification: a relying party of the Finnish Trust Network (OpenID Connect, Traficom S213/2023)."""
