"""What is told of a building: texts, rescue plans, documents."""
