"""The parts of a trigger, in their order, on ports."""
