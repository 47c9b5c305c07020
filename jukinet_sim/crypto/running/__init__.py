"""Exchanges carried out with real keys. Every refusal is an `AuthenticationFailed`; nothing secret is written or told."""
