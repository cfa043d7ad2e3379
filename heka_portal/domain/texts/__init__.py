"""The landlord's own texts: privacy notice and terms of use."""
