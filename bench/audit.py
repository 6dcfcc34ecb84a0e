"""Ask for known weaknesses of the packages that requirements.txt pins: 0 none, 1 some, and 0 with a warning where nobody can be asked.

    python bench/audit.py

``pip-audit`` does the work. Where it cannot be installed or finds no advisories to read, as on a machine without
the internet, that is said in so many words: nothing has been checked then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("pypi", "osv")


def main() -> int:
    """Try one service after the other."""
    installed = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pip-audit"], capture_output=True, text=True, check=False)  # fmt: skip
    reasons = [] if installed.returncode == 0 else [installed.stderr.strip().split("\n")[-1]]
    for service in SERVICES if not reasons else ():
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.txt"), "--require-hashes", "--disable-pip"]
        command += ["--vulnerability-service", service, "--progress-spinner", "off", "--timeout", "20", "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        try:
            packages = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            reasons.append(f"{service}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no answer'}")
            continue
        # Without this an index that knows no advisories at all would be "no known vulnerabilities".
        skipped = [each for each in packages if "skip_reason" in each]
        weak = [each for each in packages if each.get("vulns")]
        for each in weak:
            print(f"{each['name']} {each['version']}: {', '.join(one['id'] for one in each['vulns'])}")
        if weak:
            return 1
        if not skipped:
            print(f"audit: {len(packages)} packages, none with a known weakness ({service})")
            return 0
        reasons.append(
            f"{service}: {len(skipped)} of {len(packages)} packages are not known there, such as {skipped[0]['name']}: {skipped[0]['skip_reason']}"
        )
    print("audit: NOTHING WAS CHECKED, since no list of advisories could be read:", *reasons, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
