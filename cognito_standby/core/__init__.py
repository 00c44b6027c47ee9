"""What all features share: subjects, pools, records, ledger, errors, ports, adapters."""
