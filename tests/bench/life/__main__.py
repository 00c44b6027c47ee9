"""How many people a second get into the Region that took over, what it costs, who is refused.

`python -m tests.bench.life`. In virtual time, with the default quotas of a new account; what runs
are the triggers' parts, Plan Sync and Capture Record, on the strict pool (`region.py`). Latencies
are assumed (`tests/bench/reconcile/assumptions.py`), a cold start takes the second that the
triggers leave for it.
"""

from __future__ import annotations

import sys

from local.quotas.categories import CHALLENGE_FACTOR, RATES, Category
from tests.bench.life.region import CHALLENGES, FENCE, Outcome
from tests.bench.life.scenarios import (
    CODE,
    CODES_A_SECOND,
    RECOVERIES_A_SECOND,
    RECOVERY,
    Rush,
    needed,
    play,
    turning,
)
from tests.unit.world import BACKUP, PRIMARY

_BOTH = Rush(codes=CODES_A_SECOND - RECOVERIES_A_SECOND, recoveries=RECOVERIES_A_SECOND)


def report() -> str:
    """One scenario a line."""
    codes, recoveries = Rush(codes=CODES_A_SECOND), Rush(recoveries=RECOVERIES_A_SECOND)
    cold = Rush(codes=CODES_A_SECOND, warm=False)
    more = Rush(codes=1.25 * CODES_A_SECOND), Rush(recoveries=2 * RECOVERIES_A_SECOND)
    lines = [
        line("120 sign-ins a second by code, warm", codes, play(codes)),
        line("15 recoveries a second by password, warm", recoveries, play(recoveries)),
        line("15 recoveries and 105 codes a second, warm", _BOTH, play(_BOTH)),
        line("120 a second by code from the first second on, cold", cold, play(cold)),
        line("the same, where Lambda refuses nobody", cold, needed(cold)),
        line("a quarter more than 120 by code", more[0], play(more[0])),
        line("twice 15 recoveries", more[1], play(more[1])),
        line("120 by code, and the tables hang", codes, play(codes, hangs=True)),
    ]
    lines += [_turned(region, warm=warm) for region in (BACKUP, PRIMARY) for warm in (True, False)]
    return "\n".join(lines)


def line(title: str, rush: Rush, out: Outcome) -> str:
    """What came of a rush."""
    names = [name for name, rate in ((CODE, rush.codes), (RECOVERY, rush.recoveries)) if rate]
    half, until = rush.begins + rush.seconds / 2, rush.begins + rush.seconds
    pace = ", ".join(f"{out.pace(name, half, until):.1f} a second {name}" for name in names)
    came, rate = out.through.total(), rush.codes + rush.recoveries
    used = {name: f"{n / came * rate / _RATES[name]:.2f}" for name, n in sorted(out.asked.items())}
    each = {str(name): round(n / came, 2) for name, n in out.functions.invocations.items()}
    reads = {name: round(n / came, 3) for name, n in out.reads.items()}
    peaks = {str(name): n for name, n in out.peaks.items()}
    longest = max(out.functions.longest.values()) / 1000
    return (
        f"{title}: {pace}; came {out.began.total():,}, in {came:,}, gave up "
        f"{out.gave_up.total()}; refused calls {dict(out.refused)}; tokens without the origin sub "
        f"{out.strangers}\n  share of Cognito's quotas {used}\n  a person: invocations {each}, "
        f"reads {reads}\n  at once {out.peak} {peaks}; longest function {longest:.2f} s"
    )


def _turned(region: str, *, warm: bool) -> str:
    out, at = turning(region, warm=warm)
    where = "the Region that takes over" if region == BACKUP else "the one from before"
    let_in, kept_out = [k - at for k in out.let_in], [k - at for k in out.kept_out]
    if region == BACKUP:
        told = f"first let in {min(let_in):.2f} s after the claim"
        told += f", last refused {max(kept_out):.2f} s after it" if kept_out else ""
    else:
        told = f"first refused {min(kept_out):.2f} s after the claim"
        told += f", last let in {max(let_in):.2f} s after it" if let_in else ""
    asked = len(let_in) + len(kept_out)
    return (
        f"a failover at 120 sign-ins a second, {where}, {'warm' if warm else 'cold'}: {told}; of "
        f"{asked:,} questions {len(kept_out):,} refused by {FENCE}, {out.reads['claims']} reads of "
        f"the claims; refused for our sake {dict(out.for_our_sake)}"
    )


_RATES = {str(name): rate for name, rate in RATES.items()}
_RATES[CHALLENGES] = CHALLENGE_FACTOR * RATES[Category.USER_AUTHENTICATION]


def main() -> None:
    """Simulate and print."""
    sys.stdout.write(f"{report()}\n")


if __name__ == "__main__":
    main()
