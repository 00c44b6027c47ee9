"""What the product does, on ports: each service is a handful of functions over a context."""
