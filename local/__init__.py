"""The laptop AWS: an embedded emulator with its gaps filled, and a deployer of cloud assemblies.

Sees only a synthesized assembly directory and AWS protocols: nothing here imports the stacks, the
machines or the library. Loopback only; the data dies with the process.
"""
