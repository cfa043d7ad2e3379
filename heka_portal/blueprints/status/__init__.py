"""What load balancers ask."""
