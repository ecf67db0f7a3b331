"""Asks pip-audit for known weaknesses and says how many packages it really looked at.

pip-audit ends well, with "No known vulnerabilities found", also when the advisory
service knew none of the packages; so its exit code alone proves nothing.
"""

import json
import subprocess
import sys


def main() -> int:
    """Print what was found; return 1 for a known weakness, else 0."""
    asked = subprocess.run(
        ["pip-audit", "--local", "--progress-spinner", "off", "--format", "json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        reason = asked.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"NOT AUDITED: the advisory service could not be asked ({reason[0]}).")
        return 0
    skipped = [package for package in packages if "skip_reason" in package]
    if skipped:
        print(
            f"NOT AUDITED: {len(skipped)} of {len(packages)} packages; the first: "
            f"{skipped[0]['skip_reason']}"
        )
    weak = [package for package in packages if package.get("vulns")]
    for package in weak:
        ids = ", ".join(weakness["id"] for weakness in package["vulns"])
        print(f"{package['name']} {package['version']}: {ids}")
    audited = len(packages) - len(skipped)
    print(f"{audited} packages audited, {len(weak)} with a known weakness.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
