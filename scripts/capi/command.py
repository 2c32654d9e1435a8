"""Running other programs, and saying what went wrong."""

import subprocess


class Failure(Exception):
    """What went wrong, in one sentence for the user."""


def run(*command, cwd=None, remedy=""):
    """Runs a command and returns what it wrote; what it complained of goes into the failure."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    except OSError:
        raise Failure(f"The command {command[0]} is not on the PATH: {remedy}.")
    if done.returncode != 0:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = [line for line in said if "error" in line][:1]
        if not reason or "Caused by:" in said:  # as cargo has it: the cause stands last
            reason += said[-1:]
        reason = ": ".join(reason).rstrip(".") or "it gave no reason"
        raise Failure(f"{' '.join(command[:2])} failed: {reason}.")
    return done.stdout
